import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { MemoryCache } from '../src/index.ts';
import { watched } from './watched-cache.ts';

describe('MemoryCache bounds', () => {
  it('holds 1000 entries by default', () => {
    const cache = new MemoryCache<number, number>();
    for (let key = 0; key < 1_500; key++) cache.set(key, key);

    expect(cache.size).toBe(1_000);
    expect(cache.stats().evictions).toBe(500);
  });

  it('has no bound with Infinity', () => {
    const cache = new MemoryCache<number, number>({ maxEntries: Infinity });
    for (let key = 0; key < 50_000; key++) cache.set(key, key);

    expect(cache.size).toBe(50_000);
    expect(cache.get(0)).toBe(0);
    expect(cache.get(49_999)).toBe(49_999);
  });

  it('takes memory for the entries that it holds, not for those that it might', () => {
    const caches = Array.from(
      { length: 20 },
      () =>
        new MemoryCache<number, number>({ maxEntries: Infinity, maxBytes: 100, sizeOf: () => 1 }),
    );
    const before = process.memoryUsage().arrayBuffers;
    for (const cache of caches) for (let key = 0; key < 300; key++) cache.set(key, key);

    expect(caches.every((cache) => cache.size === 100)).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 32_768);
  });

  it('evicts the entry used least recently; has, peek and iteration are no use', () => {
    const { cache, removed } = watched({ maxEntries: 3, policy: 'lru' });
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('c', 3);
    cache.get('a');
    cache.set('b', 4);
    cache.has('c');
    cache.peek('c');
    expect([...cache.values()]).toHaveLength(3);
    removed.length = 0;

    cache.set('d', 5);
    cache.set('e', 6);

    expect(removed).toEqual([
      ['c', 3, 'capacity'],
      ['a', 1, 'capacity'],
    ]);
  });

  it('holds a single entry if told so', () => {
    const cache = new MemoryCache<string, number>({ maxEntries: 1 });
    cache.set('a', 1);
    cache.set('b', 2);

    expect([...cache]).toEqual([['b', 2]]);
  });

  it('stays within maxBytes and evicts as many as needed', () => {
    const { cache, removed } = watched({
      maxBytes: 10,
      sizeOf: (value: string) => value.length,
    });
    cache.set('a', 'aaa');
    cache.set('b', 'bbb');
    cache.set('c', 'ccc');
    expect(cache.bytes).toBe(9);

    cache.set('d', 'dddddd');

    expect(removed.map(([key, , reason]) => [key, reason])).toEqual([
      ['a', 'capacity'],
      ['b', 'capacity'],
    ]);
    expect(cache.bytes).toBe(9);
  });

  it('evicts others when a value grows in place', () => {
    const { cache, removed } = watched({ maxBytes: 10, sizeOf: (value: string) => value.length });
    cache.set('a', 'aaa');
    cache.set('b', 'bbb');
    cache.set('a', 'aaaaaaaaa');

    expect(removed.map(([key, , reason]) => [key, reason])).toEqual([
      ['a', 'replaced'],
      ['b', 'capacity'],
    ]);
    expect(cache.bytes).toBe(9);
  });

  it('refuses a value above maxBytes and drops the old value of its key', () => {
    const { cache, removed } = watched({ maxBytes: 10, sizeOf: (value: string) => value.length });
    cache.set('a', 'aaa');
    cache.set('b', 'bbb');

    cache.set('a', 'a'.repeat(11));

    expect([...cache.keys()]).toEqual(['b']);
    expect(cache.bytes).toBe(3);
    expect(removed).toEqual([['a', 'aaa', 'replaced']]);
  });

  it.each([-1, NaN, 1.5, Infinity, '3'])(
    'refuses %j from sizeOf and keeps what was there',
    (size) => {
      let answer: unknown = 1;
      const cache = new MemoryCache<string, number>({ sizeOf: () => answer as number });
      cache.set('a', 1);
      answer = size;

      expect(() => cache.set('a', 2)).toThrow('the result of sizeOf must be a whole number');
      expect(cache.get('a')).toBe(1);
      expect(cache.bytes).toBe(1);
    },
  );

  it('counts bytes from zero again after clear', () => {
    const cache = new MemoryCache<string, string>({ maxBytes: 10, sizeOf: (text) => text.length });
    cache.set('a', 'aaa');
    cache.clear();
    expect(cache.bytes).toBe(0);
    cache.set('b', 'bb');
    expect(cache.bytes).toBe(2);
  });

  it('can be resized', () => {
    const { cache, removed } = watched({ maxEntries: 4, policy: 'lru', sizeOf: () => 10 });
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, key);

    cache.resize({ maxEntries: 3 });
    expect([...cache.keys()]).toEqual(['b', 'c', 'd']);
    cache.resize({ maxBytes: 15 });
    expect([...cache.keys()]).toEqual(['d']);
    expect(removed.map(([key]) => key)).toEqual(['a', 'b', 'c']);
    cache.resize({ maxEntries: 100, maxBytes: Infinity });
    for (let key = 0; key < 200; key++) cache.set(`${key}`, key);
    expect(cache.size).toBe(100);
    expect(() => cache.resize({ maxEntries: 0 })).toThrow(RangeError);
    expect(() => new MemoryCache().resize({ maxBytes: 5 })).toThrow(TypeError);
  });
});

