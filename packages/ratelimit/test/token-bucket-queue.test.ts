import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { RateLimitQueueFullError, TokenBucket, type WhenFull } from '../src/index.ts';

const emptyBucket = (options: object, clock: ManualClock): TokenBucket => {
  const bucket = new TokenBucket({ permitsPerSecond: 10, burst: 1, clock, ...options });
  bucket.tryAcquire();
  return bucket;
};

/** Lets a caller wait for each of `priorities`, and answers who got what when. */
async function outcomes(
  bucket: TokenBucket,
  clock: ManualClock,
  priorities: readonly number[],
): Promise<string[]> {
  const outcome: string[] = [];
  for (const [index, priority] of priorities.entries()) {
    bucket.acquire(1, { priority }).then(
      () => outcome.push(`${index} at ${Math.round(clock.monotonic())}`),
      (error: { code: string }) => outcome.push(`${index}: ${error.code}`),
    );
  }
  await clock.advanceAsync(1_000);
  return outcome;
}

describe('TokenBucket with priorities', () => {
  it('serves the higher priority first, and within one in the order of coming', async () => {
    const clock = new ManualClock();

    expect(await outcomes(emptyBucket({}, clock), clock, [0, 5, 0, -1, 5])).toEqual([
      '1 at 100',
      '4 at 200',
      '0 at 300',
      '2 at 400',
      '3 at 500',
    ]);
  });

  it('refuses at its deadline whom others have overtaken', async () => {
    const clock = new ManualClock();
    const bucket = emptyBucket({}, clock);
    const late = bucket.acquire(1, { timeoutMs: 150 });
    const rejected = expect(late).rejects.toMatchObject({ code: 'ERR_RATE_LIMIT_TIMEOUT' });
    const urgent = [bucket.acquire(1, { priority: 1 }), bucket.acquire(1, { priority: 1 })];

    await clock.advanceAsync(150);
    await rejected;
    await clock.advanceAsync(50);
    await Promise.all(urgent);
    expect(clock.pending.foreground).toBe(0);
  });

  it.each([NaN, Infinity, 'high' as never])('refuses a priority of %s', async (priority) => {
    const bucket = new TokenBucket({ permitsPerSecond: 1 });

    await expect(bucket.acquire(1, { priority })).rejects.toThrow('priority');
  });
});

describe('TokenBucket with a bounded queue', () => {
  const full = 'ERR_RATE_LIMIT_QUEUE_FULL';
  const run = (whenFull: WhenFull, priorities: readonly number[]): Promise<string[]> => {
    const clock = new ManualClock();
    return outcomes(emptyBucket({ maxQueue: 2, whenFull }, clock), clock, priorities);
  };

  it('turns the newcomer away', async () => {
    expect(await run('reject-newest', [0, 0, 1])).toEqual([`2: ${full}`, '0 at 100', '1 at 200']);
  });

  it('drops who has waited longest among the lowest priority', async () => {
    expect(await run('drop-oldest', [1, 0, 1])).toEqual([`1: ${full}`, '0 at 100', '2 at 200']);
    expect(await run('drop-oldest', [0, 0, 0])).toEqual([`0: ${full}`, '1 at 100', '2 at 200']);
    expect(await run('drop-oldest', [1, 1, 0])).toEqual([`2: ${full}`, '0 at 100', '1 at 200']);
  });

  it('drops the last of the lowest priority for a higher one', async () => {
    expect(await run('drop-lowest-priority', [0, 0, 1])).toEqual([
      `1: ${full}`,
      '2 at 100',
      '0 at 200',
    ]);
    expect(await run('drop-lowest-priority', [0, 0, 0])).toEqual([
      `2: ${full}`,
      '0 at 100',
      '1 at 200',
    ]);
  });

  it('serves at once whom the one that was dropped has held back', async () => {
    const clock = new ManualClock();
    const options = { permitsPerSecond: 10, burst: 5, clock };
    const bucket = new TokenBucket({ ...options, maxQueue: 2, whenFull: 'drop-oldest' });
    bucket.tryAcquire(5);
    const large = bucket.acquire(5);
    const rejected = expect(large).rejects.toMatchObject({ code: full });
    const small = bucket.acquire(1);
    await clock.advanceAsync(150);

    const newest = bucket.acquire(1);
    await rejected;
    await small;
    expect(bucket.queued).toBe(1);
    await clock.advanceAsync(50);
    await newest;
  });

  it('says so in its error and its figures', async () => {
    const clock = new ManualClock();
    const bucket = emptyBucket({ maxQueue: 0, name: 'api' }, clock);

    const refused = await bucket.acquire().catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(RateLimitQueueFullError);
    expect(refused).toMatchObject({
      code: full,
      limiter: 'api',
      maxQueue: 0,
      message: 'limiter "api" has no permit and its queue of 0 is full',
    });
    expect(bucket.stats().queueFull).toBe(1);
    expect(() => new TokenBucket({ permitsPerSecond: 1, whenFull: 'panic' as never })).toThrow(
      TypeError,
    );
  });
});

