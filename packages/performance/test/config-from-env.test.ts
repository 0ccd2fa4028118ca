import { describe, expect, it } from 'vitest';
import { configFromEnv } from '@x/performance';

describe('configFromEnv', () => {
  it('is empty for an environment that says nothing', () => {
    expect(
      configFromEnv({ PATH: '/bin', PERFORMANCES: 'x', PERFORMANCE_CACHE_BACKEND: '' }),
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
    ['POOL_MAX_RETRIES', 'three', 'must be a number, got "three"'],
    ['POOL_MAX_RETRIES', ' ', 'must be a number, got " "'],
    ['POOL_MAX_RETRIES', '-1', 'must be a whole number of at least 0, got -1'],
    ['POOL_MAX_RETRIES', '2.5', 'must be a whole number of at least 0, got 2.5'],
    ['CACHE_DEFAULT_TTL_MS', '5m', 'must be a number, got "5m"'],
    ['CACHE_REFRESH_AFTER_RATIO', '2', 'must be a number above 0 and of at most 1, got 2'],
    ['RATE_LIMIT_PERMITS_PER_SECOND', '0', 'must be a number above 0 .*, got 0'],
    ['CACHE_BACKEND', 'redis', 'must be one of "memory", "filesystem", "sqlite", got "redis"'],
    ['CACHE_COMPRESSION', 'lzma', 'must be true, on, false, off, .*zstd.*, got "lzma"'],
    ['CACHE_STATS', 'maybe', 'must be true, on, false or off, got "maybe"'],
    ['METRICS_BUCKETS', '1,,2', 'must be ascending numbers apart by commas, got "1,,2"'],
    ['METRICS_BUCKETS', '2,1', 'must be ascending numbers apart by commas, got "2,1"'],
    ['POOL_BASE_URL', 'prices', 'must be a URL, got "prices"'],
    ['POOL_PROXY', 'proxy', 'must be a URL or "env", got "proxy"'],
    ['CACHE', 'constructor', 'must be true, on, false or off, got "constructor"'],
    ['CACHE', 'sqlite', 'must be true, on, false or off, got "sqlite"'],
    ['CACHE_TTL', '5', 'is not known; PERFORMANCE_CACHE has .*PERFORMANCE_CACHE_DEFAULT_TTL_MS'],
    ['CAHCE_BACKEND', 'sqlite', 'is not known; PERFORMANCE_ has PERFORMANCE_CACHE, .*_POOL$'],
    ['RATELIMIT', 'off', 'is not known; PERFORMANCE_ has .*PERFORMANCE_RATE_LIMIT'],
  ])('refuses PERFORMANCE_%s=%s', (name, value, message) => {
    expect(() => configFromEnv({ [`PERFORMANCE_${name}`]: value })).toThrow(
      new RegExp(`^PERFORMANCE_${name} ${message}`),
    );
  });

  it('refuses what a part that is switched off could not read either', () => {
    expect(() =>
      configFromEnv({ PERFORMANCE_POOL: 'off', PERFORMANCE_POOL_MAX_RETRIES: 'x' }),
    ).toThrow(/PERFORMANCE_POOL_MAX_RETRIES must be/);
  });
});
