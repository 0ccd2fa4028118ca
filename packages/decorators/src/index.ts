export type { AnyDecoration } from './decoration/any-decoration.ts';
export type { AsyncDecoration, LimitedResult } from './decoration/async-decoration.ts';
export type { CacheScope } from './keys/cache-key.ts';
export { cached } from './cached.ts';
export type { CachedOptions, SyncCachedOptions } from './cached-options.ts';
export type {
  CachedDecoration,
  KeyFits,
  SyncCachedDecoration,
} from './decoration/cached-decoration.ts';
export { CallTimeoutError } from './call-timeout-error.ts';
export { circuitBroken } from './circuit-broken.ts';
export { concurrencyLimited, type ConcurrencyLimitedOptions } from './concurrency-limited.ts';
export type { Decoration } from './decoration/decoration.ts';
export type {
  AnyArguments,
  AnyFunction,
  AsyncFunction,
  Decorated,
  FunctionOf,
  Promised,
  Resource,
} from './wrapper/function-types.ts';
export { inspect, type Inspection } from './wrapper/inspect.ts';
export { monitored, type MonitoredOptions } from './monitored.ts';
export { policies } from './policies.ts';
export type { AppliedPolicy, PolicyKind } from './wrapper/policy.ts';
export { rateLimited, type RateLimitedOptions } from './rate-limited.ts';
export { retried, type RetriedOptions } from './retried.ts';
export type { RetryPolicyOptions } from './call/retry-policy.ts';
export { timeLimited, type TimeLimitedOptions } from './time-limited.ts';
