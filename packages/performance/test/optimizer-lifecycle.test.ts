import type { UpstreamServer } from '@x/testkit/upstream';
import { describe, expect, it } from 'vitest';
import {
  concurrencyLimited,
  MemoryCache,
  PerformanceOptimizer,
  Registry,
  TokenBucket,
  type PerformanceConfig,
} from '@x/performance';
import { fast, openOptimizer, startUpstream } from './optimizer-support.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('PerformanceOptimizer.close', () => {
  it('keeps its cache over a restart', async () => {
    const cache = { backend: 'sqlite', directory: temporaryFolder() } as const;
    {
      await using first = await PerformanceOptimizer.open({ cache });
      await first.cache.set('a', 1);
    }
    const second = await openOptimizer({ cache });

    expect(await second.cache.get('a')).toBe(1);
  });

  it('rejects who waits for a limit when it closes, and still reports', async () => {
    const optimizer = await PerformanceOptimizer.open({
      rateLimit: { permitsPerSecond: 0.001, burst: 1 },
      concurrency: { permits: 1 },
    });
    await optimizer.cache.set('a', 1);
    optimizer.limiter.tryAcquire();
    optimizer.semaphore.tryAcquire();
    const waits = Promise.allSettled([optimizer.limiter.acquire(), optimizer.semaphore.acquire()]);

    await expect(optimizer.close({ timeoutMs: -1 })).rejects.toThrow(RangeError);
    await optimizer.close();

    expect(await waits).toMatchObject([
      { status: 'rejected', reason: { code: 'ERR_CLOSED' } },
      { status: 'rejected', reason: { code: 'ERR_CLOSED' } },
    ]);
    expect((await optimizer.report()).cache).toMatchObject({ sets: 1, entries: 1 });
  });

  it('closes once, however often it is asked', async () => {
    const optimizer = await PerformanceOptimizer.open();

    await Promise.all([optimizer.close(), optimizer.close()]);

    await expect(async () => optimizer.cache.get('a')).rejects.toMatchObject({
      code: 'ERR_CLOSED',
    });
    await expect(async () => optimizer.pool.get('http://127.0.0.1:1/')).rejects.toMatchObject({
      code: 'ERR_CLOSED',
    });
  });

  it('lets what is under way finish when it closes, and keeps what it loads', async () => {
    const cache = { backend: 'sqlite', directory: temporaryFolder() } as const;
    const upstream = await startUpstream(30);
    const optimizer = await PerformanceOptimizer.open({ ...fast, cache });
    const read = concurrencyLimited(optimizer.semaphore)(async (name: string) =>
      optimizer.cache.getOrSet(name, () =>
        optimizer.optimizedRequest((http) => http.get(upstream.url(name)).json<{ name: string }>()),
      ),
    );
    const reads = Promise.all(['package-1', 'package-2', 'package-3'].map((name) => read(name)));
    while (upstream.stats().requests < 3) await new Promise((resolve) => setImmediate(resolve));

    await optimizer.close();

    expect((await reads).map(({ name }) => name)).toEqual(['package-1', 'package-2', 'package-3']);
    expect((await optimizer.report()).pool).toMatchObject({ requests: 3, failures: 0 });
    const second = await openOptimizer({ ...fast, cache });
    expect(await second.cache.get('package-3')).toMatchObject({ name: 'package-3' });
  });

  it('closes and reports whatever was closed before it', async () => {
    const optimizer = await PerformanceOptimizer.open();
    await optimizer.cache.set('a', 1);
    await optimizer.cache.close();
    await optimizer.pool.close();
    expect((await optimizer.report()).cache).toBeUndefined();
    await optimizer.close();
    expect((await optimizer.report()).cache).toBeUndefined();
  });

  it('ends a request that hangs when it closes', async () => {
    const upstream = await startUpstream();
    const optimizer = await PerformanceOptimizer.open(fast);
    const hanging = expect(optimizer.pool.get(`${upstream.origins[0]}/hang`)).rejects.toMatchObject(
      { code: 'ERR_CLOSED' },
    );
    while (upstream.stats().requests === 0) await new Promise((resolve) => setImmediate(resolve));

    await optimizer.close({ timeoutMs: 10 });

    await hanging;
  });
});

