import { describeValue } from '@x/interfaces';
import type { Resource } from './function-types.ts';

/**
 * The resource itself, or what the lazy form answers for `self`.
 *
 * @throws TypeError when that has no method `method`, with what was expected
 */
export function resolveResource<R extends object>(
  decorator: string,
  resource: Resource<R>,
  method: keyof R & string,
  self: unknown,
): R {
  const found: unknown = typeof resource === 'function' ? resource(self) : resource;
  if (hasMethod(found, method)) return found as R;
  throw new TypeError(
    `${decorator} needs an object with ${method}(), or a function that answers one; got ${describeValue(found)}`,
  );
}

/** Checks a resource that is not lazy when it comes in, so that a mistake shows where it was made. */
export function checkResource<R extends object>(
  decorator: string,
  resource: Resource<R>,
  method: keyof R & string,
): void {
  if (typeof resource !== 'function') resolveResource(decorator, resource, method, undefined);
}

function hasMethod(value: unknown, method: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return typeof (value as Record<string, unknown>)[method] === 'function';
}
