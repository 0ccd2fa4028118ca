import type { Clock, Logger } from '@x/interfaces';
import type { RegistryOptions } from '@x/metrics';
import type { HttpPoolOptions } from '@x/pool';
import type { SemaphoreOptions, TokenBucketOptions } from '@x/ratelimit';
import type { CreateCacheOptions } from './create-cache.ts';

/** What the optimizer itself gives to every part. */
type Wired = 'clock' | 'logger' | 'meter';

/** The cache: see {@link createCache}. */
export type CacheConfig = Omit<CreateCacheOptions, Wired>;

/** The registry of metrics. */
export type MetricsConfig = Omit<RegistryOptions, Wired | 'enabled'>;

/** The rate limiter. @defaultValue 10 permits per second; a burst of twice the rate */
export type RateLimitConfig = Partial<Omit<TokenBucketOptions, Wired>>;

/** The concurrency limiter. @defaultValue as many permits as the pool has connections, 100 */
export type ConcurrencyConfig = Partial<Omit<SemaphoreOptions, Wired>>;

/** The connection pool. */
export type PoolConfig = Omit<HttpPoolOptions, Wired | 'rateLimiter' | 'concurrencyLimiter'>;

/** The parts of a `PerformanceOptimizer`. Leave one out for its defaults, `false` switches it off. */
export interface PerformanceConfig {
  readonly cache?: CacheConfig | false | undefined;
  readonly metrics?: MetricsConfig | false | undefined;
  readonly rateLimit?: RateLimitConfig | false | undefined;
  readonly concurrency?: ConcurrencyConfig | false | undefined;
  readonly pool?: PoolConfig | false | undefined;
  /** Where all parts log. @defaultValue nowhere */
  readonly logger?: Logger | undefined;
  /** Source of time of all parts. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}
