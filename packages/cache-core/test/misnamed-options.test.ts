import { describe, expect, it } from 'vitest';
import { CacheManager, memoize, MemoryCache, MemoryStore } from '@x/cache-core';

/** Options as JavaScript may give them. */
const untyped = (options: unknown): never => options as never;

describe('new CacheManager', () => {
  it.each([
    [{ ttl: 60 }, 'ttl is not an option; it is ttlMs, in milliseconds'],
    [{ defaultTtlMs: 60 }, 'defaultTtlMs is not an option; it is ttlMs'],
    [
      { maxEntries: 5 },
      'maxEntries is not an option; it is one of the store: { store: new MemoryStore({ maxEntries }) }',
    ],
    [{ stores: [] }, 'stores is not an option; it is tiers'],
    [{ tier: [] }, 'tier is not an option; it is tiers'],
    [
      { tiers: [{ store: new MemoryStore(), ttl: 5 }] },
      'ttl is not an option; it is ttlMs, in milliseconds',
    ],
    [500, 'options must be an object such as { ttlMs }, got 500'],
  ])('refuses %j', (options, message) => {
    expect(() => new CacheManager(untyped(options))).toThrow(new TypeError(message));
  });

  it('lets through what is undefined', async () => {
    const shared = { ttlMs: 5, ttl: undefined };
    await using cache = new CacheManager(shared);
    expect(cache.name).toBe('cache');
  });
});

describe('new MemoryCache', () => {
  it.each([
    [{ max: 10 }, 'max is not an option; it is maxEntries'],
    [{ maxSize: 10 }, 'maxSize is not an option; it is maxBytes, with sizeOf'],
    [{ ttl: 60 }, 'ttl is not an option; it is ttlMs, in milliseconds'],
    [{ dispose: () => {} }, 'dispose is not an option; it is onRemove(key, value, reason)'],
    [500, 'options must be an object such as { maxEntries }, got 500'],
  ])('refuses %j', (options, message) => {
    expect(() => new MemoryCache(untyped(options))).toThrow(new TypeError(message));
  });
});

describe('new MemoryStore', () => {
  it.each([
    [{ max: 10 }, 'max is not an option; it is maxEntries'],
    [
      { ttlMs: 10 },
      'ttlMs is not an option; it is ttlMs of the cache over the store: new CacheManager({ store, ttlMs })',
    ],
    [500, 'options must be an object such as { maxEntries }, got 500'],
  ])('refuses %j', (options, message) => {
    expect(() => new MemoryStore(untyped(options))).toThrow(new TypeError(message));
  });
});

describe('a call with the name of another cache', () => {
  it.each(['ttl', 'maxAge'])('is refused for %s', async (name) => {
    const options = untyped({ [name]: 60 });
    const refusal = new TypeError(`${name} is not an option; it is ttlMs, in milliseconds`);
    await using cache = new CacheManager();
    using memory = new MemoryCache();

    await expect(cache.set('a', 1, options)).rejects.toThrow(refusal);
    await expect(cache.setMany([['a', 1]], options)).rejects.toThrow(refusal);
    await expect(cache.getOrSet('a', () => 1, options)).rejects.toThrow(refusal);
    await expect(cache.getOrSetMany(['a'], () => new Map(), options)).rejects.toThrow(refusal);
    expect(() => memory.set('a', 1, options)).toThrow(refusal);
    expect(() => memoize(() => 1, options)).toThrow(refusal);
    expect(memory.has('a')).toBe(false);
  });
});

describe('options of a call', () => {
  it.each<[object, string]>([
    [{ tag: ['red'] }, 'tag is not an option; it is tags, an array'],
    [{ ttlMs: 5, tgas: ['red'] }, 'tgas is not an option; did you mean tags?'],
    [[5], 'options must be an object such as { ttlMs }, got an array'],
  ])('are refused when they are %j, and nothing is kept', async (wrong, message) => {
    const options = untyped(wrong);
    const refusal = new TypeError(message);
    await using cache = new CacheManager();

    await expect(cache.set('a', 1, options)).rejects.toThrow(refusal);
    await expect(cache.setMany([['a', 1]], options)).rejects.toThrow(refusal);
    await expect(cache.getOrSet('b', ({ keep }) => keep(options))).rejects.toThrow(refusal);
    expect(await Array.fromAsync(cache.keys())).toEqual([]);
  });

  it.each<[object, string]>([
    [{ tag: ['red'] }, 'tag is not an option; it is tags, an array'],
    [{ ttlMs: 5, hardTimeout: 5 }, 'hardTimeout is not an option; did you mean hardTimeoutMs?'],
    [
      AbortSignal.timeout(1_000),
      'options must be an object such as { signal }, got an AbortSignal',
    ],
  ])('are refused when they are %o, and nothing is loaded', async (wrong, message) => {
    const options = untyped(wrong);
    const refusal = new TypeError(message);
    await using cache = new CacheManager();
    let loads = 0;

    await expect(cache.getOrSet('a', () => ++loads, options)).rejects.toThrow(refusal);
    const many = cache.getOrSetMany(['a'], () => new Map([['a', ++loads]]), options);
    await expect(many).rejects.toThrow(refusal);
    expect(loads).toBe(0);
  });

  it('of a MemoryCache are refused where they have one that there is not', () => {
    using memory = new MemoryCache();
    const set = (options: object) => () => memory.set('a', 1, untyped(options));

    expect(set({ ttlms: 5 })).toThrow(new TypeError('ttlms is not an option; did you mean ttlMs?'));
    expect(set([5])).toThrow(
      new TypeError('options must be an object such as { ttlMs }, got an array'),
    );
    expect(set({ ttlMs: 5, tags: ['red'] })).toThrow(
      new TypeError(
        'tags is not an option; it is one of set of a CacheManager: a MemoryCache has no tags',
      ),
    );
    expect(memory.has('a')).toBe(false);
  });
});

describe('what is no list, or no store', () => {
  it('is refused instead of taken for an empty list, or for one of characters', async () => {
    await using cache = new CacheManager();
    const keys = new TypeError('keys must be an array, got "abc"');

    await expect(cache.getMany('abc')).rejects.toThrow(keys);
    await expect(cache.deleteMany('abc')).rejects.toThrow(keys);
    await expect(cache.getOrSetMany('abc', () => new Map())).rejects.toThrow(keys);
    await expect(cache.setMany(untyped({ a: 1 }))).rejects.toThrow(
      new TypeError('entries must be a Map or an array of [key, value], got an object'),
    );
  });

  it.each([
    ['a*', 'options must be an object such as { pattern }, got "a*"'],
    [{ glob: 'a*' }, 'glob is not an option; it is pattern'],
  ])('lists no keys by %j', async (options, message) => {
    await using cache = new CacheManager();
    await expect(Array.fromAsync(cache.keys(untyped(options)))).rejects.toThrow(
      new TypeError(message),
    );
  });

  it('takes no Map for a store, and no number for bounds', () => {
    expect(() => new CacheManager({ store: untyped(new Map()) })).toThrow(
      new TypeError(
        'store must be a store, got an object without getMany(), setMany(), deleteMany(), invalidate(), purgeExpired(), stats(), close()',
      ),
    );
    expect(() => new MemoryCache().resize(untyped(5))).toThrow(
      new TypeError('bounds must be an object such as { maxEntries }, got 5'),
    );
  });
});
