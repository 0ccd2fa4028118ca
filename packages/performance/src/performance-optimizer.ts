import { CacheManager } from '@x/cache-core';
import {
  numberOption,
  systemClock,
  type Clock,
  type ConcurrencyLimiter,
  type RateLimiter,
} from '@x/interfaces';
import { Registry } from '@x/metrics';
import { HttpPool, type CloseOptions, type HttpClient } from '@x/pool';
import {
  Semaphore,
  TokenBucket,
  type SemaphoreOptions,
  type TokenBucketOptions,
} from '@x/ratelimit';
import { createCache } from './create-cache.ts';
import { NullStore } from './null-store.ts';
import { PartDisabledError } from './part-disabled-error.ts';
import type {
  ConcurrencyConfig,
  PerformanceConfig,
  RateLimitConfig,
} from './performance-config.ts';
import { createReport, type PerformanceReport, type QueueLengths } from './performance-report.ts';
import { unlimitedRate, UnlimitedConcurrency } from './unlimited.ts';

/** What one {@link PerformanceOptimizer.optimizedRequest} may use. */
export interface OptimizedRequestOptions {
  /** Permits that each attempt takes from the rate limiter. @defaultValue 1 */
  readonly permits?: number | undefined;
  /** The longest time for one HTTP request with all its waits and retries, in ms. @defaultValue the pool's */
  readonly timeoutMs?: number | undefined;
}

const defaultPermitsPerSecond = 10;
const defaultConnections = 100;

function rateLimitOptions(config: RateLimitConfig = {}): TokenBucketOptions {
  const { permitsPerSecond = defaultPermitsPerSecond } = config;
  return { ...config, permitsPerSecond, burst: config.burst ?? Math.max(1, permitsPerSecond * 2) };
}

function concurrencyOptions(
  config: ConcurrencyConfig = {},
  pool: PerformanceConfig['pool'],
): SemaphoreOptions {
  const connections = numberOption(
    'maxTotalConnections',
    pool === false ? undefined : pool?.maxTotalConnections,
    defaultConnections,
    { min: 1, integer: true },
  );
  return { ...config, permits: config.permits ?? connections };
}

interface Parts {
  readonly registry: Registry;
  readonly cache: CacheManager;
  readonly limiter: RateLimiter;
  readonly semaphore: ConcurrencyLimiter;
  readonly pool: HttpPool | undefined;
  readonly clock: Clock;
}

/**
 * Registry, cache, rate limiter, concurrency limiter and connection pool as one object, wired: cache,
 * limiters and pool report to the registry, and the pool asks the limiters before each attempt that
 * it sends. A method that fetches through the pool therefore needs no `@rateLimited` of its own.
 */
export class PerformanceOptimizer implements AsyncDisposable {
  /** Where everything is measured. Records nothing when `metrics` is `false`. */
  readonly registry: Registry;
  /** The cache. Keeps nothing when `cache` is `false`. */
  readonly cache: CacheManager;
  /** The rate limiter. Grants everything when `rateLimit` is `false`. */
  readonly limiter: RateLimiter;
  /** The concurrency limiter. Lets everything run when `concurrency` is `false`. */
  readonly semaphore: ConcurrencyLimiter;
  readonly #pool: HttpPool | undefined;
  readonly #clock: Clock;
  #lastQueues: QueueLengths | undefined;
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts) {
    this.registry = parts.registry;
    this.cache = parts.cache;
    this.limiter = parts.limiter;
    this.semaphore = parts.semaphore;
    this.#pool = parts.pool;
    this.#clock = parts.clock;
  }

  /**
   * Makes and wires the parts. Close it when it is no longer needed.
   *
   * @throws TypeError or RangeError for a wrong option, naming it
   * @throws an error with code `ERR_CACHE_OPEN` when the cache's folder cannot be used
   */
  static async open(config: PerformanceConfig = {}): Promise<PerformanceOptimizer> {
    const { clock, logger } = config;
    const metrics = config.metrics === false ? { enabled: false } : config.metrics;
    const registry = new Registry({ ...metrics, clock, logger });
    const wired = { clock, logger, meter: registry };

    const limiter =
      config.rateLimit === false
        ? unlimitedRate
        : new TokenBucket({ ...rateLimitOptions(config.rateLimit), ...wired });
    const semaphore =
      config.concurrency === false
        ? new UnlimitedConcurrency()
        : new Semaphore({ ...concurrencyOptions(config.concurrency, config.pool), ...wired });
    const pool =
      config.pool === false
        ? undefined
        : new HttpPool({
            ...config.pool,
            ...wired,
            rateLimiter: limiter,
            concurrencyLimiter: semaphore,
          });
    const cache =
      config.cache === false
        ? new CacheManager({ store: new NullStore(), clock, logger })
        : await createCache({ ...config.cache, ...wired });

    return new PerformanceOptimizer({
      registry,
      cache,
      limiter,
      semaphore,
      pool,
      clock: clock ?? systemClock,
    });
  }

  /**
   * The connection pool.
   *
   * @throws an error with code `ERR_PART_DISABLED` when `pool` is `false`
   */
  get pool(): HttpPool {
    if (this.#pool === undefined) throw new PartDisabledError('pool');
    return this.#pool;
  }

  /**
   * Runs `request` with an HTTP client of the pool that takes `permits` per attempt and keeps within
   * `timeoutMs`. Only the pool takes permits; nothing is taken for a request that is never sent.
   *
   * @throws an error with code `ERR_PART_DISABLED` when `pool` is `false`
   * @throws RangeError when `permits` or `timeoutMs` is out of range
   * @throws whatever `request` throws
   */
  async optimizedRequest<T>(
    request: (http: HttpClient) => T | Promise<T>,
    options: OptimizedRequestOptions = {},
  ): Promise<T> {
    numberOption('permits', options.permits, 1, { min: 1, integer: true });
    numberOption('timeoutMs', options.timeoutMs, Infinity, { above: 0 });
    const { permits, timeoutMs: totalTimeoutMs } = options;
    return request(this.pool.extend({ permits, totalTimeoutMs }));
  }

  /** What the parts did so far, as data and, by `String(report)`, as text for a terminal. */
  async report(): Promise<PerformanceReport> {
    const report = createReport({
      takenAt: this.#clock.now(),
      cache: await this.cache.stats(),
      metrics: this.registry.snapshot(),
      metricsText: this.registry.report({ idle: false }),
      limiter: this.limiter instanceof TokenBucket ? this.limiter.stats() : undefined,
      semaphore: this.semaphore instanceof Semaphore ? this.semaphore.stats() : undefined,
      pool: this.#pool?.stats(),
      lastQueues: this.#lastQueues,
    });
    this.#lastQueues = report.queues;
    return report;
  }

  /**
   * Lets requests under way finish, for 5 seconds or `timeoutMs` at most, then closes connections and cache. Safe
   * to call twice.
   */
  close(options?: CloseOptions): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(options: CloseOptions | undefined): Promise<void> {
    try {
      await this.#pool?.close(options);
    } finally {
      await this.cache.close();
    }
  }
}
