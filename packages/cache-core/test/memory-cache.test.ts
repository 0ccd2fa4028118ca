import { ManualClock } from '@x/testkit';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { MemoryCache } from '../src/index.ts';
import { watched } from './watched-cache.ts';

describe('MemoryCache', () => {
  it('answers what was set, and undefined for what was not', () => {
    const cache = new MemoryCache<string, number>();
    cache.set('a', 1);

    expect(cache.get('a')).toBe(1);
    expect(cache.get('b')).toBeUndefined();
    expect(cache.size).toBe(1);
  });

  it('replaces a value in place', () => {
    const { cache, removed } = watched();
    cache.set('a', 1);
    cache.set('a', 2);

    expect(cache.get('a')).toBe(2);
    expect(cache.size).toBe(1);
    expect(removed).toEqual([['a', 1, 'replaced']]);
  });

  it('takes keys of any type, compared as a Map does', () => {
    const cache = new MemoryCache<unknown, string>();
    const object = {};
    cache.set(object, 'object');
    cache.set(NaN, 'NaN');
    cache.set(undefined, 'undefined');
    cache.set(1, 'number');

    expect(cache.get(object)).toBe('object');
    expect(cache.get({})).toBeUndefined();
    expect(cache.get(NaN)).toBe('NaN');
    expect(cache.get(undefined)).toBe('undefined');
    expect(cache.get('1')).toBeUndefined();
  });

  it('keeps undefined and null as values', () => {
    const cache = new MemoryCache<string, null | undefined>();
    cache.set('undefined', undefined);
    cache.set('null', null);

    expect(cache.has('undefined')).toBe(true);
    expect(cache.getEntry('undefined')).toEqual({ value: undefined, ttlMs: Infinity });
    expect(cache.getEntry('null')).toEqual({ value: null, ttlMs: Infinity });
    expect(cache.getEntry('missing')).toBeUndefined();
    expect(cache.getOrSet('undefined', () => null)).toBeUndefined();
    expect(cache.size).toBe(2);
  });

  it('tells whether a deletion found something', () => {
    const { cache, removed } = watched();
    cache.set('a', 1);

    expect(cache.delete('a')).toBe(true);
    expect(cache.delete('a')).toBe(false);
    expect(removed).toEqual([['a', 1, 'deleted']]);
  });

  it('tells an invalidation from a deletion', () => {
    const { cache, removed } = watched();
    cache.set('a', 1);

    expect(cache.invalidate('a')).toBe(true);
    expect(cache.invalidate('a')).toBe(false);
    expect(removed).toEqual([['a', 1, 'invalidated']]);
  });

  it('empties on clear and works on', () => {
    const { cache, removed } = watched({ maxEntries: 2, policy: 'lru' });
    cache.set('a', 1);
    cache.set('b', 2);
    cache.clear();

    expect(cache.size).toBe(0);
    expect(cache.get('a')).toBeUndefined();
    expect(removed).toEqual([
      ['a', 1, 'deleted'],
      ['b', 2, 'deleted'],
    ]);
    cache.set('c', 3);
    cache.set('d', 4);
    cache.set('e', 5);
    expect([...cache.keys()].sort()).toEqual(['d', 'e']);
  });

  it('lists entries, keys and values', () => {
    const cache = new MemoryCache<string, number>();
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('a', 3);

    expect([...cache]).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    expect([...cache.entries()]).toEqual([...cache]);
    expect([...cache.keys()]).toEqual(['a', 'b']);
    expect([...cache.values()]).toEqual([3, 2]);
  });

  it('can be changed while it is listed', () => {
    const cache = new MemoryCache<number, number>({ maxEntries: Infinity });
    for (let key = 0; key < 100; key++) cache.set(key, key);

    const seen: number[] = [];
    for (const key of cache.keys()) {
      seen.push(key);
      cache.delete(key);
      cache.delete(key + 1);
    }

    expect(seen).toHaveLength(50);
    expect(cache.size).toBe(0);
  });

  it('counts reads, but not those that are no use', () => {
    const cache = new MemoryCache<string, number>();
    expect(cache.stats().hitRatio).toBe(0);
    cache.set('a', 1);
    cache.get('a');
    cache.get('a');
    cache.getOrSet('a', () => 2);
    cache.get('b');
    cache.has('a');
    cache.peek('a');

    expect(cache.stats()).toEqual({
      entries: 1,
      bytes: 0,
      hits: 3,
      misses: 1,
      hitRatio: 0.75,
      evictions: 0,
      expirations: 0,
    });
  });

  it.each([
    [{ maxEntries: 0 }, 'maxEntries must be a whole number of at least 1, got 0'],
    [{ maxEntries: 1.5 }, 'maxEntries must be a whole number of at least 1, got 1.5'],
    [{ maxEntries: NaN }, 'maxEntries'],
    [{ maxEntries: '10' }, 'maxEntries must be a whole number of at least 1, got "10"'],
    [{ maxBytes: 10 }, 'maxBytes needs sizeOf'],
    [{ maxBytes: -1, sizeOf: () => 1 }, 'maxBytes must be a number of at least 0, got -1'],
    [{ sizeOf: 5 }, 'sizeOf must be a function, got 5'],
    [{ ttlMs: -1 }, 'ttlMs must be a number of at least 0, got -1'],
    [{ policy: 'fifo' }, 'policy must be one of "tiny-lfu", "lru", got "fifo"'],
    [{ onRemove: 'yes' }, 'onRemove must be a function, got "yes"'],
    [{ name: '' }, 'name must be a string that is not empty, got ""'],
  ])('refuses the options %j', (options, message) => {
    expect(() => new MemoryCache(options as never)).toThrow(message);
  });
});

