import { ManualClock } from '@x/testkit';
import { UpstreamServer } from '@x/testkit/upstream';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  cached,
  concurrencyLimited,
  MemoryCache,
  monitored,
  PerformanceOptimizer,
  rateLimited,
  Registry,
  TokenBucket,
  type PerformanceConfig,
} from '@x/performance';
import { temporaryFolder } from './temporary-folder.ts';

async function openOptimizer(config: PerformanceConfig = {}): Promise<PerformanceOptimizer> {
  const optimizer = await PerformanceOptimizer.open(config);
  onTestFinished(() => optimizer.close());
  return optimizer;
}

async function startUpstream(): Promise<UpstreamServer> {
  const upstream = await UpstreamServer.start();
  onTestFinished(() => upstream.close());
  return upstream;
}

const fast = { rateLimit: { permitsPerSecond: 10_000, burst: 1_000 } };

describe('PerformanceOptimizer', () => {
  it('fetches through limits, pool and cache, and reports it all', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer(fast);
    const read = (name: string): Promise<{ name: string }> =>
      optimizer.cache.getOrSet(name, () =>
        optimizer.optimizedRequest((http) => http.get(upstream.url(name)).json<{ name: string }>()),
      );

    const names = Array.from({ length: 30 }, (_, index) => `package-${index}`);
    await Promise.all(names.map(read));
    expect((await read('package-7')).name).toBe('package-7');

    const report = await optimizer.report();
    expect(report.cache).toMatchObject({ hits: 1, misses: 30, loads: 30 });
    expect(report.rateLimit).toMatchObject({ grantedPermits: 30 });
    expect(report.pool).toMatchObject({ requests: 30, failures: 0 });
    expect(report.pool?.connectionsOpened).toBeLessThanOrEqual(10);
    expect(upstream.stats().requests).toBe(30);
    expect(String(report)).toMatch(/hits +1 \(/);
    expect(String(report)).toMatch(/requests +30, 0 failed/);
  });

  it('takes the permits asked for, one set per attempt, and none for a hit', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer({
      ...fast,
      pool: { backoffMs: 1 },
    });
    const url = `${upstream.origins[0]}/flaky?fail=2&key=a`;

    await optimizer.optimizedRequest((http) => http.get(url), { permits: 3 });

    const { rateLimit, pool } = await optimizer.report();
    expect(rateLimit?.grantedPermits).toBe(9);
    expect(pool).toMatchObject({ requests: 1, attempts: 3, retries: 2 });
  });

  it('gives up at the timeout of the request', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer(fast);

    await expect(
      optimizer.optimizedRequest((http) => http.get(`${upstream.origins[0]}/hang`), {
        timeoutMs: 50,
      }),
    ).rejects.toMatchObject({ code: 'ERR_POOL_TOTAL_TIMEOUT' });
  });

  it('refuses more permits than the burst', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer();

    const request = optimizer.optimizedRequest((http) => http.get(upstream.url('a')), {
      permits: 21,
    });

    await expect(request).rejects.toThrow(RangeError);
    await expect(request).rejects.toThrow(/permits.*20.*21/);
    expect(upstream.stats().requests).toBe(0);
  });

  it('serves decorated classes', async () => {
    const optimizer = await openOptimizer(fast);
    let calls = 0;
    class Service {
      readonly optimizer = optimizer;

      @monitored((self: Service) => self.optimizer.registry, 'answer')
      @cached((self: Service) => self.optimizer.cache, { scope: 'shared' })
      @rateLimited((self: Service) => self.optimizer.limiter, { permits: 2 })
      async answer(question: string): Promise<string> {
        calls++;
        return `${question}: 42`;
      }
    }

    const answers = [await new Service().answer('life'), await new Service().answer('life')];

    expect(answers).toEqual(['life: 42', 'life: 42']);
    expect(calls).toBe(1);
    const { rateLimit, metrics } = await optimizer.report();
    expect(rateLimit?.grantedPermits).toBe(2);
    expect(metrics.metrics.find(({ name }) => name === 'answer')?.series[0]).toMatchObject({
      count: 2,
    });
  });

  it('keeps its cache over a restart', async () => {
    const cache = { backend: 'sqlite', directory: temporaryFolder() } as const;
    {
      await using first = await PerformanceOptimizer.open({ cache });
      await first.cache.set('a', 1);
    }
    const second = await openOptimizer({ cache });

    expect(await second.cache.get('a')).toBe(1);
  });

  it('advises on what deserves a look', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer({
      ...fast,
      metrics: { maxSeries: 2 },
      pool: { backoffMs: 1 },
    });
    const counter = optimizer.registry.counter('things', { labelNames: ['id'] });
    for (let index = 0; index < 30; index++) {
      await optimizer.cache.get(`missing-${index}`);
      counter.labels(String(index)).inc();
    }
    await optimizer.pool.get(`${upstream.origins[0]}/flaky?fail=1&key=b`);

    const { advice } = await optimizer.report();

    expect(advice.join('\n')).toMatch(/cache: only 0.0 % of reads were hits/);
    expect(advice.join('\n')).toMatch(/pool: 1 retry for 1 request;/);
    expect(advice.join('\n')).toMatch(/things has more label values than maxSeries/);
  });

  it('reports retries that the budget refused', async () => {
    const upstream = await startUpstream();
    const none = { deposit: () => {}, tryWithdraw: () => false, balance: 0 };
    const optimizer = await openOptimizer({ ...fast, pool: { retryBudgetFor: () => none } });
    await expect(optimizer.pool.get(`${upstream.origins[0]}/status/503`)).rejects.toThrow(/budget/);

    const report = await optimizer.report();

    expect(report.pool).toMatchObject({ retries: 0, retriesRefused: 1 });
    expect(report.advice.join('\n')).toMatch(/pool: 1 retry was refused because the retry budget/);
    expect(String(report)).toMatch(/retries +0, 1 refused/);
    const widest = Math.max(
      ...String(report)
        .split('\n')
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(process.stdout.columns ?? 80);
    expect(String(report)).toMatch(/retryBudgetFor/);
  });

  it('bounds its requests as configured', async () => {
    const upstream = await UpstreamServer.start({ latencyMs: { min: 5, max: 5 } });
    onTestFinished(() => upstream.close());
    const optimizer = await openOptimizer({ ...fast, concurrency: { permits: 3 } });
    const names = Array.from({ length: 20 }, (_, index) => `package-${index}`);

    await Promise.all(names.map((name) => optimizer.pool.get(upstream.url(name))));

    expect(upstream.stats().maxConcurrent).toBe(3);
    expect((await optimizer.report()).requestConcurrency).toMatchObject({ maxActive: 3 });
  });

  it('measures the limits of functions and of requests apart, also under a name of yours', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer({ ...fast, concurrency: { name: 'api' } });
    await optimizer.semaphore.run(() => optimizer.pool.get(upstream.url('package-1')));

    const exposed = optimizer.registry.exposition();
    expect(exposed).toContain('concurrency_limiter_calls_total{limiter="api-functions",');
    expect(exposed).toContain('concurrency_limiter_calls_total{limiter="api-requests",');
  });

  it('lets a function that holds a permit fetch, however many do', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer({ ...fast, concurrency: { permits: 2 } });
    const read = concurrencyLimited(optimizer.semaphore)(async (name: string) => {
      const response = await optimizer.pool.get(upstream.url(name));
      return response.status;
    });

    const statuses = await Promise.all(Array.from({ length: 10 }, (_, index) => read(`${index}`)));

    expect(statuses).toEqual(statuses.map(() => 200));
    expect((await optimizer.report()).concurrency).toMatchObject({ granted: 10, maxActive: 2 });
  });

  it('gives its clock and its logger to every part', async () => {
    const clock = new ManualClock();
    const messages: string[] = [];
    const log = (message: string): void => void messages.push(message);
    const logger = { debug: log, info: log, warn: log, error: log };
    const optimizer = await openOptimizer({ clock, logger, metrics: { maxSeries: 1 } });

    await optimizer.cache.set('a', 1, { ttlMs: 1_000 });
    clock.advance(1_000);
    expect(await optimizer.cache.get('a')).toBeUndefined();
    optimizer.limiter.tryAcquire(20);
    clock.advance(500);
    expect(optimizer.limiter.availablePermits()).toBeCloseTo(5);
    optimizer.limiter.pauseUntil(clock.now() + 1_000);
    const counter = optimizer.registry.counter('things', { labelNames: ['id'] });
    counter.labels('1').inc();
    counter.labels('2').inc();

    expect(messages.join('\n')).toMatch(/pauses for 1000 ms/);
    expect(messages.join('\n')).toMatch(/things/);
    expect((await optimizer.report()).takenAt).toBe(clock.now());
  });

  it('reads each metric once, so that what is told since the last reading is told whole', async () => {
    const optimizer = await openOptimizer();
    let readings = 0;
    optimizer.registry.observedGauge('readings', {}, () => ++readings);

    const report = await optimizer.report();

    const metric = report.metrics.metrics.find(({ name }) => name === 'readings');
    expect(metric?.series).toEqual([{ labels: {}, value: 1 }]);
    expect(String(report)).toMatch(/^readings +1$/m);
    expect(readings).toBe(1);
  });

  it('advises on queues that grow and on callers who wait long or in vain', async () => {
    const clock = new ManualClock();
    const optimizer = await openOptimizer({ clock, rateLimit: { permitsPerSecond: 1, burst: 1 } });
    expect((await optimizer.report()).advice).toEqual([]);
    await optimizer.limiter.acquire();
    const waits = [optimizer.limiter.acquire(), optimizer.limiter.acquire()];
    await expect(optimizer.limiter.acquire(1, { timeoutMs: 5 })).rejects.toMatchObject({
      code: 'ERR_RATE_LIMIT_TIMEOUT',
    });

    const waiting = await optimizer.report();
    expect(waiting.advice).toEqual([
      'rateLimit: the queue grew from 0 to 2 since the last report',
      'rateLimit: 1 caller timed out',
    ]);
    expect(String(waiting)).toMatch(/Worth a look\n {2}rateLimit: the queue grew/);

    await clock.advanceAsync(2_000);
    await Promise.all(waits);
    expect((await optimizer.report()).advice.join()).toMatch(/did so for 1500 ms on average/);
  });

  it('says what it runs where a URL is given', async () => {
    const optimizer = await openOptimizer();

    await expect(optimizer.optimizedRequest('https://api.example/' as never)).rejects.toThrow(
      new TypeError('request must be a function, got "https://api.example/"'),
    );
  });

  it('advises on failures', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer({ ...fast, pool: { maxRetries: 0 } });
    await expect(optimizer.pool.get(`${upstream.origins[0]}/status/500`)).rejects.toMatchObject({
      code: 'ERR_POOL_STATUS',
    });

    expect((await optimizer.report()).advice).toEqual(['pool: 1 request failed']);
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
    const upstream = await UpstreamServer.start({ latencyMs: { min: 30, max: 30 } });
    onTestFinished(() => upstream.close());
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
    [{ ratelimit: false } as never, /the configuration has .*rateLimit.*; got ratelimit$/],
    [{ cache: true as never }, /^cache must be an object or false, got true$/],
    [{ pool: null as never }, /^pool must be an object or false, got null$/],
    [{ cache: new MemoryCache() as never }, /^cache takes the options .*, got a MemoryCache$/],
    [{ metrics: new Registry() }, /^metrics takes the options .*, got a Registry$/],
    [
      { rateLimit: new TokenBucket({ permitsPerSecond: 5 }) },
      /^rateLimit takes the options .*, got a TokenBucket$/,
    ],
    [null as never, /^the configuration must be an object, got null$/],
  ])('refuses %o', async (config, message) => {
    await expect(PerformanceOptimizer.open(config)).rejects.toThrow(message);
  });
});
