import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock, ConcurrencyLimiter } from '@x/interfaces';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.ts';

/**
 * The contract of a concurrency limiter, as tests. Call it at the top level of a test file.
 *
 * @param create - makes a limiter of 2 permits
 */
export function describeConcurrencyLimiter(
  name: string,
  create: (clock: Clock) => ConcurrencyLimiter,
): void {
  describe(`${name} keeps the concurrency limiter contract`, () => {
    let clock: ManualClock;
    let limiter: ConcurrencyLimiter;

    beforeEach(() => {
      clock = new ManualClock();
      limiter = create(clock);
    });

    const counts = (): object => ({
      active: limiter.active,
      available: limiter.available,
      queued: limiter.queued,
    });

    it('hands out as many permits as it has', () => {
      expect(counts()).toEqual({ active: 0, available: 2, queued: 0 });

      expect(limiter.tryAcquire()).toBeDefined();
      expect(limiter.tryAcquire()).toBeDefined();
      expect(limiter.tryAcquire()).toBeUndefined();
      expect(counts()).toEqual({ active: 2, available: 0, queued: 0 });
    });

    it('takes a permit back once, however often it is released', () => {
      const first = limiter.tryAcquire();
      limiter.tryAcquire();

      first?.release();
      first?.release();
      first?.[Symbol.dispose]();

      expect(counts()).toEqual({ active: 1, available: 1, queued: 0 });
    });

    it('serves waiters in their order', async () => {
      const held = [await limiter.acquire(), await limiter.acquire()];
      const order: number[] = [];
      const waits = [1, 2, 3].map(async (number) => {
        const permit = await limiter.acquire();
        order.push(number);
        permit.release();
      });
      expect(limiter.queued).toBe(3);

      held[0]?.release();
      await Promise.all(waits);

      expect(order).toEqual([1, 2, 3]);
    });

    it('hands a released permit to the longest waiting caller, not to a newcomer', async () => {
      const held = await limiter.acquire();
      await limiter.acquire();
      const waiting = limiter.acquire();

      held.release();

      expect(limiter.tryAcquire()).toBeUndefined();
      expect(await waiting).toBeDefined();
      expect(counts()).toEqual({ active: 2, available: 0, queued: 0 });
    });

    it('runs no more than its permits at the same time, and all of them', async () => {
      let running = 0;
      let most = 0;
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          limiter.run(async () => {
            most = Math.max(most, ++running);
            await Promise.resolve();
            running--;
            return index;
          }),
        ),
      );

      expect(most).toBe(2);
      expect(results).toEqual(Array.from({ length: 50 }, (_, index) => index));
      expect(counts()).toEqual({ active: 0, available: 2, queued: 0 });
    });

    it('gives the permit back when what runs throws or rejects', async () => {
      const error = new Error('no');

      await expect(
        limiter.run(() => {
          throw error;
        }),
      ).rejects.toBe(error);
      await expect(limiter.run(() => Promise.reject(error))).rejects.toBe(error);
      expect(counts()).toEqual({ active: 0, available: 2, queued: 0 });
    });

    it('rejects a wait at its timeout and keeps the queue intact', async () => {
      const held = await limiter.acquire();
      await limiter.acquire();
      const late = limiter.acquire({ timeoutMs: 100 });
      const rejected = expect(late).rejects.toMatchObject({ code: 'ERR_CONCURRENCY_TIMEOUT' });
      const next = limiter.acquire();

      await clock.advanceAsync(100);
      await rejected;
      expect(limiter.queued).toBe(1);
      held.release();
      expect(await next).toBeDefined();
      expect(clock.pending.foreground).toBe(0);
    });

    it('rejects an aborted wait with the reason', async () => {
      await limiter.acquire();
      await limiter.acquire();
      const controller = new AbortController();
      const aborted = limiter.acquire({ signal: controller.signal });
      const reason = new Error('changed my mind');

      controller.abort(reason);

      await expect(aborted).rejects.toBe(reason);
      expect(limiter.queued).toBe(0);
      await expect(limiter.run(() => 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(
        reason,
      );
    });

    it('runs queued work in the context of the caller who queued it', async () => {
      const storage = new AsyncLocalStorage<string>();
      const held = await limiter.acquire();
      await limiter.acquire();
      const seen = storage.run('caller', () => limiter.run(() => storage.getStore()));

      storage.run('releaser', () => held.release());

      expect(await seen).toBe('caller');
    });
  });
}
