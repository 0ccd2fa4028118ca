import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { TokenBucket, type TokenBucketState } from '../src/index.ts';
import { grantTimes } from './support.ts';

describe('TokenBucket.estimateWaitMs', () => {
  it('tells how long acquire would wait, behind those who wait already, and takes nothing', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 5, clock });
    expect(bucket.estimateWaitMs(5)).toBe(0);
    bucket.tryAcquire(5);
    expect(bucket.estimateWaitMs(2)).toBeCloseTo(200);

    const waiting = bucket.acquire(2);
    expect(bucket.estimateWaitMs()).toBeCloseTo(300);
    expect(bucket.estimateWaitMs(1, { priority: 1 })).toBeCloseTo(100);
    await clock.advanceAsync(200);
    await waiting;
    expect(bucket.estimateWaitMs()).toBeCloseTo(100);
    expect(() => bucket.estimateWaitMs(6)).toThrow(RangeError);
    bucket.close();
    expect(bucket.estimateWaitMs()).toBe(Infinity);
  });
});

describe('TokenBucket.reserve', () => {
  it('takes permits ahead of time and says how long to wait', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 2, clock });

    expect(bucket.reserve(2)?.waitMs).toBe(0);
    expect(bucket.reserve(2)?.waitMs).toBeCloseTo(200);
    expect(bucket.reserve()?.waitMs).toBeCloseTo(300);
    clock.advance(300);
    expect(bucket.tryAcquire()).toBe(false);
    clock.advance(100);
    expect(bucket.tryAcquire()).toBe(true);
    expect(bucket.stats()).toMatchObject({ granted: 4, grantedPermits: 6, refused: 1 });
  });

  it('gives them back once when it is cancelled', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 2, clock });
    bucket.tryAcquire(2);
    const reservation = bucket.reserve(2);

    reservation?.cancel();
    reservation?.cancel();

    expect(bucket.estimateWaitMs()).toBeCloseTo(100);
  });

  it('takes nothing when the wait would be too long, or when others wait', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 2, clock });
    bucket.tryAcquire(2);

    expect(bucket.reserve(1, { timeoutMs: 99 })).toBeUndefined();
    expect(bucket.estimateWaitMs()).toBeCloseTo(100);
    void bucket.acquire().catch(() => {});
    expect(bucket.reserve()).toBeUndefined();
    bucket.close();
    expect(bucket.reserve()).toBeUndefined();
  });
});

describe('TokenBucket.refund and penalize', () => {
  it('serves those who wait earlier after a refund, and never holds more than the burst', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 5, clock });
    bucket.tryAcquire(5);
    let granted = false;
    void bucket.acquire(2).then(() => (granted = true));

    bucket.refund(2);
    await Promise.resolve();
    expect(granted).toBe(true);
    bucket.refund(100);
    expect(bucket.availablePermits()).toBe(5);
  });

  it('does not shorten a pause', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 5, clock });
    bucket.pauseUntil(clock.now() + 1_000);

    bucket.refund(5);

    expect(bucket.estimateWaitMs()).toBeCloseTo(1_000);
  });

  it('runs into debt, delays those who wait, and refuses whom that makes too late', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 2, clock });
    bucket.tryAcquire(2);
    const hasty = bucket.acquire(1, { timeoutMs: 150 });
    const patient = bucket.acquire();

    bucket.penalize(7);

    await expect(hasty).rejects.toMatchObject({
      code: 'ERR_RATE_LIMIT_TIMEOUT',
      retryAfterMs: 800,
    });
    let granted = false;
    void patient.then(() => (granted = true));
    await clock.advanceAsync(799);
    expect(granted).toBe(false);
    await clock.advanceAsync(1);
    expect(granted).toBe(true);
    expect(() => bucket.penalize(-1)).toThrow(RangeError);
    expect(() => bucket.refund(NaN)).toThrow(RangeError);
  });
});

