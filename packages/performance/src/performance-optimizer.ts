import { CacheManager, type CacheStats } from '@x/cache-core';
import {
  checkOptionNames,
  type Clock,
  type ConcurrencyLimiter,
  describeValue,
  inspectable,
  numberOption,
  objectOption,
  type OptionNames,
  type RateLimiter,
  seconds,
  systemClock,
} from '@x/interfaces';
import { Registry } from '@x/metrics';
import { HttpPool, type CloseOptions, type HttpClient } from '@x/pool';
import { Semaphore, TokenBucket } from '@x/ratelimit';
import { createCache } from './create-cache.ts';
import { NullStore } from './null-store.ts';
import { checkRequestOptions, type OptimizedRequestOptions } from './optimized-request-options.ts';
import { PartDisabledError } from './part-disabled-error.ts';
import { checkConfig, concurrencyOptions, rateLimitOptions } from './part-options.ts';
import type { PerformanceConfig } from './performance-config.ts';
import { createReport, type PerformanceReport, type QueueLengths } from './performance-report.ts';
import { unlimitedRate, UnlimitedConcurrency } from './unlimited.ts';

const closeOptionNames: OptionNames<CloseOptions> = {
  known: { timeoutMs: true },
  misnamed: { timeout: 'timeoutMs' },
};

const noOptions: OptimizedRequestOptions = {};

interface Parts {
  readonly registry: Registry;
  readonly cache: CacheManager;
  readonly hasCache: boolean;
  readonly limiter: RateLimiter;
  readonly semaphore: ConcurrencyLimiter;
  readonly requestSemaphore: ConcurrencyLimiter;
  readonly pool: HttpPool | undefined;
  readonly clock: Clock;
}

/**
 * Registry, cache, rate limiter, concurrency limiter and connection pool as one object, wired: all
 * report to the registry, and the pool keeps within the limits for each attempt that it sends. A
 * method that fetches through the pool therefore needs no `@rateLimited` of its own: it would pay
 * twice.
 */
