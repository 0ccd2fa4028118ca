import { describe, expect, it } from 'vitest';
import { PerformanceOptimizer } from '@x/performance';

const reason = new Error('too late');
const aborted = { signal: AbortSignal.abort(reason) };

describe('limits that are switched off', () => {
  it('grant everything that makes sense', async () => {
    await using optimizer = await PerformanceOptimizer.open({ rateLimit: false });
    const { limiter } = optimizer;
    limiter.pauseUntil(Infinity);

    expect(limiter.tryAcquire(1_000)).toBe(true);
    await limiter.acquire(1_000);
    expect(limiter.availablePermits()).toBe(Infinity);
    expect(() => limiter.tryAcquire(-1)).toThrow(/permits must be .*got -1/);
    await expect(limiter.acquire(1, aborted)).rejects.toBe(reason);
  });

  it('let everything run, and count what does', async () => {
    await using optimizer = await PerformanceOptimizer.open({ concurrency: false });
    const { semaphore } = optimizer;
    const permit = semaphore.tryAcquire();
    await semaphore.acquire();
    expect(semaphore.active).toBe(2);

    permit?.release();
    permit?.release();
    expect(semaphore.active).toBe(1);
    await expect(semaphore.run(() => Promise.reject(reason))).rejects.toBe(reason);
    expect(semaphore.active).toBe(1);
    await expect(semaphore.run(() => 1, aborted)).rejects.toBe(reason);
  });
});
