import { getEventListeners } from 'node:events';
import type { Logger } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import { describe, expect, it, vi } from 'vitest';
import { RateLimitTimeoutError, TokenBucket } from '../src/index.ts';
import { grantTimes, LateClock } from './support.ts';

const silentLogger = (): Logger => ({
  debug: vi.fn(),
  info: vi.fn(),
  warn: vi.fn(),
  error: vi.fn(),
});

describe('new TokenBucket', () => {
  it.each([
    [0, 'permitsPerSecond must be a number above 0, got 0'],
    [-1, 'permitsPerSecond must be a number above 0, got -1'],
    [NaN, 'permitsPerSecond must be a number above 0, got NaN'],
    [Infinity, 'permitsPerSecond must be finite, got Infinity'],
  ])('refuses a rate of %s', (permitsPerSecond, message) => {
    expect(() => new TokenBucket({ permitsPerSecond })).toThrow(new RangeError(message));
  });

  it('refuses a rate that is missing or no number', () => {
    expect(() => new TokenBucket({} as never)).toThrow(
      new TypeError('permitsPerSecond must be a number above 0, got undefined'),
    );
    expect(() => new TokenBucket({ permitsPerSecond: '10' as never })).toThrow(TypeError);
  });

  it.each([0, 0.5, NaN, Infinity])('refuses a burst of %s', (burst) => {
    expect(() => new TokenBucket({ permitsPerSecond: 1, burst })).toThrow(RangeError);
  });

  it('refuses a bucket that would never fill', () => {
    expect(() => new TokenBucket({ permitsPerSecond: Number.MIN_VALUE })).toThrow(RangeError);
  });

  it('holds one second of permits by default, at least 1', () => {
    expect(new TokenBucket({ permitsPerSecond: 20 }).burst).toBe(20);
    expect(new TokenBucket({ permitsPerSecond: 2.5 }).burst).toBe(2.5);
    expect(new TokenBucket({ permitsPerSecond: 0.1 }).burst).toBe(1);
  });

  it('grants one permit in ten seconds at a rate of 0.1', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 0.1, clock });
    expect(bucket.tryAcquire()).toBe(true);

    clock.advance(9_999);
    expect(bucket.tryAcquire()).toBe(false);
    clock.advance(1);
    expect(bucket.tryAcquire()).toBe(true);
  });
});