describe('TokenBucket with jitter', () => {
  it('wakes later by a random part of it, and makes up for it by arithmetic', async () => {
    const clock = new ManualClock();
    const random = (): number => 0.5;
    const bucket = emptyBucket({ burst: 5, jitterMs: 80, random }, clock);
    bucket.tryAcquire(4);

    const times: number[] = [];
    for (let index = 0; index < 3; index++) {
      void bucket.acquire().then(() => times.push(clock.monotonic()));
    }
    await clock.advanceAsync(400);

    expect(times).toEqual([140, 240, 340]);
  });

  it('does not wait beyond a deadline', async () => {
    const clock = new ManualClock();
    const bucket = emptyBucket({ jitterMs: 1_000, random: () => 0.9 }, clock);
    const waiting = bucket.acquire(1, { timeoutMs: 120 });

    await clock.advanceAsync(120);
    await expect(waiting).resolves.toBeUndefined();
  });
});

describe('TokenBucket with a warm-up', () => {
  const options = { permitsPerSecond: 100, burst: 10, warmUpMs: 1_000, coldFactor: 4 };

  it('begins at a fraction of the rate, without a burst, and rises to the full rate', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ ...options, clock });
    expect(bucket.availablePermits()).toBe(1);

    const times: number[] = [];
    for (let index = 0; index < 200; index++) {
      void bucket.acquire().then(() => times.push(clock.monotonic()));
    }
    await clock.advanceAsync(3_000);

    const grantedIn = (from: number, to: number): number =>
      times.filter((time) => time >= from && time < to).length;
    // The rate rises evenly from 25 to 100 per second.
    expect(grantedIn(0, 200)).toBeGreaterThanOrEqual(6);
    expect(grantedIn(0, 200)).toBeLessThanOrEqual(8);
    expect(grantedIn(0, 1_000)).toBeGreaterThanOrEqual(62);
    expect(grantedIn(0, 1_000)).toBeLessThanOrEqual(64);
    expect(grantedIn(1_000, 2_000)).toBeGreaterThanOrEqual(99);
    expect(grantedIn(1_000, 2_000)).toBeLessThanOrEqual(101);
  });

  it('is cold again after it has been idle for that long, and not before', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ ...options, clock });
    for (let index = 0; index < 200; index++) {
      void bucket.acquire();
    }
    await clock.advanceAsync(3_000);
    bucket.tryAcquire();
    clock.advance(500);
    expect(bucket.availablePermits()).toBeCloseTo(10);
    expect(bucket.tryAcquire(10)).toBe(true);

    clock.advance(1_000);
    expect(bucket.availablePermits()).toBe(1);
    expect([bucket.tryAcquire(), bucket.tryAcquire()]).toEqual([true, false]);
  });

  it('tells the true wait, and keeps it', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ ...options, warmUpMs: 50, clock });
    const waitMs = bucket.estimateWaitMs(10);
    let grantedAt: number | undefined;
    void bucket.acquire(10).then(() => (grantedAt = clock.monotonic()));

    await clock.advanceAsync(10_000);

    expect(grantedAt).toBeCloseTo(waitMs);
    // Nine permits at the full rate take 90 ms; a ramp of 50 ms from a quarter loses 18.75 ms.
    expect(waitMs).toBeCloseTo(108.75);
  });

  it('keeps a pause that is longer than the warm-up', () => {
    const clock = new ManualClock();
    const unused = new TokenBucket({ ...options, clock });
    unused.pauseUntil(clock.now() + 5_000);
    expect(unused.dump().pausedUntilMs).toBe(clock.now() + 5_000);
    const bucket = new TokenBucket({ ...options, clock });
    bucket.tryAcquire();
    bucket.pauseUntil(clock.now() + 5_000);
    expect(bucket.dump().pausedUntilMs).toBeCloseTo(clock.now() + 5_000);

    clock.advance(4_999);
    expect(bucket.tryAcquire()).toBe(false);
    clock.advance(1);
    expect(bucket.tryAcquire()).toBe(true);
  });
});
