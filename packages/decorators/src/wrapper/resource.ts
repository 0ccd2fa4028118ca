import { describeValue, isThenable } from '@x/interfaces';
import type { Resource } from './function-types.ts';
import { isClass } from './is-class.ts';
import type { PolicyKind } from './policy.ts';
import { isDeclaredAsync } from './wrapper.ts';

/** What is usually given. */
const usual: Readonly<Record<Taking, string>> = {
  cached: 'a CacheManager',
  rateLimited: 'a TokenBucket',
  concurrencyLimited: 'a Semaphore',
  circuitBroken: 'a Breaker',
  monitored: 'a Registry',
  retried: 'a TokenRetryBudget',
};

/** What takes a resource. */
type Taking = Exclude<PolicyKind, 'timeLimited'>;

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
  policy: Taking,
  resource: Resource<R>,
  method: keyof R & string,
): ResourceFinder<R> {
  const refusal = (came: string): TypeError =>
    new TypeError(
      `${policy} needs an object with ${method}(), such as ${usual[policy]}, or a function that answers one; got ${came}`,
    );
  const check = (found: unknown): R => {
    if (hasMethod(found, method)) return found as R;
    throw refusal(describe(found));
  };
  if (typeof resource !== 'function') {
    const given = check(resource);
    return () => given;
  }
  if (isClass(resource)) throw refusal(`the class ${resource.name}: give an object of it`);
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

/** What came instead, by the name of its class where it has one. */
function describe(found: unknown): string {
  const kind = describeValue(found);
  if (isThenable(found)) return `${kind}: await it`;
  if (kind !== 'an object') return kind;
  const { constructor } = found as object;
  const isPlain = typeof constructor !== 'function' || constructor === Object;
  return isPlain ? 'an object without it' : `an object of the class ${constructor.name}`;
}

function hasMethod(value: unknown, method: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return typeof (value as Record<string, unknown>)[method] === 'function';
}