describe('TokenBucket.acquire', () => {
  it('names the request and the burst when it asks for too much', async () => {
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 5 });

    await expect(bucket.acquire(6)).rejects.toThrow(
      new RangeError('permits must be a whole number from 1 to the burst of 5, got 6'),
    );
  });

  it('says when to retry if the timeout is too short', async () => {
    const bucket = new TokenBucket({ permitsPerSecond: 3, burst: 1, clock: new ManualClock() });
    await bucket.acquire();

    const refused = await bucket.acquire(1, { timeoutMs: 20 }).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(RateLimitTimeoutError);
    expect(refused).toMatchObject({
      code: 'ERR_RATE_LIMIT_TIMEOUT',
      limiter: 'token-bucket',
      timeoutMs: 20,
      retryAfterMs: 334,
      message: 'limiter "token-bucket" had no permit within 20 ms; retry in 334 ms',
    });
  });

  it('counts the queue in when it judges a timeout', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 2, clock });
    await bucket.acquire(2);
    const first = bucket.acquire(2);

    await expect(bucket.acquire(1, { timeoutMs: 299 })).rejects.toMatchObject({
      retryAfterMs: 300,
    });
    const second = bucket.acquire(1, { timeoutMs: 300 });
    await clock.advanceAsync(300);
    await Promise.all([first, second]);
    await expect(bucket.acquire(1, { timeoutMs: 50 })).rejects.toMatchObject({
      retryAfterMs: 100,
    });
  });

  it('grants at once with a timeout of 0 when the permits are there', async () => {
    const bucket = new TokenBucket({ permitsPerSecond: 1 });

    await expect(bucket.acquire(1, { timeoutMs: 0 })).resolves.toBeUndefined();
  });

  it('refuses a timeout below 0 even when it would not have to wait', async () => {
    const bucket = new TokenBucket({ permitsPerSecond: 1 });

    await expect(bucket.acquire(1, { timeoutMs: -1 })).rejects.toThrow(RangeError);
    await expect(bucket.acquire(1, { timeoutMs: NaN })).rejects.toThrow(RangeError);
  });

  it('serves a small request at once when the large one before it gives up', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 5, clock });
    await bucket.acquire(5);
    const large = new AbortController();
    const aborted = bucket.acquire(5, { signal: large.signal });
    let granted = false;
    const small = bucket.acquire(1).then(() => (granted = true));

    await clock.advanceAsync(150);
    expect(granted).toBe(false);
    large.abort();
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    await small;
    expect(bucket.availablePermits()).toBeCloseTo(0.5);
  });

  it('leaves no listener on a signal, however the wait ends', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 1, clock });
    const controller = new AbortController();
    const listeners = (): number => getEventListeners(controller.signal, 'abort').length;
    await bucket.acquire(1, { signal: controller.signal });
    expect(listeners()).toBe(0);

    const granted = bucket.acquire(1, { signal: controller.signal });
    const aborted = bucket.acquire(1, { signal: controller.signal });
    expect(listeners()).toBe(2);
    await clock.advanceAsync(100);
    await granted;
    expect(listeners()).toBe(1);
    controller.abort();
    await expect(aborted).rejects.toBe(controller.signal.reason);

    expect(listeners()).toBe(0);
    expect(clock.pending.foreground).toBe(0);
  });

  it('cancels each of a thousand waiters on one signal and leaves the queue empty', async () => {
    const bucket = new TokenBucket({ permitsPerSecond: 1, clock: new ManualClock() });
    await bucket.acquire();
    const controller = new AbortController();
    const waits = Array.from({ length: 1_000 }, () =>
      bucket.acquire(1, { signal: controller.signal }),
    );

    controller.abort();
    const results = await Promise.allSettled(waits);

    expect(results.every((result) => result.status === 'rejected')).toBe(true);
    expect(bucket.stats()).toMatchObject({ queued: 0, aborted: 1_000 });
  });

  it('releases ten thousand permits a second in order, with no more timers than ticks', async () => {
    const clock = new LateClock(1);
    const bucket = new TokenBucket({ permitsPerSecond: 10_000, burst: 100, clock });
    await bucket.acquire(100);

    const times = await grantTimes(clock.manual, bucket, 10_000, 1_100);

    expect(times).toHaveLength(10_000);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThanOrEqual(1_000);
    expect(times.at(-1)).toBeLessThanOrEqual(1_002);
    expect(clock.scheduled).toBeLessThanOrEqual(1_010);
  });

  it('keeps its rate with a burst of 1 although every timer fires late', async () => {
    const clock = new LateClock(0.9);
    const bucket = new TokenBucket({ permitsPerSecond: 100, burst: 1, clock });
    await bucket.acquire();

    const times = await grantTimes(clock.manual, bucket, 100, 1_010);

    expect(times).toHaveLength(100);
    expect(times.at(-1)).toBeCloseTo(1_000.9);
  });

  it('releases no flood after the process stood still', async () => {
    const clock = new LateClock(5_000);
    const bucket = new TokenBucket({ permitsPerSecond: 100, burst: 3, clock });
    await bucket.acquire(3);
    const granted: number[] = [];
    for (let index = 0; index < 50; index++) {
      void bucket.acquire().then(() => granted.push(clock.monotonic()));
    }

    await clock.manual.advanceAsync(5_010);

    expect(granted).toHaveLength(3);
  });

  it('refuses those whom a stall has made too late', async () => {
    const clock = new LateClock(5_000);
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 1, clock });
    await bucket.acquire();
    const patient = bucket.acquire();
    const hasty = bucket.acquire(1, { timeoutMs: 200 });
    const rejected = expect(hasty).rejects.toMatchObject({ code: 'ERR_RATE_LIMIT_TIMEOUT' });

    await clock.manual.advanceAsync(5_100);

    await patient;
    await rejected;
  });

  it('serves who is due before a newcomer when the timer has not fired yet', async () => {
    const clock = new LateClock(1_000);
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 2, clock });
    await bucket.acquire(2);
    let granted = false;
    void bucket.acquire().then(() => (granted = true));

    await clock.manual.advanceAsync(100);
    expect(granted).toBe(false);
    expect(bucket.tryAcquire()).toBe(false);
    await Promise.resolve();
    expect(granted).toBe(true);
  });
});