describe('MemoryCache.getOrSet', () => {
  it('loads what is missing, once, and keeps it', () => {
    const cache = new MemoryCache<string, number>();
    let loads = 0;
    const loader = (key: string): number => {
      loads++;
      return key.length;
    };

    expect(cache.getOrSet('four', loader)).toBe(4);
    expect(cache.getOrSet('four', loader)).toBe(4);
    expect(loads).toBe(1);
    expectTypeOf(cache.getOrSet('a', () => 1 as const)).toEqualTypeOf<1>();
  });

  it('keeps nothing when the loader throws', () => {
    const cache = new MemoryCache<string, number>();

    expect(() =>
      cache.getOrSet('a', () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(cache.has('a')).toBe(false);
    expect(cache.getOrSet('a', () => 2)).toBe(2);
  });

  it('takes a time-to-live', () => {
    const clock = new ManualClock();
    const cache = new MemoryCache<string, number>({ clock });
    cache.getOrSet('a', () => 1, { ttlMs: 10 });
    clock.advance(10);

    expect(cache.getOrSet('a', () => 2, { ttlMs: 0 })).toBe(2);
    expect(cache.has('a')).toBe(false);
  });
});

describe('MemoryCache.hottest and coldest', () => {
  it('list live entries by their use, exactly under lru', () => {
    const clock = new ManualClock();
    const cache = new MemoryCache<string, number>({ clock, policy: 'lru' });
    for (const [value, key] of ['a', 'b', 'c', 'd'].entries()) cache.set(key, value);
    cache.set('over', 9, { ttlMs: 5 });
    cache.get('b');
    clock.advance(5);

    expect(cache.hottest(2)).toEqual([
      ['b', 1],
      ['d', 3],
    ]);
    expect(cache.coldest(3).map(([key]) => key)).toEqual(['a', 'c', 'd']);
    expect(cache.coldest(0)).toEqual([]);
    expect(cache.hottest(Infinity)).toHaveLength(4);
  });

  it('put what is read again and again before what was read once, under tiny-lfu', () => {
    const cache = new MemoryCache<number, number>({ maxEntries: 100 });
    for (let round = 0; round < 20; round++) {
      for (let key = 0; key < 10; key++) if (cache.get(key) === undefined) cache.set(key, key);
      for (let key = 0; key < 50; key++) cache.set(1_000 + 50 * round + key, 0);
    }
    const keys = cache.hottest(20).map(([key]) => key);
    expect(keys.filter((key) => key < 10).length).toBeGreaterThanOrEqual(9);
  });
});

describe('MemoryCache.onRemove', () => {
  it('is called after the operation is complete', () => {
    const seen: unknown[] = [];
    const cache: MemoryCache<string, number> = new MemoryCache({
      maxEntries: 1,
      onRemove: (key) => seen.push([key, [...cache], cache.size]),
    });
    cache.set('a', 1);
    cache.set('b', 2);
    cache.clear();

    expect(seen).toEqual([
      ['a', [['b', 2]], 1],
      ['b', [], 0],
    ]);
  });

  it('may use the cache; what that removes is told afterwards, in order', () => {
    const order: string[] = [];
    const cache: MemoryCache<string, number> = new MemoryCache({
      maxEntries: 2,
      policy: 'lru',
      onRemove: (key) => {
        order.push(`${key} left`);
        if (key === 'a') cache.set('x', 0);
        order.push(`${key} told`);
      },
    });
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('c', 3);

    expect(order).toEqual(['a left', 'a told', 'b left', 'b told']);
    expect([...cache.keys()]).toEqual(['c', 'x']);
  });

  it('corrupts nothing when it throws, and the logger hears of it', () => {
    const errors: string[] = [];
    const nothing = (): void => {};
    const cache = new MemoryCache<string, number>({
      maxEntries: 2,
      policy: 'lru',
      onRemove: (key) => {
        throw new Error(`no ${key}`);
      },
      logger: { debug: nothing, info: nothing, warn: nothing, error: (text) => errors.push(text) },
    });
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, 1);
    cache.clear();
    cache.set('e', 2);

    expect([...cache]).toEqual([['e', 2]]);
    expect(errors).toEqual(['a', 'b', 'c', 'd'].map((key) => `onRemove threw: no ${key}`));
  });
});

describe('MemoryCache.close', () => {
  it('drops everything, tells onRemove, and lets nothing in', () => {
    const clock = new ManualClock();
    const { cache, removed } = watched({ clock });
    cache.set('a', 1, { ttlMs: 1_000 });

    cache.close();
    cache[Symbol.dispose]();

    expect(removed).toEqual([['a', 1, 'deleted']]);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.size).toBe(0);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
    expect(() => cache.set('a', 1)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
    expect(() => cache.getOrSet('a', () => 1)).toThrow('cache "memory" is closed');
    expect(() => cache.load(cache.dump())).toThrow('cache "memory" is closed');
  });
});
