import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { fast, openOptimizer, startUpstream } from './optimizer-support.ts';

describe('PerformanceOptimizer.report', () => {
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

  it('advises on failures', async () => {
    const upstream = await startUpstream();
    const optimizer = await openOptimizer({ ...fast, pool: { maxRetries: 0 } });
    await expect(optimizer.pool.get(`${upstream.origins[0]}/status/500`)).rejects.toMatchObject({
      code: 'ERR_POOL_STATUS',
    });

    expect((await optimizer.report()).advice).toEqual(['pool: 1 request failed']);
  });
});
