import type { Clock, RateLimiter } from '@x/interfaces';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.ts';

/**
 * The contract of a rate limiter, as tests. Call it at the top level of a test file.
 *
 * @param create - makes a limiter of 10 permits per second with a burst of 5, full at the start
 */
export function describeRateLimiter(name: string, create: (clock: Clock) => RateLimiter): void {
  describe(`${name} keeps the rate limiter contract`, () => {
    let clock: ManualClock;
    let limiter: RateLimiter;

    beforeEach(() => {
      clock = new ManualClock();
      limiter = create(clock);
    });

    it('grants the burst at once and then refuses', () => {
      const granted = Array.from({ length: 6 }, () => limiter.tryAcquire());

      expect(granted).toEqual([true, true, true, true, true, false]);
    });

    it('refills at the rate, in fractions, never above the burst', () => {
      limiter.tryAcquire(5);
      expect(limiter.availablePermits()).toBeCloseTo(0);

      clock.advance(50);
      expect(limiter.availablePermits()).toBeCloseTo(0.5);
      clock.advance(50);
      expect(limiter.tryAcquire()).toBe(true);
      clock.advance(60_000);
      expect(limiter.availablePermits()).toBeCloseTo(5);
    });

    it('grants waiters in their order, each as soon as its permits are there', async () => {
      limiter.tryAcquire(5);
      const order: string[] = [];
      const waits = [
        limiter.acquire(2).then(() => order.push(`a at ${clock.monotonic()}`)),
        limiter.acquire(1).then(() => order.push(`b at ${clock.monotonic()}`)),
        limiter.acquire(3).then(() => order.push(`c at ${clock.monotonic()}`)),
      ];

      await clock.advanceAsync(600);
      await Promise.all(waits);

      expect(order).toEqual(['a at 200', 'b at 300', 'c at 600']);
    });

    it('lets nobody overtake a waiter', async () => {
      limiter.tryAcquire(5);
      const waiting = limiter.acquire(5);

      await clock.advanceAsync(400);
      expect(limiter.tryAcquire()).toBe(false);
      await clock.advanceAsync(100);
      await waiting;
    });

    it('refuses a wait that cannot end in time at once, and takes nothing', async () => {
      limiter.tryAcquire(5);

      await expect(limiter.acquire(1, { timeoutMs: 50 })).rejects.toMatchObject({
        code: 'ERR_RATE_LIMIT_TIMEOUT',
        retryAfterMs: 100,
      });
      expect(clock.pending.foreground).toBe(0);
      clock.advance(100);
      expect(limiter.tryAcquire()).toBe(true);
    });

    it('rejects an aborted wait with the reason and gives its place to the next', async () => {
      limiter.tryAcquire(5);
      const controller = new AbortController();
      const aborted = limiter.acquire(5, { signal: controller.signal });
      const next = limiter.acquire(1);
      const reason = new Error('changed my mind');

      controller.abort(reason);
      await expect(aborted).rejects.toBe(reason);
      await clock.advanceAsync(100);
      await next;
    });

    it('takes nothing when the signal is aborted already', async () => {
      const reason = new Error('too late');

      await expect(limiter.acquire(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      expect(limiter.availablePermits()).toBeCloseTo(5);
    });

    it.each([0, -1, 1.5, NaN, 6, Infinity])('refuses a request for %s permits', async (permits) => {
      expect(() => limiter.tryAcquire(permits)).toThrow(RangeError);
      await expect(async () => limiter.acquire(permits)).rejects.toThrow(RangeError);
      expect(limiter.availablePermits()).toBeCloseTo(5);
    });

    it('grants nothing until a pause is over', async () => {
      limiter.pauseUntil(clock.now() + 1_000);
      limiter.pauseUntil(clock.now() + 500);

      expect(limiter.tryAcquire()).toBe(false);
      const waiting = limiter.acquire();
      let granted = false;
      void waiting.then(() => (granted = true));
      await clock.advanceAsync(999);
      expect(granted).toBe(false);
      await clock.advanceAsync(101);
      await waiting;
    });

    it('is not moved by a step of the wall clock', () => {
      limiter.tryAcquire(5);
      clock.stepWallClock(86_400_000);

      expect(limiter.tryAcquire()).toBe(false);
      clock.stepWallClock(-2 * 86_400_000);
      clock.advance(100);
      expect(limiter.tryAcquire()).toBe(true);
    });

    it('holds the process only while somebody waits', async () => {
      limiter.tryAcquire(5);
      expect(clock.pending.foreground).toBe(0);
      const waits = [limiter.acquire(), limiter.acquire(), limiter.acquire()];

      expect(clock.pending.foreground).toBe(1);
      await clock.advanceAsync(300);
      await Promise.all(waits);
      expect(clock.pending.foreground).toBe(0);
    });

    it('never exceeds rate and burst over a long run', async () => {
      let granted = 0;
      for (let step = 0; step < 1_000; step++) {
        while (limiter.tryAcquire()) granted++;
        clock.advance(7);
      }

      expect(granted).toBeGreaterThanOrEqual(74);
      expect(granted).toBeLessThanOrEqual(75);
    });
  });
}
