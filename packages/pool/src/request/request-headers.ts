import { describeContent, describeInput } from './describe-input.ts';
import { token } from './token.ts';

/** Headers of a request: by name, or as pairs. */
export type HeadersInput =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | Iterable<readonly [string, string]>;

/** Headers by lower-case name; `undefined` says that one is not wanted. */
export type HeaderRecord = Record<string, string | string[] | undefined>;

const notInValues = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * One record of all `inputs`; a later one replaces what an earlier one said of the same name.
 *
 * @throws TypeError for what are no headers, or none that can be sent
 */
export function mergeHeaders(...inputs: readonly (HeadersInput | undefined)[]): HeaderRecord {
  const merged: HeaderRecord = Object.create(null);
  for (const input of inputs) if (input !== undefined) addHeaders(merged, input);
  return merged;
}

/**
 * Puts `given` into `headers`, of which what has the same name is replaced.
 *
 * @throws TypeError for what are no headers, or none that can be sent
 */
export function addHeaders(headers: HeaderRecord, given: HeadersInput): void {
  for (const [name, value] of entriesOf(given)) {
    checkHeader(name, value);
    headers[name.toLowerCase()] = typeof value === 'object' ? [...value] : value;
  }
}

/** @throws TypeError when they are no headers, seen without reading them */
export function checkHeaders(headers: HeadersInput): void {
  if (typeof headers !== 'object' || headers === null) throw noHeaders(headers);
}

type HeaderEntry = readonly [name: string, value: string | readonly string[] | undefined];

function entriesOf(input: HeadersInput): Iterable<HeaderEntry> {
  checkHeaders(input);
  return isIterable(input) ? pairsOf(input) : Object.entries(input);
}

function* pairsOf(pairs: Iterable<HeaderEntry>): Iterable<HeaderEntry> {
  for (const pair of pairs) {
    // A string would be taken for its first two letters.
    if (!Array.isArray(pair) || pair.length !== 2) throw noHeaders(pairs);
    yield pair;
  }
}

function isIterable(input: object): input is Iterable<readonly [string, string]> {
  return Symbol.iterator in input;
}

function noHeaders(came: unknown): TypeError {
  const expected = "an object such as { accept: 'text/plain' }, or pairs of a name and a value";
  return new TypeError(`headers must be ${expected}, got ${describeContent(came)}`);
}

function checkHeader(name: string, value: HeaderEntry[1]): void {
  if (typeof name !== 'string' || !token.test(name)) {
    // A whole line, as of `curl -H`, holds the value.
    const came = describeInput(typeof name === 'string' ? name.replace(/:.*/s, ':…') : name);
    throw new TypeError(`headers must have names such as "accept", got ${came}`);
  }
  if (value === undefined) return;
  if (!Array.isArray(value)) checkValue(name, value);
  else for (const one of value) checkValue(name, one);
}

/** What may be a secret is in no message. */
function checkValue(name: string, value: unknown): void {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    const came = describeInput(value);
    throw new TypeError(`headers: ${name} must be a string or an array of strings, got ${came}`);
  }
  if (notInValues.test(String(value))) {
    throw new TypeError(`headers: ${name} must have no line breaks and no letters beyond Latin-1`);
  }
}
