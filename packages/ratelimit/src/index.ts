export { ConcurrencyTimeoutError } from './concurrency-timeout-error.ts';
export { LimitTimeoutError } from './limit-timeout-error.ts';
export { QueueFullError } from './queue-full-error.ts';
export { Semaphore, type SemaphoreOptions, type SemaphoreStats } from './semaphore.ts';
export type { WaitStats } from './tally.ts';
export { type RateLimiterStats, TokenBucket } from './token-bucket.ts';
export type { TokenBucketOptions } from './token-bucket-options.ts';
