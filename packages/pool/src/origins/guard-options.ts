import type { CircuitBreaker, ConcurrencyLimiter, RateLimiter, RetryBudget } from '@x/interfaces';
import { describeInput } from '../request/describe-input.ts';

/*
 * What is asked before an attempt. A limiter of the other kind has `acquire` as well, and would be asked for
 * permits that nobody gives back; so each is told by a method that nothing else has.
 */

export function rateLimiterOption(
  name: string,
  value: RateLimiter | undefined,
): RateLimiter | undefined {
  return guardOption(name, value, 'pauseUntil', 'TokenBucket');
}

export function concurrencyLimiterOption(
  name: string,
  value: ConcurrencyLimiter | undefined,
): ConcurrencyLimiter | undefined {
  return guardOption(name, value, 'run', 'Semaphore');
}

export function breakerOption(
  name: string,
  value: CircuitBreaker | undefined,
): CircuitBreaker | undefined {
  return guardOption(name, value, 'tryPass', 'Breaker');
}

export function retryBudgetOption(
  name: string,
  value: RetryBudget | undefined,
): RetryBudget | undefined {
  return guardOption(name, value, 'tryWithdraw', 'TokenRetryBudget');
}

function guardOption<T extends object>(
  name: string,
  value: T | undefined,
  method: keyof T & string,
  example: string,
): T | undefined {
  if (value === undefined || typeof value?.[method] === 'function') return value;
  throw new TypeError(`${name} must be such as a ${example}, got ${describeInput(value)}`);
}