export class PerformanceOptimizer implements AsyncDisposable {
  /** Where everything is measured. Records nothing when `metrics` is `false`. */
  readonly registry: Registry;
  /** The cache. Keeps nothing when `cache` is `false`. */
  readonly cache: CacheManager;
  /** The rate limiter, which the pool asks, too. Grants everything when `rateLimit` is `false`. */
  readonly limiter: RateLimiter;
  /**
   * Bounds how many of your functions run at the same time. The pool bounds its requests by a
   * semaphore of its own with as many permits, so that a function may fetch while it holds a permit.
   * Lets everything run when `concurrency` is `false`.
   */
  readonly semaphore: ConcurrencyLimiter;
  readonly #parts: Parts;
  #lastQueues: QueueLengths | undefined;
  #lastCacheStats: CacheStats | undefined;
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts | undefined) {
    // JavaScript does not know that the constructor is private.
    if (!(parts?.registry instanceof Registry)) {
      throw new TypeError(
        'PerformanceOptimizer has no public constructor: use await PerformanceOptimizer.open(config)',
      );
    }
    this.registry = parts.registry;
    this.cache = parts.cache;
    this.limiter = parts.limiter;
    this.semaphore = parts.semaphore;
    this.#parts = parts;
    inspectable(this, this.#facts);
  }

  /**
   * Makes and wires the parts. Close it when it is no longer needed.
   *
   * @throws TypeError or RangeError for a wrong option, naming it
   * @throws an error with code `ERR_CACHE_OPEN` when the cache's folder cannot be used
   */
  static async open(config: PerformanceConfig = {}): Promise<PerformanceOptimizer> {
    checkConfig(config);
    const { clock, logger, concurrency } = config;
    const metrics = config.metrics === false ? { enabled: false } : config.metrics;
    const registry = new Registry({ ...metrics, clock, logger });
    const wired = { clock, logger, meter: registry };

    const limiter =
      config.rateLimit === false
        ? unlimitedRate
        : new TokenBucket({ ...rateLimitOptions(config.rateLimit), ...wired });
    const createSemaphore = (kind: string): ConcurrencyLimiter =>
      concurrency === false
        ? new UnlimitedConcurrency()
        : new Semaphore({ ...concurrencyOptions(kind, concurrency, config.pool), ...wired });
    const requestSemaphore = createSemaphore('requests');
    const pool =
      config.pool === false
        ? undefined
        : new HttpPool({
            ...config.pool,
            ...wired,
            rateLimiter: limiter,
            concurrencyLimiter: requestSemaphore,
          });
    try {
      const cache =
        config.cache === false
          ? new CacheManager({ store: new NullStore(), clock, logger })
          : await createCache({ ...config.cache, ...wired });
      return construct({
        registry,
        cache,
        hasCache: config.cache !== false,
        limiter,
        semaphore: createSemaphore('functions'),
        requestSemaphore,
        pool,
        clock: clock ?? systemClock,
      });
    } catch (error) {
      await pool?.close();
      throw error;
    }
  }

  /**
   * The connection pool.
   *
   * @throws an error with code `ERR_PART_DISABLED` when `pool` is `false`
   */
  get pool(): HttpPool {
    const { pool } = this.#parts;
    if (pool === undefined) throw new PartDisabledError('pool');
    return pool;
  }

  /**
   * Runs `request` with an HTTP client of the pool that takes `permits` per attempt, keeps within
   * `timeoutMs` and ends with `signal`. Only the pool takes permits; nothing is taken for a request that is
   * never sent. Nothing is cached here.
   *
   * @param request - must return what it asks for: one that asks the client and answers `undefined` at once
   * is refused, because nobody would wait for it. An `async` function may answer nothing.
   * @throws an error with code `ERR_PART_DISABLED` when `pool` is `false`
   * @throws TypeError when an option is none, or `request` forgot its `return`
   * @throws RangeError when `permits` or `timeoutMs` is out of range
   * @throws `signal.reason` when aborted; aborted before, `request` is not called
   * @throws whatever `request` throws
   */
  async optimizedRequest<T>(
    request: (http: HttpClient) => T | Promise<T>,
    options: OptimizedRequestOptions = noOptions,
  ): Promise<T> {
    if (typeof request !== 'function') {
      throw new TypeError(`request must be a function, got ${describeValue(request)}`);
    }
    if (options !== noOptions) checkRequestOptions(options);
    const { permits, timeoutMs: totalTimeoutMs, signal } = options;
    signal?.throwIfAborted();
    const { pool } = this;
    const asked = pool.stats().requests;
    const answer = request(pool.extend({ permits, totalTimeoutMs, signal }));
    if (answer === undefined && pool.stats().requests > asked) {
      throw new TypeError(
        'request must return what it asks for, got undefined; between braces write return http.get(url)',
      );
    }
    return answer;
  }

  /**
   * What the parts did so far, as data and, by `String(report)`, as text for a terminal. After
   * {@link close} it tells how things stood at the end.
   */
  async report(): Promise<PerformanceReport> {
    const { hasCache, limiter, semaphore, requestSemaphore, pool, clock } = this.#parts;
    const cache = hasCache ? await this.#readCacheStats() : undefined;
    // Some metrics tell what was since they were last read, so they are read once.
    const metrics = this.registry.snapshot({ shapes: true });
    const report = createReport({
      takenAt: clock.now(),
      cache,
      metrics,
      metricsText: this.registry.report({ idle: false }, metrics),
      rateLimit: limiter instanceof TokenBucket ? limiter.stats() : undefined,
      concurrency: semaphore instanceof Semaphore ? semaphore.stats() : undefined,
      requestConcurrency:
        requestSemaphore instanceof Semaphore ? requestSemaphore.stats() : undefined,
      pool: pool?.stats(),
      lastQueues: this.#lastQueues,
    });
    this.#lastQueues = report.queues;
    return report;
  }

  /**
   * Lets what is under way finish, for 5 seconds or `timeoutMs` at most: first requests, then, when who
   * waits for a limit was rejected with `ERR_CLOSED`, loads of the cache. Then closes the cache. Safe to
   * call twice.
   *
   * @throws RangeError when `timeoutMs` is below 0; nothing is closed then
   */
  async close(options: CloseOptions = {}): Promise<void> {
    objectOption('options', options, '{ timeoutMs }');
    checkOptionNames(options, closeOptionNames);
    const timeoutMs = numberOption('timeoutMs', options.timeoutMs, seconds(5), { min: 0 });
    this.#closing ??= this.#close(timeoutMs);
    await this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #facts(this: void, self: PerformanceOptimizer): object {
    return {
      registry: self.registry,
      cache: self.cache,
      limiter: self.limiter,
      semaphore: self.semaphore,
      pool: self.#parts.pool,
      closed: self.#closing !== undefined,
    };
  }

  /** `undefined` when somebody closed the cache before, which tells nothing then. */
  async #readCacheStats(): Promise<CacheStats | undefined> {
    return this.#lastCacheStats ?? this.cache.stats().catch(() => undefined);
  }

  async #close(timeoutMs: number): Promise<void> {
    const { limiter, semaphore, requestSemaphore, pool, clock } = this.#parts;
    const startedAt = clock.monotonic();
    try {
      await pool?.close({ timeoutMs });
    } finally {
      for (const limit of [limiter, semaphore, requestSemaphore]) {
        if (limit instanceof TokenBucket || limit instanceof Semaphore) limit.close();
      }
      this.#lastCacheStats = await this.#readCacheStats();
      const leftMs = Math.max(0, timeoutMs - (clock.monotonic() - startedAt));
      await this.cache.close({ timeoutMs: leftMs });
    }
  }
}

/** Out of the class: bundlers rename one that mentions itself, and stacks would show `_PerformanceOptimizer`. */
function construct(parts: Parts): PerformanceOptimizer {
  return Reflect.construct(PerformanceOptimizer, [parts]) as PerformanceOptimizer;
}
