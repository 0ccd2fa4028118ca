import { classNameOf } from './class-name.ts';
import { nearestNames } from './nearest-names.ts';
import { describeValue } from './option-checks.ts';

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
  /** What else may have been meant, said after the list of all options. @defaultValue nothing */
  readonly note?: string | undefined;
}

/** What every component may be given, so that one object may hold it for all. */
const shared = new Set(['clock', 'logger', 'meter']);

/**
 * Refuses options of a name that there is not, which would be overlooked: misspelt ones, and those of other
 * libraries. `clock`, `logger` and `meter` pass everywhere, and so does what is `undefined`. What holds no
 * options is refused: an array, a promise or an AbortSignal.
 *
 * @throws TypeError naming what came and what it is here, such as
 * `ttl is not an option; it is ttlMs` or `maxEntires is not an option; did you mean maxEntries?`
 */
export function checkOptionNames<Options extends object>(
  options: Options,
  names: OptionNames<NoInfer<Options>>,
): void {
  let hasKnown = false;
  for (const name in options) {
    // Calls come by here, and to ask for an own property takes longer.
    if (names.known[name as keyof Options & string] === true) hasKnown = true;
    else if (options[name] !== undefined && !shared.has(name) && !isEverywhere(options, name)) {
      throw refusal(options, name, names);
    }
  }
  if (!hasKnown) refuseOtherObjects(options, names.known);
}

/** Those of `options` that `names` has: for a part of a component, which refuses what is not its own. */
export function pickOptions<Options extends object, Name extends keyof Options & string>(
  options: Options,
  names: Readonly<Record<Name, true>>,
): Pick<Options, Name> {
  const picked: Partial<Options> = {};
  for (const name in names) picked[name] = options[name];
  return picked as Pick<Options, Name>;
}

/** Whether a name is no option but what a library has added to all objects. */
function isEverywhere(options: object, name: string): boolean {
  return name in Object.prototype && !Object.hasOwn(options, name);
}

function refusal(
  options: object,
  name: string,
  { known, misnamed = {}, note }: OptionNames<never>,
): TypeError {
  refuseOtherObjects(options, known);
  const reason = `${quoted(name)} is not an option`;
  if (Object.hasOwn(misnamed, name)) return new TypeError(`${reason}; it is ${misnamed[name]}`);
  const names = Object.keys(known);
  const near = nearestNames(name, names);
  if (near.length > 0) return new TypeError(`${reason}; did you mean ${listed(near, 'or')}?`);
  const there = names.length === 1 ? 'the only one is' : 'there are';
  const list = `${reason}; ${there} ${listed(names, 'and')}`;
  if (note !== undefined) return new TypeError(`${list}; ${note}`);
  // A component may stand in the place of its options.
  const component = classNameOf(options);
  if (component === undefined) return new TypeError(list);
  return new TypeError(
    `options must be an object such as { ${exampleOf(known)} }, got one of class ${component}; ${reason}`,
  );
}

/** A name as it is where it is one as programs have them; else as a text, cut short, on one line. */
function quoted(name: string): string {
  return /^[\w$.:@/-]{1,100}$/.test(name) ? name : describeValue(name);
}

/** A list as one says it: `a`, `a and b` or `a, b and c`. */
function listed(names: readonly string[], conjunction: 'and' | 'or'): string {
  const end = names.slice(-2).join(` ${conjunction} `);
  return [...names.slice(0, -2), end].join(', ');
}

function refuseOtherObjects(options: object, known: Readonly<Record<string, true>>): void {
  const kind = describeValue(options);
  if (kind === 'an object') return;
  throw new TypeError(`options must be an object such as { ${exampleOf(known)} }, got ${kind}`);
}

function exampleOf(known: Readonly<Record<string, true>>): string | undefined {
  return 'signal' in known ? 'signal' : Object.keys(known)[0];
}
