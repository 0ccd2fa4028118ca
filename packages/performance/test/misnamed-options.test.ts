import { describe, expect, it } from 'vitest';
import { createCache, PerformanceOptimizer } from '@x/performance';

/** Options as JavaScript may give them. */
const untyped = (options: unknown): never => options as never;

describe('createCache', () => {
  it.each([
    [{ ttlMs: 5 }, 'ttlMs is not an option; it is defaultTtlMs'],
    [{ defaultTtlMs: 5, ttlMs: 5 }, 'ttlMs is not an option; it is defaultTtlMs'],
    [{ ttl: 5 }, 'ttl is not an option; it is defaultTtlMs, in milliseconds'],
    [{ max: 5 }, 'max is not an option; it is maxEntries'],
    [{ backend: 'sqlite', dir: 'a' }, 'dir is not an option; it is directory'],
    [500, 'options must be an object such as { backend }, got 500'],
  ])('refuses %j', async (options, message) => {
    await expect(createCache(untyped(options))).rejects.toThrow(new TypeError(message));
  });
});

describe('PerformanceOptimizer', () => {
  it.each([
    [{ cache: { ttlMs: 5 } }, /^ttlMs is not an option; it is defaultTtlMs$/],
    [{ rateLimit: { tokensPerInterval: 5 } }, /^tokensPerInterval is not .* permitsPerSecond/],
    [{ concurrency: { maxConcurrent: 5 } }, /^maxConcurrent is not .* permits$/],
    [{ pool: { timeout: 5 } }, /^timeout is not .* totalTimeoutMs/],
    [{ metrics: { defaultLabels: {} } }, /^defaultLabels is not .* labels$/],
  ])('is not opened with %j', async (config, message) => {
    await expect(PerformanceOptimizer.open(untyped(config))).rejects.toThrow(message);
  });

  it('refuses a request with the timeout of others', async () => {
    await using optimizer = await PerformanceOptimizer.open();
    const request = optimizer.optimizedRequest(() => 1, untyped({ timeout: 5 }));
    await expect(request).rejects.toThrow('timeout is not an option; it is timeoutMs');
  });
});