describe('TokenBucket.pauseUntil', () => {
  it('goes on with one permit and no burst', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 5, clock });
    bucket.pauseUntil(clock.now() + 1_000);

    clock.advance(999);
    expect(bucket.availablePermits()).toBeCloseTo(0.99);
    expect(bucket.tryAcquire()).toBe(false);
    clock.advance(1);
    expect([bucket.tryAcquire(), bucket.tryAcquire()]).toEqual([true, false]);
    clock.advance(100);
    expect(bucket.tryAcquire()).toBe(true);
  });

  it('delays those who wait and refuses at once whom it makes too late', async () => {
    const clock = new ManualClock();
    const logger = silentLogger();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 1, clock, logger, name: 'api' });
    await bucket.acquire();
    const hasty = bucket.acquire(1, { timeoutMs: 500 });
    let grantedAt: number | undefined;
    void bucket.acquire(1, { timeoutMs: 2_000 }).then(() => (grantedAt = clock.monotonic()));

    bucket.pauseUntil(clock.now() + 1_500);
    bucket.pauseUntil(clock.now() + 1_000);

    await expect(hasty).rejects.toMatchObject({ retryAfterMs: 1_500, timeoutMs: 500 });
    await clock.advanceAsync(1_600);
    expect(grantedAt).toBe(1_500);
    expect(logger.info).toHaveBeenCalledExactlyOnceWith('limiter "api" pauses for 1500 ms');
  });

  it('ignores a time that is past, and refuses NaN', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 5, clock });

    bucket.pauseUntil(clock.now() - 1);
    expect(bucket.availablePermits()).toBe(5);
    expect(() => bucket.pauseUntil(NaN)).toThrow(RangeError);
  });

  it('may last for ever', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, clock });
    bucket.pauseUntil(Infinity);
    clock.advance(1e12);

    expect(bucket.tryAcquire()).toBe(false);
    expect(bucket.availablePermits()).toBe(0);
  });
});

describe('TokenBucket.stats', () => {
  it('counts calls, permits and waits', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 5, clock });
    bucket.tryAcquire(5);
    bucket.tryAcquire();
    await bucket.acquire(1, { timeoutMs: 10 }).catch(() => {});
    await bucket.acquire(1, { signal: AbortSignal.abort() }).catch(() => {});
    const waits = [bucket.acquire(1), bucket.acquire(2)];
    expect(bucket.stats().queued).toBe(2);
    await clock.advanceAsync(300);
    await Promise.all(waits);

    expect(bucket.stats()).toEqual({
      granted: 3,
      grantedPermits: 8,
      refused: 1,
      timedOut: 1,
      aborted: 1,
      queueFull: 0,
      waited: 2,
      totalWaitMs: 400,
      maxWaitMs: 300,
      queued: 0,
    });
  });
});

describe('TokenBucket.close', () => {
  it('rejects those who wait and everybody after, and leaves no timer', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ permitsPerSecond: 1, clock, name: 'api' });
    await bucket.acquire();
    const waits = [bucket.acquire(), bucket.acquire()];

    bucket.close();
    bucket.close();

    for (const wait of [...waits, bucket.acquire()]) {
      await expect(wait).rejects.toMatchObject({
        code: 'ERR_CLOSED',
        message: 'limiter "api" is closed',
      });
    }
    clock.advance(60_000);
    expect(bucket.tryAcquire()).toBe(false);
    expect(clock.pending.foreground).toBe(0);
  });
});
