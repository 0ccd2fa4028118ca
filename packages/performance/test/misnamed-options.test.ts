import { describe, expect, it } from 'vitest';
import {
  createCache,
  noopMeter,
  PerformanceOptimizer,
  Semaphore,
  systemClock,
  TokenBucket,
} from '@x/performance';

/** Options as JavaScript may give them. */
const untyped = (options: unknown): never => options as never;

const needsBackend =
  "needs backend 'filesystem' or 'sqlite'; without backend, entries are kept in memory alone";

describe('createCache', () => {
  it.each([
    [{ ttlMs: 5 }, 'ttlMs is not an option; it is defaultTtlMs'],
    [{ defaultTtlMs: 5, ttlMs: 5 }, 'ttlMs is not an option; it is defaultTtlMs'],
    [{ ttl: 5 }, 'ttl is not an option; it is defaultTtlMs, in milliseconds'],
    [{ max: 5 }, 'max is not an option; it is maxEntries'],
    [{ backend: 'sqlite', dir: 'a' }, 'dir is not an option; it is directory'],
    [500, 'options must be an object such as { backend }, got 500'],
    [{ directory: '/tmp/a' }, `directory ${needsBackend}`],
    [{ compression: 'zstd' }, `compression ${needsBackend}`],
    [{ maxMemoryEntries: 10 }, `maxMemoryEntries ${needsBackend}`],
  ])('refuses %j', async (options, message) => {
    await expect(createCache(untyped(options))).rejects.toThrow(new TypeError(message));
  });

  it('may be told of a folder by a configuration that chooses memory', async () => {
    const options = { directory: '/nowhere', compression: true, maxMemoryEntries: 10 };
    await using cache = await createCache({ backend: 'memory', ...options });
    await using other = await createCache({ compression: false, maxMemoryEntries: 0 });
    const answers = [cache, other].map((one) => one.getOrSet('a', () => 1));
    expect(await Promise.all(answers)).toEqual([1, 1]);
  });
});

describe('PerformanceOptimizer', () => {
  it('refuses a component without a class', async () => {
    const pool: object = Object.assign(Object.create(null) as object, { close: () => {} });
    await expect(PerformanceOptimizer.open({ pool: untyped(pool) })).rejects.toThrow(
      new TypeError('pool takes the options of what the optimizer makes, got a component'),
    );
  });

  it.each([
    [{ cache: { ttlMs: 5 } }, 'ttlMs is not an option; it is defaultTtlMs'],
    [{ cache: { directory: '/tmp/a' } }, `directory ${needsBackend}`],
    [
      { rateLimit: { requestsPerSecond: 5 } },
      'requestsPerSecond is not an option; did you mean permitsPerSecond?',
    ],
    [{ rateLimit: { rps: 5 } }, 'rps is not an option of rateLimit; it is permitsPerSecond'],
    [
      { rateLimit: { timeoutMs: 5 } },
      'timeoutMs is not an option of rateLimit; it is timeoutMs of optimizedRequest, or pool: { totalTimeoutMs }, for everything that a request waits for',
    ],
    [
      { rateLimit: { tokensPerInterval: 5 } },
      'tokensPerInterval is not an option; it is permitsPerSecond, a number for one second; perMinute and perHour make it from others',
    ],
    [{ concurrency: { maxConcurrency: 5 } }, 'maxConcurrency is not an option; it is permits'],
    [
      { pool: { maxConnections: 5 } },
      'maxConnections is not an option; did you mean maxConnectionsPerOrigin, maxTotalConnections or maxConnectionAgeMs?',
    ],
    [
      { pool: { rateLimiter: new TokenBucket({ permitsPerSecond: 1 }) } },
      'rateLimiter is not an option of pool; it is made from rateLimit, beside pool; rateLimiterFor adds more',
    ],
    [
      { pool: { concurrencyLimiter: new Semaphore({ permits: 1 }) } },
      'concurrencyLimiter is not an option of pool; it is made from concurrency, beside pool; concurrencyLimiterFor adds more',
    ],
    [{ metrics: { defaultLabels: {} } }, 'defaultLabels is not an option; it is labels'],
    [
      { cache: { meter: noopMeter } },
      'meter is not an option of cache; it is the registry of the optimizer, optimizer.registry',
    ],
    [
      { pool: { logger: console } },
      'logger is not an option of pool; it is one for all parts, beside pool',
    ],
    [{ limits: {} }, 'limits is not an option; it is rateLimit and concurrency'],
    [{ http: {} }, 'http is not an option; it is pool'],
    [{ rateLimiter: {} }, 'rateLimiter is not an option; it is rateLimit'],
    [{ cacheOptions: {} }, 'cacheOptions is not an option; did you mean cache?'],
    [
      { baseUrl: 'http://a' },
      'baseUrl is not an option; it is one of pool, as in pool: { baseUrl }',
    ],
    [
      { meter: noopMeter },
      'meter is not an option; it is the registry of the optimizer, optimizer.registry',
    ],
    [
      { wombat: {} },
      'wombat is not an option; there are cache, metrics, rateLimit, concurrency, pool, logger and clock',
    ],
  ])('is not opened with %j', async (config, message) => {
    const opening = PerformanceOptimizer.open(untyped(config));
    await expect(opening).rejects.toThrow(new TypeError(message));
  });

  it('takes parts that hold the clock and the logger of all', async () => {
    const shared = { clock: systemClock, logger: console };
    const config = { ...shared, meter: undefined, cache: { ...shared, meter: undefined } };
    await using optimizer = await PerformanceOptimizer.open(untyped(config));
    expect(optimizer.cache.name).toBe('cache');
  });

  it.each([
    [{ timeout: 5 }, 'timeout is not an option; it is timeoutMs'],
    [{ tokens: 5 }, 'tokens is not an option; it is permits'],
    [
      { headers: {} },
      'headers is not an option; it is one of the request itself: (http) => http.get(url, { headers })',
    ],
    [{ ttlMs: 5 }, 'ttlMs is not an option; it is one of cached(optimizer.cache, { ttlMs })'],
    [{ abortSignal: 5 }, 'abortSignal is not an option; did you mean signal?'],
    [{ wombat: 5 }, 'wombat is not an option; there are permits, timeoutMs and signal'],
    [
      { signal: new AbortController() },
      'signal must be an AbortSignal such as AbortSignal.timeout(5_000), got an object',
    ],
  ])('refuses a request with %j', async (options, message) => {
    await using optimizer = await PerformanceOptimizer.open();
    const request = optimizer.optimizedRequest(() => 1, untyped(options));
    await expect(request).rejects.toThrow(new TypeError(message));
  });
});
