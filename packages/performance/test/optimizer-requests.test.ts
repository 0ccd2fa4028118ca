import { cached, concurrencyLimited, monitored, rateLimited } from '@x/performance';
import { ManualClock } from '@x/testkit';
import { describe, expect, it, vi } from 'vitest';
import { fast, openOptimizer, startUpstream } from './optimizer-support.ts';

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

  it('counts no wait as a refusal, and takes nothing for no permits', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer({
      rateLimit: { permitsPerSecond: 200, burst: 1 },
      concurrency: { permits: 1 },
    });
    const url = upstream.url('package-1');
    const ask = (permits: number): Promise<unknown> =>
      optimizer.optimizedRequest((http) => http.get(url), { permits });

    await Promise.all([ask(1), ask(1), ask(1), ask(0)]);

    const { rateLimit, concurrency } = await optimizer.report();
    expect(rateLimit).toMatchObject({ granted: 3, refused: 0 });
    expect(concurrency).toMatchObject({ refused: 0 });
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

  it('bounds its requests as configured', async () => {
    const upstream = await startUpstream(5);
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

  describe('optimizedRequest with a signal', () => {
    const reason = new Error('the user went away');

    it('gives up the wait for permits, and takes none', async () => {
      const upstream = await startUpstream();
      const optimizer = await openOptimizer({ rateLimit: { permitsPerSecond: 0.001, burst: 1 } });
      await optimizer.limiter.acquire();
      const controller = new AbortController();

      const request = optimizer.optimizedRequest((http) => http.get(upstream.url('a')), {
        signal: controller.signal,
      });
      await vi.waitUntil(async () => (await optimizer.report()).queues.rateLimit === 1);
      controller.abort(reason);

      await expect(request).rejects.toBe(reason);
      const { queues, rateLimit } = await optimizer.report();
      expect([queues.rateLimit, rateLimit?.grantedPermits]).toEqual([0, 1]);
      expect(upstream.stats().requests).toBe(0);
    });

    it('gives up the wait for a connection', async () => {
      const upstream = await startUpstream();
      const optimizer = await openOptimizer({
        ...fast,
        concurrency: { permits: 10 },
        pool: { maxConnectionsPerOrigin: 1 },
      });
      const leave = new AbortController();
      const url = `${upstream.origins[0]}/hang`;
      const first = optimizer.optimizedRequest((http) => http.get(url), { signal: leave.signal });
      await vi.waitUntil(() => upstream.stats().requests === 1);
      const controller = new AbortController();

      const request = optimizer.optimizedRequest((http) => http.get(url), {
        signal: controller.signal,
      });
      await vi.waitUntil(() => optimizer.pool.stats().queued === 1);
      controller.abort(reason);

      await expect(request).rejects.toBe(reason);
      expect(optimizer.pool.stats().queued).toBe(0);
      leave.abort(reason);
      await expect(first).rejects.toBe(reason);
    });

    it('ends what is under way, also where the request brings a signal itself', async () => {
      const upstream = await startUpstream();
      const optimizer = await openOptimizer(fast);
      const outer = new AbortController();
      const inner = new AbortController();
      const send = (): Promise<unknown> =>
        optimizer.optimizedRequest(
          (http) => http.get(`${upstream.origins[0]}/hang`, { signal: inner.signal }),
          { signal: outer.signal },
        );

      const first = send();
      await vi.waitUntil(() => upstream.stats().requests === 1);
      outer.abort(reason);
      await expect(first).rejects.toBe(reason);
    });

    it('does not call a function whose signal was aborted before', async () => {
      const optimizer = await openOptimizer();
      const request = vi.fn<() => number>(() => 1);

      const answer = optimizer.optimizedRequest(request, { signal: AbortSignal.abort(reason) });

      await expect(answer).rejects.toBe(reason);
      expect(request).not.toHaveBeenCalled();
    });

    it('ends the load of a cache that nobody waits for any more', async () => {
      const upstream = await startUpstream();
      const optimizer = await openOptimizer(fast);
      const controller = new AbortController();
      const load = vi.fn<(signal: AbortSignal) => Promise<unknown>>((signal) =>
        optimizer.optimizedRequest((http) => http.get(`${upstream.origins[0]}/hang`), { signal }),
      );

      const answer = optimizer.cache.getOrSet('a', (context) => load(context.signal), {
        signal: controller.signal,
      });
      await vi.waitUntil(() => upstream.stats().requests === 1);
      controller.abort(reason);

      await expect(answer).rejects.toBe(reason);
      await expect(load.mock.results[0]?.value).rejects.toBeDefined();
      expect(optimizer.pool.stats().failures).toBe(1);
    });
  });

  it('refuses a function that forgot to return what it asks for', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer(fast);
    let asked: Promise<unknown> | undefined;

    const request = optimizer.optimizedRequest((http) => {
      asked = http.get(upstream.url('a'));
    });

    await expect(request).rejects.toThrow(
      new TypeError(
        'request must return what it asks for, got undefined; between braces write return http.get(url)',
      ),
    );
    await asked;
  });

  it('lets a function answer nothing that asks for nothing, or waits for it', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer(fast);

    expect(await optimizer.optimizedRequest(() => undefined)).toBeUndefined();
    const waits = optimizer.optimizedRequest(async (http) => {
      await http.get(upstream.url('a'));
    });
    expect(await waits).toBeUndefined();
  });

  it('does not keep what a function forgot to return', async () => {
    const optimizer = await openOptimizer();
    const load = vi.fn<() => Promise<void>>(async () => {});
    const read = cached(optimizer.cache, { name: 'read' })(load);

    await read();
    await read();

    expect(load).toHaveBeenCalledTimes(2);
  });

  it('says what it runs where a URL is given', async () => {
    const optimizer = await openOptimizer();

    await expect(optimizer.optimizedRequest('https://api.example/' as never)).rejects.toThrow(
      new TypeError('request must be a function, got "https://api.example/"'),
    );
  });
});