describe('TokenBucket.configure', () => {
  it('keeps the permits that are there, up to the new burst', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 10, clock });
    bucket.tryAcquire(4);

    bucket.configure({ permitsPerSecond: 100, burst: 20 });
    expect(bucket.availablePermits()).toBeCloseTo(6);
    clock.advance(10);
    expect(bucket.availablePermits()).toBeCloseTo(7);
    bucket.configure({ burst: 3 });
    expect(bucket.availablePermits()).toBeCloseTo(3);
    expect(bucket).toMatchObject({ permitsPerSecond: 100, burst: 3 });
  });

  it('serves those who wait at the new rate, in their order', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 1, burst: 1, clock });
    await bucket.acquire();
    const times = grantTimes(clock, bucket, 3, 0);
    await times;

    bucket.configure({ permitsPerSecond: 10 });
    await clock.advanceAsync(300);

    expect(await times).toEqual([100, 200, 300]);
  });

  it('keeps a pause', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 10, clock });
    bucket.pauseUntil(clock.now() + 1_000);

    bucket.configure({ permitsPerSecond: 1_000, burst: 50 });

    expect(bucket.estimateWaitMs()).toBeCloseTo(1_000);
    clock.advance(1_000);
    expect([bucket.tryAcquire(), bucket.tryAcquire()]).toEqual([true, false]);
  });

  it('rejects those who can never be served now, or not in time', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 5, clock });
    bucket.tryAcquire(5);
    const large = bucket.acquire(5);
    const hasty = bucket.acquire(1, { timeoutMs: 700 });

    bucket.configure({ permitsPerSecond: 1, burst: 4 });

    await expect(large).rejects.toThrow(RangeError);
    await expect(hasty).rejects.toMatchObject({ retryAfterMs: 1_000 });
    expect(bucket.queued).toBe(0);
    expect(clock.pending.foreground).toBe(0);
  });

  it('changes nothing when it is given something wrong', () => {
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 5 });

    expect(() => bucket.configure({ permitsPerSecond: 0 })).toThrow(RangeError);
    expect(() => bucket.configure({ burst: 0 })).toThrow(RangeError);
    expect(() => bucket.configure({ permitsPerSecond: Number.MIN_VALUE })).toThrow(RangeError);
    expect(bucket).toMatchObject({ permitsPerSecond: 10, burst: 5 });
  });
});

describe('TokenBucket.dump and load', () => {
  const limit = { permitsPerSecond: 10, burst: 5 };
  const throughJson = (state: TokenBucketState): TokenBucketState =>
    JSON.parse(JSON.stringify(state)) as TokenBucketState;

  it('goes on after a restart with what has accrued since', () => {
    const before = new ManualClock();
    const bucket = new TokenBucket({ ...limit, clock: before });
    bucket.tryAcquire(5);
    const state = throughJson(bucket.dump());

    const after = new ManualClock(before.now() + 200);
    const loaded = new TokenBucket({ ...limit, clock: after });
    loaded.load(state);

    expect(loaded.availablePermits()).toBeCloseTo(2);
  });

  it('keeps a debt and a pause', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ ...limit, clock });
    bucket.penalize(8);
    const indebted = new TokenBucket({ ...limit, clock });
    indebted.load(throughJson(bucket.dump()));
    expect(indebted.estimateWaitMs()).toBeCloseTo(400);

    bucket.pauseUntil(clock.now() + 60_000);
    const paused = new TokenBucket({ ...limit, clock });
    paused.load(throughJson(bucket.dump()));
    expect(paused.estimateWaitMs()).toBeCloseTo(60_000);
    paused.refund(5);
    expect(paused.estimateWaitMs()).toBeCloseTo(60_000);
  });

  it('takes a state from the future as one of now', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ ...limit, clock });

    bucket.load({ permits: 2, atMs: clock.now() + 86_400_000 });

    expect(bucket.availablePermits()).toBeCloseTo(2);
    expect(() => bucket.load({ permits: NaN, atMs: 0 })).toThrow(RangeError);
    const permits = bucket.availablePermits();
    for (const wrong of [{}, [], Promise.resolve(bucket.dump()), { permits: 1 }]) {
      expect(() => bucket.load(wrong as never)).toThrow(/must be a number, got undefined/);
    }
    expect(bucket.availablePermits()).toBe(permits);
  });

  it('is as it was when it is closed first', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ ...limit, clock });
    bucket.tryAcquire(5);
    const waiting = Promise.allSettled([bucket.acquire(2)]);
    clock.advance(100);
    bucket.close();
    clock.advance(100);
    bucket.close();
    expect(await waiting).toMatchObject([{ reason: { code: 'ERR_CLOSED' } }]);

    const loaded = new TokenBucket({ ...limit, clock });
    loaded.load(throughJson(bucket.dump()));
    expect(loaded.availablePermits()).toBeCloseTo(2);
  });

  it('keeps a pause without an end through JSON', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ ...limit, clock });
    bucket.pauseUntil(Infinity);
    const loaded = new TokenBucket({ ...limit, clock });

    loaded.load(throughJson(bucket.dump()));

    clock.advance(1e12);
    expect(loaded.tryAcquire()).toBe(false);
  });
});
