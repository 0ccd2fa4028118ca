import { describe, expect, it } from 'vitest';
import { configFromEnv } from '@x/performance';

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
