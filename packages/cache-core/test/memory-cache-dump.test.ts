import { ManualClock } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { MemoryCache, type MemoryCacheDump } from '../src/index.ts';

describe('MemoryCache.dump and load', () => {
  it.each(['lru', 'tiny-lfu'] as const)(
    'bring back entries in their order of use, %s',
    (policy) => {
      const cache = new MemoryCache<string, number>({ policy, maxEntries: 50 });
      for (let index = 0; index < 1_000; index++) cache.set(`${(index * 7) % 70}`, index);
      for (let key = 0; key < 20; key++) cache.get(`${key}`);

      const saved = JSON.parse(JSON.stringify(cache.dump())) as MemoryCacheDump<string, number>;
      const restored = new MemoryCache<string, number>({ policy, maxEntries: 50 });
      restored.load(saved);

      expect(restored.hottest(50)).toEqual(cache.hottest(50));
      for (let index = 0; index < 30; index++) {
        cache.set(`new:${index}`, 1);
        restored.set(`new:${index}`, 1);
      }
      expect(new Set(restored.keys())).toEqual(new Set(cache.keys()));
    },
  );

  it('keep deadlines by the wall clock, so that time goes on while nothing runs', () => {
    const clock = new ManualClock();
    const cache = new MemoryCache<string, number>({ clock });
    cache.set('short', 1, { ttlMs: 1_000 });
    cache.set('long', 2, { ttlMs: 10_000 });
    cache.set('ever', 3);
    const dump = cache.dump();
    clock.stepWallClock(4_000);

    const later = new MemoryCache<string, number>({ clock });
    later.load(dump);
    expect([...later.keys()].sort()).toEqual(['ever', 'long']);
    expect(later.getEntry('long')).toEqual({ value: 2, ttlMs: 6_000 });
  });

  it('keep pinned entries, leave out expired ones, and stay within bounds', () => {
    const clock = new ManualClock();
    const options = { clock, maxEntries: 10, sizeOf: (value: number) => value };
    const cache = new MemoryCache<string, number>(options);
    cache.set('pinned', 0);
    cache.set('over', 1, { ttlMs: 1 });
    for (let index = 0; index < 8; index++) cache.set(`${index}`, 1);
    clock.advance(1);
    const dump = cache.dump();
    expect(dump.entries).toHaveLength(9);

    const smaller = new MemoryCache<string, number>({ ...options, maxEntries: 3 });
    smaller.load(dump);
    expect(smaller.size).toBe(3);
    expect(smaller.has('pinned')).toBe(true);
  });

  it('add to what is there and replace it', () => {
    const first = new MemoryCache<string, number>();
    first.set('a', 1);
    first.set('b', 1);
    const removed: unknown[] = [];
    const second = new MemoryCache<string, number>({
      policy: 'lru',
      onRemove: (...removal) => removed.push(removal),
    });
    second.set('b', 2);
    second.set('c', 2);
    second.load(first.dump());

    expect(Object.fromEntries(second)).toEqual({ a: 1, b: 1, c: 2 });
    expect(removed).toEqual([['b', 2, 'replaced']]);
  });

  it.each([undefined, null, 5, {}, { entries: 3 }, { entries: [null] }])('refuse %j', (dump) => {
    const cache = new MemoryCache<string, number>();
    expect(() => cache.load(dump as never)).toThrow('load takes what dump answered, got');
  });
});
