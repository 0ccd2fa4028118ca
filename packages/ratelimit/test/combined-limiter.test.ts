import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CombinedLimiter, perDay, perHour, perMinute, TokenBucket } from '../src/index.ts';

describe('CombinedLimiter', () => {
  it('takes from every limit or from none', () => {
    const clock = new ManualClock();
    const limiter = new CombinedLimiter({
      limits: [
        { permitsPerSecond: 10, burst: 3 },
        { permitsPerSecond: perMinute(60), burst: 4 },
      ],
      clock,
    });
    expect(limiter.burst).toBe(3);
    expect(limiter.tryAcquire(3)).toBe(true);

    // The first limit refuses, and the second has lost nothing by it.
    expect(limiter.tryAcquire()).toBe(false);
    clock.advance(100);
    expect(limiter.tryAcquire()).toBe(true);
    clock.advance(100);
    expect(limiter.estimateWaitMs()).toBeCloseTo(800);
  });

  it('keeps both limits over a long run of callers who wait', async () => {
    const clock = new ManualClock();
    const limiter = new CombinedLimiter({
      limits: [
        { permitsPerSecond: 10, burst: 1 },
        { permitsPerSecond: 1, burst: 20 },
      ],
      clock,
    });
    const times: number[] = [];
    for (let index = 0; index < 40; index++) {
      void limiter.acquire().then(() => times.push(clock.monotonic()));
    }

    await clock.advanceAsync(60_000);

    expect(times).toHaveLength(40);
    // 20 of the burst and what accrues meanwhile go at 10 per second, the rest at 1 per second.
    expect(times[21]).toBeCloseTo(2_100);
    expect(times[39]).toBeCloseTo(20_000);
  });

  it('judges a timeout by all limits', async () => {
    const clock = new ManualClock();
    const limiter = new CombinedLimiter({
      limits: [
        { permitsPerSecond: 10, burst: 1 },
        { permitsPerSecond: 1, burst: 2 },
      ],
      clock,
    });
    const waits = [limiter.acquire(), limiter.acquire(), limiter.acquire()];

    await expect(limiter.acquire(1, { timeoutMs: 1_999 })).rejects.toMatchObject({
      retryAfterMs: 2_000,
    });
    waits.push(limiter.acquire(1, { timeoutMs: 2_000 }));
    await clock.advanceAsync(2_000);
    await Promise.all(waits);
  });

  it('pauses every limit', () => {
    const clock = new ManualClock();
    const limiter = new CombinedLimiter({
      limits: [{ permitsPerSecond: 10 }, { permitsPerSecond: 100 }],
      clock,
    });
    limiter.pauseUntil(clock.now() + 1_000);

    expect(limiter.estimateWaitMs()).toBeCloseTo(1_000);
  });

  it('refuses to be made of nothing, or of something wrong', () => {
    expect(() => new CombinedLimiter({ limits: [] })).toThrow(TypeError);
    expect(() => new CombinedLimiter({} as never)).toThrow(TypeError);
    expect(() => new CombinedLimiter({ limits: [null] } as never)).toThrow(
      'limit must be an object such as { permitsPerSecond }, got null',
    );
    expect(() => new CombinedLimiter({ limits: [{ permitsPerSecond: 0 }] })).toThrow(RangeError);
  });

  it('grants what two buckets asked together would grant', () => {
    const limits = fc.record({
      permitsPerSecond: fc.double({ min: 0.5, max: 100, noNaN: true }),
      burst: fc.integer({ min: 3, max: 9 }),
    });
    const requests = fc.array(
      fc.record({ afterMs: fc.nat(500), permits: fc.integer({ min: 1, max: 3 }) }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(limits, limits, requests, (one, other, calls) => {
        const clock = new ManualClock();
        const both = new CombinedLimiter({ limits: [one, other], clock });
        const buckets = [one, other].map((limit) => new TokenBucket({ ...limit, clock }));
        for (const { afterMs, permits } of calls) {
          clock.advance(afterMs);
          const granted = buckets.every((bucket) => bucket.estimateWaitMs(permits) === 0);
          if (granted) for (const bucket of buckets) bucket.tryAcquire(permits);
          expect(both.tryAcquire(permits)).toBe(granted);
        }
      }),
    );
  });
});

describe('Rates by the minute, hour and day', () => {
  it('are permits per second', () => {
    expect([perMinute(60), perHour(3_600), perDay(86_400)]).toEqual([1, 1, 1]);
  });
});
