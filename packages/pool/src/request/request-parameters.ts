import { isThenable } from '@x/interfaces';
import { describeContent, describeInput } from './describe-input.ts';

/** Values of a query or a form; `undefined` and `null` are left out, an array repeats the name. */
export type RequestParameters = Readonly<
  Record<string, Parameter | readonly (Parameter | null | undefined)[] | null | undefined>
>;
type Parameter = string | number | bigint | boolean;

/**
 * @yields name and value of each parameter
 * @param option - what they are called in messages
 * @throws TypeError for a value that is no text
 */
export function* parametersOf(
  option: 'query' | 'form',
  parameters: RequestParameters | URLSearchParams,
): Iterable<readonly [name: string, value: string]> {
  if (isSearchParams(parameters)) {
    yield* parameters;
    return;
  }
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) yield [name, textOf(option, name, one)];
    }
  }
}

/** `given` on top of `defaults`, name by name; what is `undefined` or `null` in `given` is left out. */
export function mergeQueries(
  defaults: RequestParameters | URLSearchParams,
  given: RequestParameters | URLSearchParams,
): RequestParameters {
  return { ...recordOf(defaults), ...recordOf(given) };
}

function recordOf(parameters: RequestParameters | URLSearchParams): RequestParameters {
  if (!isSearchParams(parameters)) return parameters;
  const record: Record<string, string[]> = Object.create(null);
  for (const [name, value] of parameters) (record[name] ??= []).push(value);
  return record;
}

/** Of this realm or another, such as that of a test environment. */
function isSearchParams(parameters: object | null): parameters is URLSearchParams {
  return tagOf(parameters) === 'URLSearchParams';
}

/** Values by name, whatever the names are: `{ aborted: true }` is one. */
function isRecord(parameters: object | null): boolean {
  return (
    typeof parameters === 'object' &&
    parameters !== null &&
    tagOf(parameters) === undefined &&
    !(Symbol.iterator in parameters || parameters instanceof Date || isThenable(parameters))
  );
}

/** What the platform calls the class of an object; the objects of programs have none. */
function tagOf(value: object | null): unknown {
  return value?.[Symbol.toStringTag as keyof object];
}

/**
 * @param option - what they are called in messages
 * @throws TypeError for what are no parameters: letters of a text, or nothing of a `Map`, would be sent
 */
export function checkParameters(
  option: 'query' | 'form',
  parameters: RequestParameters | URLSearchParams,
): void {
  if (isRecord(parameters) || isSearchParams(parameters)) return;
  const came = describeContent(parameters);
  const isMultipart = option === 'form' && came.endsWith('FormData');
  const hint = isMultipart ? '; pool.fetch(url, { method, body }) sends one' : '';
  throw new TypeError(
    `${option} must be an object such as { page: 2 } or a URLSearchParams, got ${came}${hint}`,
  );
}

function textOf(option: string, name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return String(value);
  }
  const came = describeInput(value);
  throw new TypeError(
    `${option}.${name} must be a string, a number, a boolean or an array of them, got ${came}`,
  );
}
