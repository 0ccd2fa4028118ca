import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { configFromEnv, type PerformanceConfig } from '@x/performance';

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

  it('leaves variables of others alone that begin with its prefix', () => {
    const env = { APP_NAME: 'x', APP_POOLSIDE: 'y', APP_POOL_MAX_RETRIES: '5' };

    expect(configFromEnv(env, { prefix: 'APP_' })).toEqual({ pool: { maxRetries: 5 } });
    expect(() => configFromEnv({ ...env, APP_POOL_SIZE: '3' }, { prefix: 'APP_' })).toThrow(
      /^APP_POOL_SIZE is not known. After APP_POOL_ comes an option of pool in PerformanceConfig, in capitals$/,
    );
  });

  it('reads the environment of the process where it is given none', () => {
    vi.stubEnv('PERFORMANCE_POOL_MAX_RETRIES', '5');
    onTestFinished(() => void vi.unstubAllEnvs());

    expect(configFromEnv()).toEqual({ pool: { maxRetries: 5 } });
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
    [
      'CACHE_TTL',
      '5',
      'is not known. Did you mean PERFORMANCE_CACHE_DEFAULT_TTL_MS or .* in PerformanceConfig, in capitals$',
    ],
    ['RATE_LIMIT_RATE', '5', 'is not known. After PERFORMANCE_RATE_LIMIT_ comes'],
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
