import { type Clock, describeValue, type RateLimiter, systemClock } from '@x/interfaces';
import type { TokenBucket } from '../rate/token-bucket.ts';
import {
  formatRateLimit,
  formatRateLimitPolicy,
  formatRetryAfter,
  parseRateLimit,
} from './rate-limit-fields.ts';

/** What {@link rateLimitFields} reads of a limiter. */
export type AnnouncedLimiter = Pick<
  TokenBucket,
  'name' | 'permitsPerSecond' | 'burst' | 'availablePermits' | 'estimateWaitMs'
>;

/**
 * The fields by which a server tells its clients how `limiter` stands: `RateLimit-Policy`, `RateLimit`,
 * and `Retry-After` when there is no permit. They are named after the limiter. A bucket has no window;
 * what is announced is its rate, over the time that it takes to fill.
 *
 * @throws TypeError when it has no rate, as several limits together have none
 */
export function rateLimitFields(limiter: AnnouncedLimiter): Record<string, string> {
  if (typeof limiter?.permitsPerSecond !== 'number') {
    throw new TypeError(`limiter must be a TokenBucket, got ${describeValue(limiter)}`);
  }
  const { name, permitsPerSecond, burst } = limiter;
  const windowMs = Math.max(1, Math.ceil(burst / permitsPerSecond)) * 1_000;
  const quota = Math.round((permitsPerSecond * windowMs) / 1_000);
  const available = limiter.availablePermits();
  const remaining = Math.floor(available + 1e-9);
  const untilFullMs = ((burst - available) * 1_000) / permitsPerSecond;
  const resetMs = remaining === 0 ? limiter.estimateWaitMs() : untilFullMs;
  return {
    'RateLimit-Policy': formatRateLimitPolicy([{ name, quota, windowMs }]),
    RateLimit: formatRateLimit([{ name, remaining, resetMs }]),
    ...(remaining === 0 ? { 'Retry-After': formatRetryAfter(resetMs) } : {}),
  };
}

/**
 * Does as a server asks by its `RateLimit` field: where nothing of a quota remains, `limiter` pauses
 * until there is more.
 *
 * @param headers - of the answer, as `Headers` of fetch are
 * @returns whether it asked for a pause
 * @throws TypeError when `limiter` cannot pause, or `headers` have no `get`
 */
export function obeyRateLimit(
  limiter: Pick<RateLimiter, 'pauseUntil'>,
  headers: { get(name: string): string | null | undefined },
  clock: Pick<Clock, 'now'> = systemClock,
): boolean {
  if (typeof limiter?.pauseUntil !== 'function') {
    throw new TypeError(`limiter must be a rate limiter, got ${describeValue(limiter)}`);
  }
  if (typeof headers?.get !== 'function') {
    const came = describeValue(headers);
    throw new TypeError(`headers must be Headers or another object with get(), got ${came}`);
  }
  const waits = parseRateLimit(headers.get('RateLimit'))
    .filter(({ remaining }) => remaining === 0)
    .map(({ resetMs }) => resetMs ?? 0);
  const waitMs = Math.max(0, ...waits);
  if (waitMs === 0) return false;
  limiter.pauseUntil(clock.now() + waitMs);
  return true;
}