const parts = ['cache', 'metrics', 'rateLimit', 'concurrency', 'pool'] as const;
const combinations = Array.from({ length: 2 ** parts.length }, (_, bits) =>
  parts.filter((_part, index) => bits & (1 << index)),
);

async function expectPool(
  optimizer: PerformanceOptimizer,
  upstream: UpstreamServer,
): Promise<void> {
  const response = await optimizer.optimizedRequest((http) => http.get(upstream.url('a')));
  expect(response.status).toBe(200);
}

async function expectNoPool(optimizer: PerformanceOptimizer): Promise<void> {
  expect(() => optimizer.pool).toThrow(/pool is switched off/);
  await expect(optimizer.optimizedRequest(() => 1)).rejects.toMatchObject({
    code: 'ERR_PART_DISABLED',
  });
}

describe('PerformanceOptimizer with parts switched off', () => {
  it.each(combinations)('works without %s %s %s %s %s', async (...off) => {
    const upstream = await startUpstream();
    const config: PerformanceConfig = Object.fromEntries(off.map((part) => [part, false]));
    const optimizer = await openOptimizer(config);

    await optimizer.cache.set('a', 1);
    expect(await optimizer.cache.get('a')).toBe(off.includes('cache') ? undefined : 1);
    expect(await optimizer.cache.getOrSet('b', () => 2)).toBe(2);
    await optimizer.limiter.acquire();
    optimizer.registry.counter('things').inc();
    expect(await optimizer.semaphore.run(() => 'ran')).toBe('ran');
    await (off.includes('pool') ? expectNoPool : expectPool)(optimizer, upstream);

    const report = await optimizer.report();
    expect(report.rateLimit === undefined).toBe(off.includes('rateLimit'));
    expect(report.concurrency === undefined).toBe(off.includes('concurrency'));
    expect(report.pool === undefined).toBe(off.includes('pool'));
    expect(report.metrics.metrics.length === 0).toBe(off.includes('metrics'));
    expect(report.cache === undefined).toBe(off.includes('cache'));
    expect(report.advice).toEqual([]);
    expect(String(report).includes('Cache\n')).toBe(!off.includes('cache'));
  });
});

describe('PerformanceOptimizer.open with wrong options', () => {
  it.each<[PerformanceConfig, RegExp]>([
    [{ rateLimit: { permitsPerSecond: 0 } }, /permitsPerSecond must be .*above 0.*got 0/],
    [{ rateLimit: { burst: 0 } }, /burst must be .*at least 1.*got 0/],
    [{ concurrency: { permits: 0 } }, /permits must be .*at least 1.*got 0/],
    [{ cache: { defaultTtlMs: NaN } }, /defaultTtlMs must be .*got NaN/],
    [{ cache: { backend: 'disk' as never } }, /backend must be one of .*got "disk"/],
    [{ pool: { maxRetries: -1 } }, /maxRetries must be .*got -1/],
    [{ pool: { maxTotalConnections: 0 } }, /maxTotalConnections must be .*got 0/],
    [{ metrics: { retentionMs: 0 } }, /retentionMs must be .*got 0/],
    [{ ratelimit: false } as never, /^ratelimit is not an option; did you mean rateLimit\?$/],
    [[] as never, /^options must be an object such as { cache }, got an array$/],
    [{ cache: [] as never }, /^cache must be an object or false, got an array$/],
    [{ cache: true as never }, /^cache must be an object or false, got true$/],
    [{ pool: null as never }, /^pool must be an object or false, got null$/],
    [{ cache: new MemoryCache() as never }, /^cache takes the options .*, got a MemoryCache$/],
    [{ metrics: new Registry() }, /^metrics takes the options .*, got a Registry$/],
    [
      { rateLimit: new TokenBucket({ permitsPerSecond: 5 }) },
      /^rateLimit takes the options .*, got a TokenBucket$/,
    ],
    [
      null as never,
      /^the configuration must be an object such as { cache, rateLimit, pool }, got null$/,
    ],
  ])('refuses %o', async (config, message) => {
    await expect(PerformanceOptimizer.open(config)).rejects.toThrow(message);
  });
});
