export type { AsyncDecoration } from './async-decoration.ts';
export type { CacheScope } from './cache-key.ts';
export { cached, type CachedOptions } from './cached.ts';
export type { CachedDecoration, KeyFits, SyncCachedDecoration } from './cached-decoration.ts';
export { concurrencyLimited, type ConcurrencyLimitedOptions } from './concurrency-limited.ts';
export type {
  AnyArguments,
  AnyFunction,
  AsyncFunction,
  Promised,
  Resource,
} from './function-types.ts';
export { type AnyDecoration, monitored, type MonitoredOptions } from './monitored.ts';
export { rateLimited, type RateLimitedOptions } from './rate-limited.ts';
