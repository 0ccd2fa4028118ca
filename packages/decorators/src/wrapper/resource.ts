import { describeValue, isThenable } from '@x/interfaces';
import type { Resource } from './function-types.ts';
import { isDeclaredAsync } from './wrapper.ts';

/** What is usually given, by the method that is needed of it. */
const usual: Readonly<Record<string, string>> = {
  getOrSet: 'a CacheManager',
  availablePermits: 'a TokenBucket',
  run: 'a Semaphore or a Breaker',
  timer: 'a Registry',
  tryWithdraw: 'a TokenRetryBudget',
};

/** Finds the resource for the `this` of a call. */
export type ResourceFinder<R extends object> = (self: unknown) => R;

/**
 * Answers the resource, or finds it lazily: at the first call of each instance, and once for all calls
 * without an instance. What was found is kept, so that a function which makes a resource makes one
 * for each instance.
 *
 * @throws TypeError when a resource that is not lazy has no method `method`; the finder throws it for
 * a lazy one
 */
export function createResourceFinder<R extends object>(
  policy: string,
  resource: Resource<R>,
  method: keyof R & string,
): ResourceFinder<R> {
  const refusal = (came: string): TypeError =>
    new TypeError(
      `${policy} needs an object with ${method}(), such as ${usual[method]}, or a function that answers one; got ${came}`,
    );
  const check = (found: unknown): R => {
    if (hasMethod(found, method)) return found as R;
    throw refusal(describeValue(found) + (isThenable(found) ? ': await it' : ''));
  };
  if (typeof resource !== 'function') {
    const given = check(resource);
    return () => given;
  }
  if (isDeclaredAsync(resource)) {
    throw refusal(`an asynchronous function: write ${policy}(…)(fn)`);
  }
  const ofInstances = new WeakMap<object, R>();
  let ofNone: R | undefined;
  return (self) => {
    if ((typeof self === 'object' && self !== null) || typeof self === 'function') {
      let found = ofInstances.get(self);
      if (found === undefined) ofInstances.set(self, (found = check(resource(self))));
      return found;
    }
    return (ofNone ??= check(resource(self)));
  };
}

function hasMethod(value: unknown, method: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return typeof (value as Record<string, unknown>)[method] === 'function';
}
