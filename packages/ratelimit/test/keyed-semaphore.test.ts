import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { KeyedSemaphore } from '../src/index.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('KeyedSemaphore', () => {
  it('bounds each key for itself', async () => {
    const semaphore = new KeyedSemaphore({ permits: 1 });
    const held = await semaphore.acquire('a');
    expect(semaphore.tryAcquire('a')).toBeUndefined();
    expect(await semaphore.run('b', () => 'b')).toBe('b');
    const waiting = semaphore.run('a', () => 'a');
    expect(semaphore.stats()).toMatchObject({ keys: 1, active: 1, queued: 1 });

    held.release();
    expect(await waiting).toBe('a');
  });

  it('forgets keys that nobody uses', async () => {
    const semaphore = new KeyedSemaphore({ permits: 1 });
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => semaphore.run(`key ${index % 10}`, settle)),
    );
    await settle();

    expect(semaphore.stats()).toMatchObject({ keys: 0, active: 0, queued: 0 });
  });

  it('does not lose count when a key is used again the moment it became idle', async () => {
    const semaphore = new KeyedSemaphore({ permits: 1 });
    (await semaphore.acquire('a')).release();
    const held = semaphore.tryAcquire('a');
    await settle();

    expect(semaphore.tryAcquire('a')).toBeUndefined();
    held?.release();
    await settle();
    expect(semaphore.stats().keys).toBe(0);
  });

  it('counts what it did for all keys, also for those that it forgot', async () => {
    const clock = new ManualClock();
    const semaphore = new KeyedSemaphore({ permits: 1, maxQueue: 1, measureWaits: true, clock });
    for (const [key, waitMs] of [
      ['a', 30],
      ['b', 20],
    ] as const) {
      const held = await semaphore.acquire(key);
      const waiting = semaphore.run(key, () => key);
      await expect(semaphore.acquire(key)).rejects.toMatchObject({
        code: 'ERR_CONCURRENCY_QUEUE_FULL',
      });
      await clock.advanceAsync(waitMs);
      held.release();
      await waiting;
      await settle();
    }
    const held = await semaphore.acquire('c');
    expect(semaphore.tryAcquire('c')).toBeUndefined();
    const late = semaphore.acquire('c', { timeoutMs: 5 });
    const timedOut = expect(late).rejects.toMatchObject({ code: 'ERR_CONCURRENCY_TIMEOUT' });
    await clock.advanceAsync(5);
    await timedOut;
    await semaphore.acquire('c', { signal: AbortSignal.abort() }).catch(() => {});

    const counts = {
      granted: 5,
      refused: 1,
      timedOut: 1,
      aborted: 1,
      queueFull: 2,
      waited: 2,
      totalWaitMs: 50,
      maxWaitMs: 30,
      maxActive: 1,
      queued: 0,
    };
    expect(semaphore.stats()).toEqual({ ...counts, keys: 1, active: 1 });
    held.release();
    await settle();
    expect(semaphore.stats()).toEqual({ ...counts, keys: 0, active: 0 });
    expect(new KeyedSemaphore({ permits: 1 }).stats().totalWaitMs).toBeUndefined();
  });

  it('refuses bad options at once, and calls after it was closed', async () => {
    expect(() => new KeyedSemaphore({ permits: 0 })).toThrow(RangeError);
    const semaphore = new KeyedSemaphore({ permits: 1 });
    await semaphore.acquire('a');
    const waiting = semaphore.acquire('a');

    semaphore.close();

    await expect(waiting).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    await expect(semaphore.run('b', () => 1)).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    expect(semaphore.forKey('b').tryAcquire()).toBeUndefined();
  });
});
