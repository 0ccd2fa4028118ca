/** Headers of a request: by name, or as pairs. */
export type HeadersInput =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | Iterable<readonly [string, string]>;

/** Headers by lower-case name; `undefined` says that one is not wanted. */
export type HeaderRecord = Record<string, string | string[] | undefined>;

function isIterable(input: object): input is Iterable<readonly [string, string]> {
  return Symbol.iterator in input;
}

/** One record of all `inputs`; a later one replaces what an earlier one said of the same name. */
export function mergeHeaders(...inputs: readonly (HeadersInput | undefined)[]): HeaderRecord {
  const merged: HeaderRecord = Object.create(null);
  for (const input of inputs) {
    if (input === undefined) continue;
    for (const [name, value] of isIterable(input) ? input : Object.entries(input)) {
      merged[name.toLowerCase()] = typeof value === 'object' ? [...value] : value;
    }
  }
  return merged;
}
