import { misspelt } from './spelling.ts';

/** Each name of `Options` with `true`: a list that TypeScript lets neither lack a name nor have another. */
export type NameList<Options> = Readonly<Record<keyof Options & string, true>>;

/** Names by which other libraries or habit call an option, each with what it is here. */
export type MisnamedOptions = Readonly<Record<string, string>>;

/** What options of one kind are called, here and elsewhere. */
export interface OptionNames<Options> {
  /** The options that there are. */
  readonly known: NameList<Options>;
  /** What others call them. @defaultValue none */
  readonly misnamed?: MisnamedOptions | undefined;
}

/**
 * Refuses options under the names of other libraries, and names that are nearly those of options, all of
 * which would be overlooked. Names of at least 4 letters may differ in one letter, which is the first in
 * those of at least 6 only, and those of at least 12 in two; upper and lower case never count. Every other
 * unknown name is let through: one object may serve several components.
 *
 * @throws TypeError naming what came and what it is here, such as
 * `ttl is not an option; it is ttlMs` or `maxEntires is not an option; did you mean maxEntries?`
 */
export function checkOptionNames<Options extends object>(
  options: Options,
  names: OptionNames<NoInfer<Options>>,
): void {
  const { known, misnamed = {} } = names;
  for (const name in options) {
    if (Object.hasOwn(known, name) || options[name] === undefined) continue;
    if (Object.hasOwn(misnamed, name)) throw misnamedError(name, misnamed);
    const meant = misspelt(name, Object.keys(known));
    if (meant === undefined) continue;
    throw new TypeError(`${name} is not an option; did you mean ${meant}?`);
  }
}

/**
 * Refuses options under the names of other libraries, and nothing else: for the options of calls, which
 * {@link checkOptionNames} would slow down.
 *
 * @throws TypeError as {@link checkOptionNames} does
 */
export function refuseMisnamed(options: object, misnamed: MisnamedOptions): void {
  const given = options as Readonly<Record<string, unknown>>;
  for (const name in misnamed) {
    if (given[name] !== undefined) throw misnamedError(name, misnamed);
  }
}

function misnamedError(name: string, misnamed: MisnamedOptions): TypeError {
  return new TypeError(`${name} is not an option; it is ${misnamed[name]}`);
}
