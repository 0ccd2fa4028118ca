import { days } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryCache, type RemovalReason } from '../src/index.ts';

/** A clock that counts how often it is read. */
class CountingClock extends ManualClock {
  reads = 0;

  override now(): number {
    this.reads++;
    return super.now();
  }

  override monotonic(): number {
    this.reads++;
    return super.monotonic();
  }
}

describe('MemoryCache expiry', () => {
  let clock: CountingClock;
  let removed: [string, RemovalReason][];
  let cache: MemoryCache<string, number>;

  beforeEach(() => {
    clock = new CountingClock();
    removed = [];
    cache = new MemoryCache({
      clock,
      maxEntries: Infinity,
      onRemove: (key, _value, reason) => removed.push([key, reason]),
    });
  });

  it('serves a value until its deadline and not from it on', () => {
    cache.set('a', 1, { ttlMs: 100 });

    clock.advance(99);
    expect(cache.get('a')).toBe(1);
    expect(cache.getEntry('a')).toEqual({ value: 1, ttlMs: 1 });
    clock.advance(1);
    expect(cache.has('a')).toBe(false);
    expect(cache.peek('a')).toBeUndefined();
    expect([...cache]).toEqual([]);
    expect([...cache.keys()]).toEqual([]);
    expect([...cache.values()]).toEqual([]);
    expect(cache.get('a')).toBeUndefined();
    expect(removed).toEqual([['a', 'expired']]);
    expect(cache.stats()).toMatchObject({ expirations: 1, evictions: 0, misses: 1 });
  });

  it('prefers the time-to-live of the entry to that of the cache', () => {
    const cache = new MemoryCache<string, number>({ clock, ttlMs: 100 });
    cache.set('default', 1);
    cache.set('short', 1, { ttlMs: 10 });
    cache.set('ever', 1, { ttlMs: Infinity });

    clock.advance(10);
    expect([...cache.keys()]).toEqual(['default', 'ever']);
    clock.advance(90);
    expect([...cache.keys()]).toEqual(['ever']);
  });

  it('keeps nothing with a ttl of 0, and drops what was there', () => {
    cache.set('a', 1);
    cache.set('a', 2, { ttlMs: 0 });
    cache.set('b', 2, { ttlMs: 0 });

    expect(cache.size).toBe(0);
    expect(removed).toEqual([['a', 'replaced']]);
  });

  it('refuses a bare ttl in the place of options and changes nothing', () => {
    const cache = new MemoryCache<string, number>();
    cache.set('a', 1);
    expect(() => cache.set('a', 2, 5_000 as never)).toThrow(
      new TypeError('options must be an object such as { ttlMs }, got 5000'),
    );
    expect(cache.get('a')).toBe(1);
  });

  it.each([-1, NaN, -Infinity])('refuses a ttl of %s and changes nothing', (ttlMs) => {
    cache.set('a', 1);

    expect(() => cache.set('a', 2, { ttlMs })).toThrow(
      `ttlMs must be a number of at least 0, got ${ttlMs}`,
    );
    expect(cache.get('a')).toBe(1);
  });

  it('gives a replaced value its own deadline, earlier, later or none', () => {
    cache.set('later', 1, { ttlMs: 1_000 });
    cache.set('earlier', 1, { ttlMs: 100_000 });
    cache.set('ever', 1, { ttlMs: 1_000 });
    cache.set('later', 2, { ttlMs: 100_000 });
    cache.set('earlier', 2, { ttlMs: 1_000 });
    cache.set('ever', 2, { ttlMs: Infinity });
    removed.length = 0;

    clock.advance(2_000);
    expect([...cache.keys()]).toEqual(['later', 'ever']);
    expect(removed).toEqual([['earlier', 'expired']]);
    clock.advance(100_000);
    expect([...cache.keys()]).toEqual(['ever']);
    expect(clock.pending.background).toBe(0);
  });

  it('tells an expired value from a replaced, a deleted and an evicted one', () => {
    const cache = new MemoryCache<string, number>({
      clock,
      maxEntries: 3,
      policy: 'lru',
      onRemove: (key, _value, reason) => removed.push([key, reason]),
    });
    for (const key of ['set', 'deleted', 'evicted']) cache.set(key, 1, { ttlMs: 10 });
    clock.advance(10);

    cache.set('set', 2);
    expect(cache.delete('deleted')).toBe(false);
    cache.set('x', 1);
    cache.set('y', 1);

    expect(removed).toEqual([
      ['set', 'expired'],
      ['deleted', 'expired'],
      ['evicted', 'expired'],
    ]);
    expect(cache.stats()).toMatchObject({ evictions: 0, expirations: 3 });
  });

  it('frees an entry that ends before those that were set earlier', () => {
    cache.set('long', 1, { ttlMs: 1_000_000 });
    cache.set('short', 1, { ttlMs: 1_000 });

    clock.advance(2_000);
    expect([cache.size, ...removed]).toEqual([1, ['short', 'expired']]);
  });

  it('frees expired entries in the background within a second, with one timer', () => {
    for (let index = 0; index < 500; index++)
      cache.set(`${index}`, index, { ttlMs: 10_000 + index });
    expect(clock.pending).toEqual({ foreground: 0, background: 1 });

    clock.advance(9_999);
    expect(cache.size).toBe(500);
    clock.advance(1_600);
    expect(cache.size).toBe(0);
    expect(removed).toHaveLength(500);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it.each([1, 100, 5_000, 60_000, 3_600_000, days(2), days(30), days(400), days(365 * 40)])(
    'frees an entry of %i ms soon after its deadline, not before',
    (ttlMs) => {
      clock.advance(12_345);
      cache.set('a', 1, { ttlMs });

      clock.advance(ttlMs - 1);
      expect(cache.has('a')).toBe(true);
      clock.advance(1_024);
      expect(cache.size).toBe(0);
      expect(clock.pending.background).toBe(0);
    },
  );

  it('keeps a ttl beyond the longest timer, and beyond any calendar', () => {
    cache.set('month', 1, { ttlMs: days(30) });
    cache.set('aeon', 1, { ttlMs: Number.MAX_VALUE });

    clock.advance(days(29));
    expect(cache.get('month')).toBe(1);
    clock.advance(days(2));
    expect(cache.get('month')).toBeUndefined();
    clock.advance(days(365 * 100));
    expect(cache.get('aeon')).toBe(1);
  });

  it('reads the clock only for entries that have a ttl', () => {
    cache.set('ever', 1);
    cache.get('ever');
    cache.delete('ever');
    cache.set('ever', 1);
    expect(clock.reads).toBe(0);

    cache.set('timed', 1, { ttlMs: 10 });
    clock.reads = 0;
    cache.get('ever');
    cache.has('ever');
    expect(clock.reads).toBe(0);
    cache.get('timed');
    expect(clock.reads).toBeLessThanOrEqual(1);
  });

  it('looks at the clock rarely in a loop, and still sees time pass', () => {
    cache.set('a', 1, { ttlMs: 100 });
    clock.reads = 0;
    for (let read = 0; read < 100_000; read++) cache.get('a');
    expect(clock.reads).toBeLessThan(1_000);

    // A loop that lets no timer run, in which only the monotonic clock moves.
    let time = clock.monotonic();
    clock.monotonic = () => time;
    let reads = 0;
    for (; cache.get('a') !== undefined; reads++) time += 0.01;
    expect(reads).toBeLessThan(100 / 0.01 + 256);
  });

  it('looks at the clock at each read of a loop that is slow', () => {
    cache.set('a', 1, { ttlMs: 10_000 });
    let time = clock.monotonic();
    clock.monotonic = () => time;
    for (let read = 0; read < 20; read++) {
      time += 400;
      cache.get('a');
    }
    time += 2_000;
    expect(cache.get('a')).toBeUndefined();
  });

  it('ends an entry that is not read for idleMs, and its ttl ends it all the same', () => {
    const cache = new MemoryCache<string, number>({ clock, idleMs: 1_000, ttlMs: 5_000 });
    cache.set('read', 1);
    cache.set('idle', 1);
    for (let time = 0; time < 4_500; time += 500) {
      clock.advance(500);
      expect(cache.get('read')).toBe(1);
      expect(cache.has('idle')).toBe(time < 500);
    }
    clock.advance(500);
    expect(cache.get('read')).toBeUndefined();
  });

  it('frees what was idle, and counts writes as use', () => {
    const cache = new MemoryCache<string, number>({ clock, idleMs: 1_000 });
    cache.set('a', 1);
    cache.set('b', 1);
    clock.advance(900);
    cache.set('a', 2);
    cache.peek('b');
    clock.advance(900);
    expect([...cache.keys()]).toEqual(['a']);
    clock.advance(5_000);
    expect(cache.size).toBe(0);
    expect(clock.pending.background).toBe(0);
    expect(() => new MemoryCache({ idleMs: 0 })).toThrow('idleMs must be a number above 0, got 0');
  });

  it('takes the place of an expired entry before it evicts a live one', () => {
    const cache = new MemoryCache<string, number>({ clock, maxEntries: 100 });
    cache.set('short', 1, { ttlMs: 100 });
    for (let index = 0; index < 99; index++) cache.set(`${index}`, index, { ttlMs: 1e6 });
    // Its time is over, but no timer ran yet.
    const later = clock.monotonic() + 2_000;
    clock.monotonic = () => later;
    for (let read = 0; read < 256; read++) cache.get('0');

    cache.set('new', 1);
    expect(cache.stats()).toMatchObject({ entries: 100, evictions: 0, expirations: 1 });
  });

  it('has no timer while nothing can expire', () => {
    cache.set('a', 1);
    expect(clock.pending.background).toBe(0);
    cache.set('a', 1, { ttlMs: 1_000 });
    expect(clock.pending.background).toBe(1);
    cache.clear();
    expect(clock.pending.background).toBe(0);
  });

  it('is not moved by a step of the wall clock', () => {
    cache.set('a', 1, { ttlMs: 1_000 });
    clock.stepWallClock(days(1));
    expect(cache.get('a')).toBe(1);
    clock.stepWallClock(-days(2));
    clock.advance(1_000);
    expect(cache.get('a')).toBeUndefined();
  });

  it('collects a large number in slices', () => {
    for (let index = 0; index < 3_500; index++) cache.set(`${index}`, index, { ttlMs: 1_000 });
    const sizes: number[] = [];
    const { schedule } = clock;
    clock.schedule = (task, delayMs, options) =>
      schedule.call(clock, () => (task(), sizes.push(cache.size)), delayMs, options);
    clock.advance(1_000);
    cache.set('later', 1, { ttlMs: 10 });
    clock.advance(1_000);

    expect(sizes.length).toBeGreaterThanOrEqual(3);
    expect(cache.size).toBe(0);
  });

  it.each([
    [5, new TypeError('options must be an object such as { limit }, got 5')],
    [{ limit: NaN }, new RangeError('limit must be a whole number of at least 0, got NaN')],
  ])('purges nothing by %j', (options, error) => {
    cache.set('old', 1, { ttlMs: 5 });
    clock.advance(5);

    expect(() => cache.purgeExpired(options as never)).toThrow(error);
    expect(cache.size).toBe(1);
  });

  it('purges what is expired now, at most as many as told', () => {
    for (let index = 0; index < 10; index++) cache.set(`old${index}`, index, { ttlMs: 5 });
    for (let index = 0; index < 10; index++) cache.set(`young${index}`, index, { ttlMs: 50 });
    cache.set('ever', 1);
    clock.advance(5);

    expect(cache.purgeExpired({ limit: 4 })).toBe(4);
    expect(cache.size).toBe(17);
    expect(cache.purgeExpired()).toBe(6);
    expect(cache.purgeExpired()).toBe(0);
    expect(cache.size).toBe(11);
    clock.advance(1_000);
    expect([...cache.keys()]).toEqual(['ever']);
    expect(cache.stats().expirations).toBe(20);
  });

  it('uses the place of an expired entry again, with the deadline of the new one', () => {
    cache.set('a', 1, { ttlMs: 10 });
    clock.advance(10);
    cache.get('a');
    cache.set('b', 1, { ttlMs: 100_000 });
    cache.set('c', 1);

    clock.advance(50_000);
    expect(cache.size).toBe(2);
    clock.advance(51_000);
    expect([...cache.keys()]).toEqual(['c']);
  });
});
