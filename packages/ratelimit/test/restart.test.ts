import { ClosedError } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { CombinedLimiter, KeyedRateLimiter, TokenBucket } from '../src/index.ts';

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('CombinedLimiter.dump and load', () => {
  const limits = [
    { permitsPerSecond: 10, burst: 10 },
    { permitsPerSecond: 1, burst: 100 },
  ];

  it('carry every limit over a restart, with what accrued meanwhile', () => {
    const before = new ManualClock();
    const limiter = new CombinedLimiter({ limits, clock: before });
    for (let call = 0; call < 9; call++) {
      before.advance(1_000);
      limiter.tryAcquire(10);
    }
    const dump = throughJson(limiter.dump());

    const after = new ManualClock(before.now() + 500);
    const loaded = new CombinedLimiter({ limits, clock: after });
    loaded.load(dump);
    before.advance(500);
    expect(loaded.availablePermits()).toBeCloseTo(limiter.availablePermits());
    after.advance(1_000);
    before.advance(1_000);
    expect(loaded.availablePermits()).toBeCloseTo(limiter.availablePermits());
  });

  it('let those who wait go on by the new state', async () => {
    const clock = new ManualClock();
    const limiter = new CombinedLimiter({ limits, clock });
    const dump = limiter.dump();
    limiter.tryAcquire(10);
    const waiting = limiter.acquire(10);
    limiter.load(dump);
    await clock.advanceAsync(1);
    await expect(waiting).resolves.toBeUndefined();
  });

  it('give what was there when it is closed first', () => {
    const clock = new ManualClock();
    const limiter = new CombinedLimiter({ limits, clock });
    limiter.tryAcquire(4);
    limiter.close();
    const loaded = new CombinedLimiter({ limits, clock });
    loaded.load(throughJson(limiter.dump()));
    expect(loaded.availablePermits()).toBeCloseTo(6);
  });

  it.each([[[]], [[{ permits: 1, atMs: 0 }]], ['x']])('refuse %j', (states) => {
    const limiter = new CombinedLimiter({ limits });
    expect(() => limiter.load(states as never)).toThrow('states must be 2 in an array, got');
  });
});

describe('load of a limiter that is closed', () => {
  const limit = { permitsPerSecond: 1, burst: 5 };
  const state = { permits: 3, atMs: 0 };

  it.each<[string, Disposable, (limiter: never) => void]>([
    ['TokenBucket', new TokenBucket(limit), (limiter: TokenBucket) => limiter.load(state)],
    [
      'CombinedLimiter',
      new CombinedLimiter({ limits: [limit] }),
      (limiter: CombinedLimiter) => limiter.load([state]),
    ],
    [
      'KeyedRateLimiter',
      new KeyedRateLimiter(limit),
      (limiter: KeyedRateLimiter) => limiter.load([{ key: 'a', ...state }]),
    ],
  ])('is refused by a %s, as that of a cache is', (_name, limiter, load) => {
    limiter[Symbol.dispose]();
    expect(() => load(limiter as never)).toThrow(ClosedError);
  });

  it('is the one change that is: what comes when a call ends does nothing', () => {
    using bucket = new TokenBucket(limit);
    using keyed = new KeyedRateLimiter(limit);
    bucket.close();
    keyed.close();

    for (const change of ['refund', 'penalize', 'pauseUntil'] as const) {
      expect(() => bucket[change](1)).not.toThrow();
      expect(() => keyed[change]('a', 1)).not.toThrow();
    }
    expect(bucket.tryAcquire()).toBe(false);
    expect(keyed.tryAcquire('a')).toBe(false);
  });
});

describe('KeyedRateLimiter.dump and load', () => {
  const limit = { permitsPerSecond: 1, burst: 5 };

  it('carry the keys over a restart that are not full, with debts and pauses', () => {
    const before = new ManualClock();
    const limiter = new KeyedRateLimiter({ ...limit, clock: before });
    limiter.tryAcquire('used', 4);
    limiter.penalize('indebted', 8);
    limiter.pauseUntil('paused', before.now() + 60_000);
    limiter.tryAcquire('full again', 1);
    before.advance(1_000);
    const dump = throughJson(limiter.dump());
    expect(dump.map(({ key }) => key).sort()).toEqual(['indebted', 'paused', 'used']);

    const after = new ManualClock(before.now() + 1_000);
    const loaded = new KeyedRateLimiter({ ...limit, clock: after });
    loaded.load(dump);
    before.advance(1_000);
    for (const key of ['used', 'indebted', 'paused', 'full again', 'new']) {
      expect(loaded.availablePermits(key)).toBeCloseTo(limiter.availablePermits(key));
      const wait = limiter.estimateWaitMs(key, 5);
      expect(Math.abs(loaded.estimateWaitMs(key, 5) - wait)).toBeLessThan(1);
    }
  });

  it('let those who wait for a key go on by the new state', async () => {
    const clock = new ManualClock();
    const limiter = new KeyedRateLimiter({ ...limit, clock });
    limiter.tryAcquire('a', 5);
    const waiting = limiter.acquire('a', 3);
    expect(limiter.dump()).toMatchObject([{ key: 'a', permits: 0 }]);
    limiter.load([{ key: 'a', permits: 3, atMs: clock.now() }]);
    await clock.advanceAsync(1);
    await expect(waiting).resolves.toBeUndefined();
    expect(limiter.availablePermits('a')).toBeLessThan(1);
  });

  it('give what was there when it is closed first', async () => {
    const clock = new ManualClock();
    const limiter = new KeyedRateLimiter({ ...limit, clock });
    limiter.tryAcquire('used', 4);
    limiter.tryAcquire('waited for', 5);
    limiter.pauseUntil('paused', clock.now() + 60_000);
    const waiting = Promise.allSettled([limiter.acquire('waited for', 3)]);
    limiter.close();
    expect(await waiting).toMatchObject([{ reason: { code: 'ERR_CLOSED' } }]);

    const loaded = new KeyedRateLimiter({ ...limit, clock });
    loaded.load(throughJson(limiter.dump()));
    clock.advance(1_000);
    expect(loaded.availablePermits('used')).toBeCloseTo(2);
    expect(loaded.availablePermits('waited for')).toBeCloseTo(1);
    expect(loaded.estimateWaitMs('paused')).toBeCloseTo(59_000);
  });

  it('change nothing when a state is wrong', () => {
    const limiter = new KeyedRateLimiter(limit);
    const good = { key: 'good', permits: 0, atMs: Date.UTC(2020, 0) };
    for (const bad of [
      { ...good, key: 5 },
      { ...good, permits: NaN },
      { ...good, atMs: 'x' },
      { key: 'bad', atMs: 0 },
      { key: 'bad', permits: 0 },
      null,
    ]) {
      expect(() => limiter.load([good, bad] as never)).toThrow(/must be/);
    }
    expect(() => limiter.load({} as never)).toThrow('states must be an array, got an object');
    expect(limiter.dump()).toEqual([]);
  });
});
