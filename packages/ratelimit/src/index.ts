export {
  AdaptiveSemaphore,
  type AdaptiveSemaphoreOptions,
} from './concurrency/adaptive-semaphore.ts';
export type { AdaptiveLimitOptions } from './concurrency/aimd.ts';
export { KeyedSemaphore, type KeyedSemaphoreStats } from './concurrency/keyed-semaphore.ts';
export type { MapOptions } from './concurrency/map-concurrently.ts';
export { Semaphore } from './concurrency/semaphore.ts';
export type {
  SemaphoreAcquireOptions,
  SemaphoreOptions,
  SemaphoreStats,
} from './concurrency/semaphore-options.ts';
export { CircuitOpenError } from './errors/circuit-open-error.ts';
export { ConcurrencyTimeoutError } from './errors/concurrency-timeout-error.ts';
export { RateLimitQueueFullError } from './errors/rate-limit-queue-full-error.ts';
export { RateLimitTimeoutError } from './errors/rate-limit-timeout-error.ts';
export { ConcurrencyQueueFullError } from './errors/concurrency-queue-full-error.ts';
export { type AnnouncedLimiter, obeyRateLimit, rateLimitFields } from './headers/limiter-fields.ts';
export {
  formatRateLimit,
  formatRateLimitPolicy,
  formatRetryAfter,
  parseRateLimit,
  parseRateLimitPolicy,
  type RateLimitPolicy,
  type RateLimitStatus,
} from './headers/rate-limit-fields.ts';
export type { PriorityAcquireOptions } from './queue/acquire-options.ts';
export type { QueueOptions, WhenFull } from './queue/overflow.ts';
export type { QueueOrder } from './queue/wait-queue.ts';
export { AdaptiveRate, type AdaptiveRateOptions } from './rate/adaptive-rate.ts';
export type { TokenBucketState } from './rate/bucket-state.ts';
export { CombinedLimiter, type CombinedLimiterOptions } from './rate/combined-limiter.ts';
export type { RateLimiterStats } from './rate/gated-limiter.ts';
export {
  KeyedRateLimiter,
  type KeyedRateLimiterOptions,
  type KeyedRateLimiterStats,
  type KeyState,
} from './rate/keyed-rate-limiter.ts';
export type { RateLimit, RateLimiterOptions } from './rate/limiter-options.ts';
export { perDay, perHour, perMinute } from './rate/rates.ts';
export type { Reservation } from './rate/reservation.ts';
export { TokenBucket, type TokenBucketOptions } from './rate/token-bucket.ts';
export { Breaker } from './resilience/breaker.ts';
export type { BreakerOptions, BreakerWindow } from './resilience/breaker-options.ts';
export { TokenRetryBudget, type TokenRetryBudgetOptions } from './resilience/token-retry-budget.ts';
export type { CallStats, WaitStats } from './tally.ts';
