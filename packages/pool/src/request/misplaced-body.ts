import type { NameList } from '@x/interfaces';
import type { RequestOptions } from './request-options.ts';

/**
 * The error for a body in the place of options, where other libraries take it: something to iterate
 * over, or a plain object without the name of any option. `undefined` for options, also when they
 * have names that are not `known` beside others, and for objects that may have theirs from a class.
 */
export function misplacedBody(
  options: object,
  known: NameList<RequestOptions>,
): TypeError | undefined {
  if (hasOption(options, known)) return undefined;
  if (Symbol.iterator in options) return bodyError('options must be an object such as { headers }');
  if (!isPlain(options)) return undefined;
  const given = Object.entries(options).find(([, value]) => value !== undefined);
  return given && bodyError(`${given[0]} is not an option of a request`);
}

/** Whether there is any `known` name, by which an object is taken for options whatever else it has. */
export function hasOption(options: object, known: NameList<RequestOptions>): boolean {
  for (const name in options) if (Object.hasOwn(known, name)) return true;
  return false;
}

/** Also where the object was made in another realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function bodyError(reason: string): TypeError {
  return new TypeError(`${reason}; a body goes in { json }, { form } or { body }`);
}
