import { describeValue } from '@x/interfaces';
import type { AnyFunction } from './function-types.ts';
import { type AppliedPolicy, appliedPolicy } from './policy.ts';
import { innermost, wrappedBy } from './wrapper.ts';

/** What {@link inspect} tells about a function. */
export interface Inspection {
  /** What is applied, outermost first; empty for a plain function. */
  readonly policies: readonly AppliedPolicy[];
  /** The function beneath, to be called without any of it. */
  readonly original: AnyFunction;
}

/**
 * Tells what is applied to a function or method: `inspect(repository.load).policies`. It sees through
 * wrappers of this package; those of others end the list.
 *
 * @throws TypeError when `fn` is no function
 */
export function inspect(fn: AnyFunction): Inspection {
  if (typeof fn !== 'function') {
    throw new TypeError(`inspect takes a function, got ${describeValue(fn)}`);
  }
  const policies: AppliedPolicy[] = [];
  for (let inner = wrappedBy(fn); inner !== undefined; inner = wrappedBy(inner.fn)) {
    policies.push(appliedPolicy(inner.policy));
  }
  return { policies, original: innermost(fn) };
}
