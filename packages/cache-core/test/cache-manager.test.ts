import { type Cache, days } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { type CacheEntry, CacheManager, MemoryCache, MemoryStore } from '../src/index.ts';

describe('CacheManager', () => {
  let clock: ManualClock;
  let store: MemoryStore;
  let cache: CacheManager;

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryStore({ clock });
    cache = new CacheManager({ store, clock });
  });

  afterEach(async () => {
    await cache.close();
  });

  it('answers what was set, and undefined for what was not', async () => {
    await cache.set('a', 1);

    expect(await cache.get<number>('a')).toBe(1);
    expect(await cache.get('b')).toBeUndefined();
    expect(await cache.has('a')).toBe(true);
    expect(await cache.has('b')).toBe(false);
    expectTypeOf(cache).toExtend<Cache>();
    expectTypeOf(cache.get<number>('a')).resolves.toEqualTypeOf<number | undefined>();
    expectTypeOf(cache.getOrSet('a', () => 1)).resolves.toEqualTypeOf<number>();
  });

  it('needs no options: it keeps 1000 entries in memory for an hour', async () => {
    const cache = new CacheManager();
    await cache.setMany(Array.from({ length: 1_001 }, (_, index) => [`${index}`, index]));

    expect(await cache.info()).toEqual({
      name: 'cache',
      ttlMs: 3_600_000,
      cleanupIntervalMs: 300_000,
      throwOnStoreError: false,
      loading: 0,
      tiers: [{ tier: 'memory', entries: 1_000, bytes: expect.any(Number) as number }],
    });
    await cache.close();
  });

  it.each([
    [{ store: new MemoryStore(), tiers: [new MemoryStore()] }, 'store and tiers were both given'],
    [{ tiers: [] }, 'tiers must have at least one store'],
    [{ tiers: [5] }, 'tiers[0] must be a store, got 5'],
    [{ tiers: 'memory' }, 'tiers must be an array of stores, got "memory"'],
    [{ store: {} }, 'store must be a store, got an object'],
    [{ store: Promise.resolve() }, 'store must be a store, got a promise: await it'],
    [{ store: new CacheManager() }, 'store must be a store, got a cache'],
    [{ store: new CacheManager().namespace('user:') }, 'store must be a store, got a cache'],
    [{ store: new MemoryCache() }, 'store must be a store, got a cache'],
    [{ tiers: [{ store: new CacheManager() }] }, 'tiers[0].store must be a store, got a cache'],
    [{ ttlMs: -1 }, 'ttlMs must be a number of at least 0, got -1'],
    [{ cleanupIntervalMs: 0 }, 'cleanupIntervalMs must be a number above 0, got 0'],
    [{ name: '' }, 'name must be a string that is not empty'],
  ])('refuses the options %#', (options, message) => {
    expect(() => new CacheManager(options as never)).toThrow(message);
  });

  it('takes a store of yours that has the methods of a cache as well', async () => {
    class LoadingStore extends MemoryStore {
      async getOrSet(key: string, load: () => unknown): Promise<unknown> {
        return this.get(key)?.value ?? load();
      }
    }
    await using over = new CacheManager({ store: new LoadingStore() });

    await over.set('a', 1);

    expect(await over.get('a')).toBe(1);
  });

  it('does not take a cache from another copy of the package for a store', async () => {
    vi.resetModules();
    const copy = await import('../src/index.ts');
    await using other = new copy.CacheManager();

    expect(other).not.toBeInstanceOf(CacheManager);
    expect(() => new CacheManager({ store: other as never })).toThrow('got a cache');
  });

  it('tells a kept undefined or null from a miss by getEntry', async () => {
    await cache.set('undefined', undefined);
    await cache.set('null', null);
    clock.advance(5);

    expect(await cache.getEntry('undefined')).toEqual({
      hit: true,
      value: undefined,
      stale: false,
      ageMs: 5,
      tier: 'memory',
    });
    expect((await cache.getEntry('null')).value).toBeNull();
    expect(await cache.getEntry('missing')).toEqual({ hit: false });
    expectTypeOf(cache.getEntry<string>('a')).resolves.toEqualTypeOf<CacheEntry<string>>();
  });

  it('reads many keys at once and answers those that were found, in the order asked', async () => {
    await cache.setMany([
      ['a', 1],
      ['b', undefined],
      ['c', 3],
    ]);

    const found = await cache.getMany(['c', 'missing', 'b', 'c', 'a']);

    expect([...found]).toEqual([
      ['c', 3],
      ['b', undefined],
      ['a', 1],
    ]);
    expect(await cache.getMany([])).toEqual(new Map());
    expect(await cache.stats()).toMatchObject({ hits: 3, misses: 1 });
  });

  it('tells whether a deletion found something, and how many of many', async () => {
    await cache.setMany([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);

    expect(await cache.delete('a')).toBe(true);
    expect(await cache.delete('a')).toBe(false);
    expect(await cache.deleteMany(['a', 'b', 'c'])).toBe(2);
    expect(await cache.deleteMany([])).toBe(0);
    expect(await cache.stats()).toMatchObject({ deletes: 3, entries: 0 });
  });

  it('empties on clear', async () => {
    await cache.set('a', 1);
    await cache.clear();

    expect(await cache.get('a')).toBeUndefined();
  });

  it('lists keys, all or those that match a glob', async () => {
    await cache.setMany(['user:1', 'user:/2', 'item:1'].map((key) => [key, key]));

    expect((await Array.fromAsync(cache.keys())).sort()).toEqual(['item:1', 'user:/2', 'user:1']);
    expect(await Array.fromAsync(cache.keys({ pattern: 'user:?' }))).toEqual(['user:1']);
    await expect(Array.fromAsync(cache.keys({ pattern: '!a' }))).rejects.toThrow(TypeError);
  });

  it('invalidates by pattern and by tags, and answers how many', async () => {
    await cache.set('user:1', 1, { tags: ['red'] });
    await cache.set('user:a/b', 2, { tags: ['red', 'blue'] });
    await cache.set('item:1', 3, { tags: ['blue'] });

    expect(await cache.invalidatePattern('user:*')).toBe(2);
    expect(await cache.invalidateTags(['red', 'blue'])).toBe(1);
    expect(await cache.invalidateTags([])).toBe(0);
    await cache.set('a', 1, { tags: ['t'] });
    expect(await cache.invalidate({ pattern: '?' })).toBe(1);
    expect(await cache.invalidate({ tags: ['t'] })).toBe(0);
  });

  it('invalidates what getOrSet tagged', async () => {
    await cache.getOrSet('a', () => 1, { tags: ['t'] });

    expect(await cache.invalidateTags(['t'])).toBe(1);
  });

  it('refuses bad invalidations', async () => {
    await expect(cache.invalidatePattern('!a')).rejects.toThrow(TypeError);
    await expect(cache.invalidatePattern('')).rejects.toThrow(TypeError);
    await expect(cache.invalidateTags('red' as never)).rejects.toThrow(
      'tags must be an array of strings, got "red"',
    );
    await expect(cache.invalidate({} as never)).rejects.toThrow('either a pattern or tags');
    await expect(cache.invalidate({ pattern: 'a', tags: ['b'] } as never)).rejects.toThrow(
      TypeError,
    );
  });

  it('refuses keys, loaders and tags of the wrong kind, by rejecting', async () => {
    const calls = [
      cache.get(5 as never),
      cache.getEntry(undefined as never),
      cache.getMany(['a', null as never]),
      cache.set(Symbol('s') as never, 1),
      cache.setMany([[5 as never, 1]]),
      cache.getOrSet({} as never, () => 1),
      cache.getOrSet('a', 'loader' as never),
      cache.has([] as never),
      cache.delete(5 as never),
      cache.deleteMany([5 as never]),
      cache.set('a', 1, { tags: 'x' as never }),
      cache.set('a', 1, { tags: [5 as never] }),
      cache.getOrSet('a', () => 1, { tags: [undefined as never] }),
    ];
    for (const call of calls) await expect(call).rejects.toThrow(TypeError);
    await expect(cache.get(5 as never)).rejects.toThrow('key must be a string, got 5');
    expect(await cache.stats()).toMatchObject({ entries: 0, loads: 0, hits: 0, misses: 0 });
  });

  it('refuses a bare time-to-live in the place of options', async () => {
    const calls = [
      cache.set('a', 1, 5_000 as never),
      cache.setMany([['a', 1]], 5_000 as never),
      cache.getOrSet('a', () => 1, 5_000 as never),
      cache.getOrSetMany(['a'], () => [['a', 1]], 5_000 as never),
    ];
    for (const call of calls) {
      await expect(call).rejects.toThrow('options must be an object such as { ttlMs }, got 5000');
    }
  });

  describe('time-to-live', () => {
    it('is an hour by default, and ends for all at once', async () => {
      await cache.set('a', 1);
      await cache.getOrSet('b', () => 2);

      clock.advance(3_599_999);
      expect([...(await cache.getMany(['a', 'b'])).values()]).toEqual([1, 2]);
      clock.advance(1);
      expect(await cache.get('a')).toBeUndefined();
      expect(await cache.has('a')).toBe(false);
      expect(await cache.getMany(['a', 'b'])).toEqual(new Map());
    });

    it('may be given for one value, also without end and beyond the longest timer', async () => {
      await cache.set('short', 1, { ttlMs: 10 });
      await cache.set('month', 1, { ttlMs: days(30) });
      await cache.set('ever', 1, { ttlMs: Infinity });
      await cache.getOrSet('loaded', () => 1, { ttlMs: 10 });

      clock.advance(10);
      expect((await Array.fromAsync(cache.keys())).sort()).toEqual(['ever', 'month']);
      clock.advance(days(29));
      expect(await cache.get('month')).toBe(1);
      clock.advance(days(1_000));
      expect(await Array.fromAsync(cache.keys())).toEqual(['ever']);
    });

    it('of 0 keeps nothing and drops what was there', async () => {
      await cache.setMany([
        ['a', 1],
        ['b', 1],
      ]);
      await cache.set('a', 2, { ttlMs: 0 });
      await cache.setMany([['b', 2]], { ttlMs: 0 });
      expect(await cache.getOrSet('c', () => 3, { ttlMs: 0 })).toBe(3);

      expect((await cache.stats()).entries).toBe(0);
    });

    it.each([-1, NaN])('of %s is a RangeError that names it', async (ttlMs) => {
      await cache.set('a', 1);
      const message = `ttlMs must be a number of at least 0, got ${ttlMs}`;

      await expect(cache.set('a', 2, { ttlMs })).rejects.toThrow(message);
      await expect(cache.setMany([['a', 2]], { ttlMs })).rejects.toThrow(RangeError);
      await expect(cache.getOrSet('a', () => 2, { ttlMs })).rejects.toThrow(message);
      expect(await cache.get('a')).toBe(1);
    });

    it('begins when the load ends', async () => {
      const { promise, resolve } = Promise.withResolvers<number>();
      const value = cache.getOrSet('a', () => promise, { ttlMs: 100 });
      clock.advance(1_000);
      resolve(1);
      await value;

      clock.advance(99);
      expect(await cache.get('a')).toBe(1);
      clock.advance(1);
      expect(await cache.get('a')).toBeUndefined();
    });
  });

  describe('entries of other writers', () => {
    const put = (more: object): void =>
      store.set('a', { value: 1, createdAt: clock.now(), ...more });

    it('are not served when they are stale', async () => {
      put({ staleAt: clock.now() + 10, expiresAt: clock.now() + 100 });
      expect(await cache.get('a')).toBe(1);
      clock.advance(10);

      expect(await cache.get('a')).toBeUndefined();
      expect(await cache.has('a')).toBe(false);
      expect(await cache.getOrSet('a', () => 2)).toBe(2);
    });

    it('are not served when they hold the error of a load', async () => {
      put({ outcome: 'error' });

      expect(await cache.get('a')).toBeUndefined();
    });
  });

  describe('purge', () => {
    it('removes what is expired, at most as many as told', async () => {
      for (let index = 0; index < 10; index++) await cache.set(`${index}`, 1, { ttlMs: 5 });
      clock.advance(5);

      expect(await cache.purgeExpired({ limit: 3 })).toBe(3);
      expect(await cache.purgeExpired()).toBe(7);
      expect(await cache.purgeExpired()).toBe(0);
      expect(await cache.stats()).toMatchObject({ expirations: 10 });
    });

    it('takes no number in the place of options, and no limit that is none', async () => {
      await expect(cache.purgeExpired(5 as never)).rejects.toThrow(
        new TypeError('options must be an object such as { limit }, got 5'),
      );
      await expect(cache.purgeExpired({ limit: -1 })).rejects.toThrow(
        new RangeError('limit must be a whole number of at least 0, got -1'),
      );
    });

    it('runs in the background, every five minutes, until the cache is closed', async () => {
      const limits: (number | undefined)[] = [];
      store.purgeExpired = (options) => limits.push(options?.limit) && 0;

      expect(clock.pending).toEqual({ foreground: 0, background: 1 });
      await clock.advanceAsync(300_000);
      expect(limits).toEqual([1_000]);
      await clock.advanceAsync(600_000);
      expect(limits).toHaveLength(3);
      await cache.close();
      expect(clock.pending).toEqual({ foreground: 0, background: 0 });
    });

    it('goes on at once, slice by slice, while there is much to remove', async () => {
      let left = 2_500;
      let slices = 0;
      store.purgeExpired = () => {
        slices++;
        const removed = Math.min(1_000, left);
        left -= removed;
        return removed;
      };

      await clock.advanceAsync(300_000);
      await clock.advanceAsync(0);
      expect({ left, slices }).toEqual({ left: 0, slices: 3 });
    });

    it('does not run with an interval of Infinity', () => {
      const clock = new ManualClock();
      const cache = new CacheManager({ clock, cleanupIntervalMs: Infinity });

      expect(cache.name).toBe('cache');
      expect(clock.pending).toEqual({ foreground: 0, background: 0 });
    });

    it('does not end when a store fails', async () => {
      let calls = 0;
      store.purgeExpired = () => {
        calls++;
        throw new Error('disk full');
      };

      await clock.advanceAsync(600_000);
      expect(calls).toBe(2);
    });
  });
});
