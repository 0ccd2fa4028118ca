import type { PolicyKind } from '../wrapper/policy.ts';
import { isStandardContext } from './standard-decorator.ts';

/** How each is written, at its shortest. */
const calls: Readonly<Record<PolicyKind, string>> = {
  monitored: 'monitored(registry)',
  cached: 'cached(cache)',
  circuitBroken: 'circuitBroken(breaker)',
  retried: 'retried()',
  rateLimited: 'rateLimited(limiter)',
  concurrencyLimited: 'concurrencyLimited(semaphore)',
  timeLimited: 'timeLimited({ timeoutMs })',
};

/**
 * Refuses a member of a class in the place of what a decorator is made of: `@cached` for `@cached(cache)`.
 * Compilers call either with what they decorate, and a method could be replaced by what is no method.
 *
 * @throws TypeError saying how it is written
 */
export function refuseBareUse(policy: PolicyKind, given: ArrayLike<unknown>): void {
  const { 1: key, 2: last } = given;
  if (!isStandardContext(key) && !isDescriptor(last)) return;
  throw new TypeError(`@${policy} decorates only when it is called: write @${calls[policy]}`);
}

/**
 * Refuses a function in the place of options: `retried(fn)` for `retried()(fn)`.
 *
 * @throws TypeError saying how it is written
 */
export function refuseFunction(policy: PolicyKind, given: unknown): void {
  if (typeof given !== 'function') return;
  throw new TypeError(`${policy} takes options first, got a function: write ${calls[policy]}(fn)`);
}

/**
 * Refuses a second object where one is taken: `retried({}, { maxRetries })`.
 *
 * @throws TypeError saying how it is written
 */
export function refuseSecond(policy: PolicyKind, { 1: second }: ArrayLike<unknown>): void {
  if (typeof second !== 'object' || second === null) return;
  throw new TypeError(`${policy} takes one argument, got two: write ${calls[policy]}`);
}

/** What the compilers of `experimentalDecorators` give for methods and getters. */
function isDescriptor(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'configurable' in value;
}