describe('MemoryCache.resize', () => {
  it('evicts a large surplus in slices, and lets nothing grow meanwhile', () => {
    const clock = new ManualClock();
    const cache = new MemoryCache<number, number>({ clock, maxEntries: 10_000 });
    for (let key = 0; key < 10_000; key++) cache.set(key, key);

    cache.resize({ maxEntries: 100 });
    expect(cache.size).toBeGreaterThan(8_000);
    const sizes = [cache.size];
    for (let key = 0; key < 10; key++) {
      cache.set(20_000 + key, key);
      sizes.push(cache.size);
    }
    expect(sizes.toSorted((a, b) => b - a)).toEqual(sizes);
    clock.advance(1);
    expect(cache.size).toBe(100);
    expect(clock.pending.background).toBe(0);
    cache.set(30_000, 1);
    expect(cache.size).toBe(100);
  });

  it('stops making room when the cache is closed or the bound grows again', () => {
    const clock = new ManualClock();
    const cache = new MemoryCache<number, number>({ clock, maxEntries: 5_000 });
    for (let key = 0; key < 5_000; key++) cache.set(key, key);
    cache.resize({ maxEntries: 10 });
    const size = cache.size;
    cache.resize({ maxEntries: 10_000 });
    clock.advance(10);
    expect(cache.size).toBe(size);

    cache.resize({ maxEntries: 10 });
    cache.close();
    expect(clock.pending.background).toBe(0);
  });
});

describe('MemoryCache with entries of size 0', () => {
  it.each(['tiny-lfu', 'lru'] as const)('never evicts them under %s', (policy) => {
    const cache = new MemoryCache<string, number>({
      policy,
      maxEntries: 4,
      sizeOf: (value) => value,
    });
    cache.set('pinned', 0);
    cache.set('also pinned', 0);
    for (let index = 0; index < 100; index++) cache.set(`${index}`, 1);
    expect([cache.size, cache.has('pinned'), cache.has('also pinned')]).toEqual([4, true, true]);

    expect(cache.hottest(4)).toHaveLength(2);
    cache.set('pinned', 1);
    expect(cache.hottest(4)).toContainEqual(['pinned', 1]);
    cache.set('pinned', 0);
    expect(cache.hottest(4)).toHaveLength(2);
  });

  it('keeps no other entry when it is full of them', () => {
    const cache = new MemoryCache<string, number>({ maxEntries: 2, sizeOf: () => 0 });
    for (const key of ['a', 'b', 'c']) cache.set(key, 1);

    expect([...cache.keys()]).toEqual(['a', 'b']);
  });
});
