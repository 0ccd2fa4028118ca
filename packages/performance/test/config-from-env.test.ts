import { describe, expect, it } from 'vitest';
import { configFromEnv, type PerformanceConfig } from '@x/performance';

describe('configFromEnv', () => {
  it('is empty for an environment that says nothing', () => {
    expect(
      configFromEnv({ PATH: '/bin', PERFORMANCE_TEAM: 'x', PERFORMANCE_CACHE_BACKEND: '' }),
    ).toEqual({});
  });

  it('reads numbers, words, lists and switches', () => {
    expect(
      configFromEnv({
        PERFORMANCE_CACHE_BACKEND: 'sqlite',
        PERFORMANCE_CACHE_DIRECTORY: '~/cache',
        PERFORMANCE_CACHE_DEFAULT_TTL_MS: '60000',
        PERFORMANCE_CACHE_COMPRESSION: 'zstd',
        PERFORMANCE_CACHE_STATS: 'off',
        PERFORMANCE_METRICS_BUCKETS: '1, 10,100',
        PERFORMANCE_RATE_LIMIT: 'off',
        PERFORMANCE_CONCURRENCY_PERMITS: '5',
        PERFORMANCE_POOL_MAX_RETRIES: '0',
        PERFORMANCE_POOL_TOTAL_TIMEOUT_MS: 'Infinity',
      }),
    ).toEqual({
      cache: {
        backend: 'sqlite',
        directory: '~/cache',
        defaultTtlMs: 60_000,
        compression: 'zstd',
        stats: false,
      },
      metrics: { buckets: [1, 10, 100] },
      rateLimit: false,
      concurrency: { permits: 5 },
      pool: { maxRetries: 0, totalTimeoutMs: Infinity },
    });
  });

  it('reads how stale values are served, and what else the parts of the packages offer', () => {
    expect(
      configFromEnv({
        PERFORMANCE_CACHE_STALE_WHILE_REVALIDATE_MS: '1000',
        PERFORMANCE_CACHE_LEASE_TTL_MS: '0',
        PERFORMANCE_RATE_LIMIT_MAX_QUEUE: '10',
        PERFORMANCE_CONCURRENCY_ORDER: 'lifo',
        PERFORMANCE_POOL_DENY_PRIVATE: 'on',
        PERFORMANCE_POOL_HEDGE: 'true',
      }),
    ).toEqual({
      cache: { staleWhileRevalidateMs: 1_000, leaseTtlMs: 0 },
      rateLimit: { maxQueue: 10 },
      concurrency: { order: 'lifo' },
      pool: { denyPrivate: true, hedge: true },
    });
  });

  it('puts the environment before the defaults, option by option', () => {
    const logger = console;
    const defaults: PerformanceConfig = {
      cache: { backend: 'memory', maxEntries: 10 },
      metrics: { retentionMs: 1_000 },
      rateLimit: false,
      concurrency: false,
      pool: { maxRetries: 1 },
      logger,
    };
    const env = {
      PERFORMANCE_CACHE_MAX_ENTRIES: '20',
      PERFORMANCE_RATE_LIMIT: 'on',
      PERFORMANCE_CONCURRENCY_PERMITS: '5',
      PERFORMANCE_POOL: 'off',
    };

    expect(configFromEnv(env, { defaults })).toEqual({
      cache: { backend: 'memory', maxEntries: 20 },
      metrics: { retentionMs: 1_000 },
      rateLimit: {},
      concurrency: false,
      pool: false,
      logger,
    });
    expect(configFromEnv({}, { defaults })).toEqual(defaults);
  });

  it('takes another prefix', () => {
    expect(
      configFromEnv({ APP_POOL: 'false', PERFORMANCE_POOL: 'off' }, { prefix: 'APP_' }),
    ).toEqual({ pool: false });
  });

  it.each([
    ['PERFORMANCE_POOL_MAX_RETRIES', 'three', /_MAX_RETRIES must be a number, got "three"/],
    ['PERFORMANCE_CACHE_STATS', 'maybe', /_STATS must be true, on, false or off, got "maybe"/],
    ['PERFORMANCE_POOL_MAX_RETRIES', ' ', /_MAX_RETRIES must be a number, got " "/],
    ['PERFORMANCE_METRICS_BUCKETS', '1,,2', /_BUCKETS must be numbers apart by commas, got "1,,2"/],
    ['PERFORMANCE_CACHE', 'constructor', /_CACHE must be true, on, false or off/],
    ['PERFORMANCE_CACHE', 'sqlite', /_CACHE must be true, on, false or off, got "sqlite"/],
    [
      'PERFORMANCE_CACHE_TTL',
      '5',
      /_CACHE_TTL is not known; PERFORMANCE_CACHE has .*_DEFAULT_TTL_MS/,
    ],
  ])('refuses %s=%s', (name, value, message) => {
    expect(() => configFromEnv({ [name]: value })).toThrow(message);
  });
});
