import { describeValue } from './option-checks.ts';
import { mayBeAnotherWord, misspelt } from './spelling.ts';

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
 * which would be overlooked. Names of at least 6 letters may differ in one letter, and those of at least
 * 12 in two; words of 4 or 5 may have a letter twice, or two neighbours in each other's place, since another
 * letter makes another word, as of `stats` and `state`. Upper and lower case never count. Every other
 * unknown name is let through: one object may serve several components. What holds no options is refused:
 * an array, a promise or an AbortSignal.
 *
 * @throws TypeError naming what came and what it is here, such as
 * `ttl is not an option; it is ttlMs` or `maxEntires is not an option; did you mean maxEntries?`
 */
export function checkOptionNames<Options extends object>(
  options: Options,
  names: OptionNames<NoInfer<Options>>,
): void {
  const { known, misnamed = {} } = names;
  let hasKnown = false;
  for (const name in options) {
    // Calls come by here, and to ask for an own property takes longer.
    if (known[name as keyof Options & string] === true) {
      hasKnown = true;
      continue;
    }
    if (options[name] === undefined) continue;
    if (Object.hasOwn(misnamed, name)) throw misnamedError(name, misnamed);
    const meant = misspelt(name, Object.keys(known));
    if (meant === undefined || mayBeAnotherWord(name, meant)) continue;
    throw new TypeError(`${name} is not an option; did you mean ${meant}?`);
  }
  if (!hasKnown) refuseOtherObjects(options, known);
}

/**
 * Refuses options under the names of other libraries, and nothing else: for calls that take no longer than
 * {@link checkOptionNames} does, which is about 20 ns.
 *
 * @throws TypeError as {@link checkOptionNames} does
 */
export function refuseMisnamed(options: object, misnamed: MisnamedOptions): void {
  const given = options as Readonly<Record<string, unknown>>;
  for (const name in misnamed) {
    if (given[name] !== undefined) throw misnamedError(name, misnamed);
  }
}

function refuseOtherObjects(options: object, known: Readonly<Record<string, true>>): void {
  const kind = describeValue(options);
  if (kind === 'an object') return;
  const example = 'signal' in known ? 'signal' : Object.keys(known)[0];
  throw new TypeError(`options must be an object such as { ${example} }, got ${kind}`);
}

function misnamedError(name: string, misnamed: MisnamedOptions): TypeError {
  return new TypeError(`${name} is not an option; it is ${misnamed[name]}`);
}
