import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedRateLimiter, TokenBucket } from '../src/index.ts';

const limit = { permitsPerSecond: 10, burst: 3 };

describe('KeyedRateLimiter', () => {
  it('limits each key for itself', () => {
    const limiter = new KeyedRateLimiter({ ...limit, clock: new ManualClock() });

    expect(limiter.tryAcquire('a', 3)).toBe(true);
    expect(limiter.tryAcquire('a')).toBe(false);
    expect(limiter.tryAcquire('b', 3)).toBe(true);
    expect(limiter.stats()).toMatchObject({ granted: 2, grantedPermits: 6, refused: 1, keys: 2 });
  });

  it('lets callers of one key wait in their order, and holds up no other key', async () => {
    const clock = new ManualClock();
    const limiter = new KeyedRateLimiter({ ...limit, clock });
    limiter.tryAcquire('a', 3);
    const order: string[] = [];
    const waits = ['a1', 'a2', 'b1'].map(async (name) => {
      await limiter.acquire(name.charAt(0));
      order.push(`${name} at ${Math.round(clock.monotonic())}`);
    });
    await Promise.resolve();
    expect(limiter.tryAcquire('a')).toBe(false);
    expect(limiter.stats()).toMatchObject({ queued: 2, granted: 2 });

    await clock.advanceAsync(200);
    await Promise.all(waits);

    expect(order).toEqual(['b1 at 0', 'a1 at 100', 'a2 at 200']);
    expect(clock.pending.foreground).toBe(0);
    expect(limiter.availablePermits('a')).toBeCloseTo(0);
    clock.advance(100);
    expect(limiter.availablePermits('a')).toBeCloseTo(1);
  });

  it('forgets keys whose buckets are full again, without a timer', () => {
    const clock = new ManualClock();
    const limiter = new KeyedRateLimiter({ ...limit, clock });
    for (let index = 0; index < 100; index++) limiter.tryAcquire(`old ${index}`);

    clock.advance(400);
    limiter.tryAcquire('new');
    clock.advance(400);
    limiter.tryAcquire('new');

    expect(limiter.stats().keys).toBeLessThanOrEqual(2);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it('remembers no more than maxKeys, those that were used of late', () => {
    const clock = new ManualClock();
    const limiter = new KeyedRateLimiter({ ...limit, maxKeys: 100, clock });
    for (let index = 0; index < 1_000; index++) {
      limiter.tryAcquire(`key ${index}`, 3);
      expect(limiter.stats().keys).toBeLessThanOrEqual(100);
    }

    expect(limiter.tryAcquire('key 999')).toBe(false);
    expect(limiter.tryAcquire('key 0')).toBe(true);
  });

  it('keeps a pause and a debt of a key for as long as they last', () => {
    const clock = new ManualClock();
    const limiter = new KeyedRateLimiter({ ...limit, clock });
    limiter.pauseUntil('paused', clock.now() + 60_000);
    limiter.penalize('indebted', 603);
    for (let waited = 0; waited < 59_900; waited += 100) {
      clock.advance(100);
      limiter.tryAcquire('other');
      expect(limiter.tryAcquire('paused')).toBe(false);
    }
    expect(limiter.tryAcquire('indebted')).toBe(false);

    clock.advance(100);
    expect(limiter.tryAcquire('paused')).toBe(true);
    expect(limiter.tryAcquire('paused')).toBe(false);
    clock.advance(100);
    expect(limiter.tryAcquire('indebted')).toBe(true);
  });

  it('gives permits back, and forgets a key on request', () => {
    const limiter = new KeyedRateLimiter({ ...limit, clock: new ManualClock() });
    limiter.tryAcquire('a', 3);
    limiter.refund('a', 1);
    expect(limiter.availablePermits('a')).toBeCloseTo(1);
    expect(limiter.estimateWaitMs('a', 3)).toBeCloseTo(200);

    expect(limiter.delete('a')).toBe(true);
    expect(limiter.delete('a')).toBe(false);
    expect(limiter.availablePermits('a')).toBe(3);
  });

  it('rejects those who wait when it is closed, and everybody after', async () => {
    const clock = new ManualClock();
    const limiter = new KeyedRateLimiter({ ...limit, clock });
    limiter.tryAcquire('a', 3);
    const waiting = limiter.acquire('a');

    limiter.close();
    limiter.close();

    await expect(waiting).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    await expect(limiter.acquire('b')).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    expect(limiter.tryAcquire('b')).toBe(false);
    expect(limiter.availablePermits('b')).toBe(0);
    expect(clock.pending.foreground).toBe(0);
  });

  it.each([0, 1, 1.5, NaN, 2 ** 25])('refuses maxKeys of %s', (maxKeys) => {
    expect(() => new KeyedRateLimiter({ ...limit, maxKeys })).toThrow(RangeError);
  });

  it('grants what a bucket for each key would grant', async () => {
    const steps = fc.array(
      fc.record({
        afterMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2_000, noNaN: true })),
        key: fc.constantFrom('a', 'b', 'c'),
        permits: fc.integer({ min: 1, max: 3 }),
        how: fc.constantFrom('try', 'try', 'try', 'acquire', 'penalize', 'refund', 'pause'),
      }),
      { maxLength: 40 },
    );
    const rates = fc.double({ min: 0.5, max: 500, noNaN: true });
    await fc.assert(
      fc.asyncProperty(rates, fc.integer({ min: 3, max: 8 }), steps, async (rate, burst, calls) => {
        const clock = new ManualClock();
        const options = { permitsPerSecond: rate, burst, clock };
        const keyed = new KeyedRateLimiter(options);
        const buckets = new Map(['a', 'b', 'c'].map((key) => [key, new TokenBucket(options)]));
        // What each call came to, and when: for a try 0 or 1, which it says at once.
        const grants: [Map<number, number>, Map<number, number>] = [new Map(), new Map()];
        for (const [index, { afterMs, key, permits, how }] of calls.entries()) {
          await clock.advanceAsync(afterMs);
          while ([...buckets.values()].some(isAboutToGain))
            await clock.advanceAsync(3 * roundingMs);
          const bucket = buckets.get(key) as TokenBucket;
          if (how === 'try') {
            grants[0].set(index, Number(keyed.tryAcquire(key, permits)));
            grants[1].set(index, Number(bucket.tryAcquire(permits)));
          } else if (how === 'acquire') {
            const note = (to: Map<number, number>) => (): void => {
              to.set(index, clock.monotonic());
            };
            void keyed.acquire(key, permits).then(note(grants[0]));
            void bucket.acquire(permits).then(note(grants[1]));
          } else if (how === 'penalize') {
            keyed.penalize(key, permits);
            bucket.penalize(permits);
          } else if (how === 'refund') {
            keyed.refund(key, permits);
            bucket.refund(permits);
          } else {
            const until = clock.now() + permits * 100;
            keyed.pauseUntil(key, until);
            bucket.pauseUntil(until);
          }
        }
        await clock.advanceAsync(1e7);

        expect(grants[0].size).toBe(grants[1].size);
        for (const [index, at] of grants[0]) {
          expect(Math.abs(at - (grants[1].get(index) ?? NaN))).toBeLessThan(roundingMs);
        }
        expect(keyed.stats().queued).toBe(0);
      }),
    );
  });
});

/** The times of a keyed limiter and of a bucket differ by less than this. */
const roundingMs = 0.02;

/** At the very moment when a permit accrues, either may have it a little before the other. */
function isAboutToGain(bucket: TokenBucket): boolean {
  const permits = bucket.availablePermits();
  if (permits > bucket.burst - 1e-9) return false;
  const intervalMs = 1_000 / bucket.permitsPerSecond;
  const restMs = (permits > 0 ? permits * intervalMs : bucket.estimateWaitMs(1)) % intervalMs;
  return restMs < roundingMs || restMs > intervalMs - roundingMs;
}
