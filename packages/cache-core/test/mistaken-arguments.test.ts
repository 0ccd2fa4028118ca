import { describe, expect, it } from 'vitest';
import { CacheManager, memoize, MemoryCache, MemoryStore } from '@x/cache-core';

/** What JavaScript may give. */
const untyped = (value: unknown): never => value as never;

const getOrSet = (...args: unknown[]): Promise<unknown> =>
  Reflect.apply(CacheManager.prototype.getOrSet, new CacheManager(), args) as Promise<unknown>;

class OpenedStore extends MemoryStore {
  static async open(): Promise<OpenedStore> {
    return new OpenedStore();
  }
}

describe('a store', () => {
  it.each([
    [MemoryStore, 'the class MemoryStore: write new MemoryStore(…)'],
    [OpenedStore, 'the class OpenedStore: write await OpenedStore.open(…)'],
    [() => new MemoryStore(), 'a function'],
    [Promise.resolve(new MemoryStore()), 'a promise: await it'],
    [null, 'null'],
    [
      { get: () => undefined, getMany: () => [] },
      'an object without set(), setMany(), delete(), deleteMany(), invalidate(), keys(), clear(), purgeExpired(), stats(), close()',
    ],
    ['sqlite', '"sqlite"'],
  ])('is not %s', (value, came) => {
    const cases: [object, string][] = [
      [{ store: value }, 'store'],
      [{ tiers: [value] }, 'tiers[0]'],
      [{ tiers: [{ store: value }] }, 'tiers[0].store'],
    ];
    for (const [options, name] of cases) {
      const make = (): CacheManager => new CacheManager(untyped(options));
      expect(make).toThrow(new TypeError(`${name} must be a store, got ${came}`));
    }
  });

  it('is whatever has the methods of one', async () => {
    const kept = new MemoryStore();
    const methodOf = (name: string | symbol): unknown => {
      const value: unknown = Reflect.get(kept, name);
      return typeof value === 'function' ? value.bind(kept) : value;
    };
    const names = Object.getOwnPropertyNames(MemoryStore.prototype);
    const methods = Object.fromEntries(names.map((name) => [name, methodOf(name)]));
    class StaticStore {}
    // oxlint-disable-next-line unicorn/no-thenable -- as an automatic mock has it
    const withThen = { ...methods, then: () => {} };
    const lazy = new Proxy(() => {}, { get: (_, name) => methodOf(name) });
    for (const store of [methods, Object.assign(StaticStore, methods), withThen, lazy]) {
      const cache = new CacheManager({ store: untyped(store) });
      await cache.set('a', 1);
      expect(await cache.get('a')).toBe(1);
    }
  });

  it.each([
    [{ directory: '/a' }, 'one of a store: { store: await FileStore.open({ directory }) }'],
    [{ path: 'a.db' }, 'one of a store: { store: await SqliteStore.open({ path }) }'],
    [{ backend: 'sqlite' }, 'store, such as await SqliteStore.open({ path })'],
    [
      { compression: 'zstd' },
      'one of a store: { store: await SqliteStore.open({ path, compression }) }',
    ],
  ])('has the options %j', (options, meant) => {
    const [name] = Object.keys(options);
    expect(() => new CacheManager(untyped(options))).toThrow(
      new TypeError(`${name} is not an option; it is ${meant}`),
    );
  });
});

describe('a container in the place of options', () => {
  const refusal = (example: string, kind: string): TypeError =>
    new TypeError(`options must be an object such as ${example}, got ${kind}`);

  it('is refused', () => {
    const kept = 'a store or a cache';
    expect(() => new CacheManager(untyped(new MemoryStore()))).toThrow(refusal('{ store }', kept));
    expect(() => new CacheManager(untyped(new Map()))).toThrow(refusal('{ store }', 'a Map'));
    expect(() => new MemoryCache(untyped(new Map([['a', 1]])))).toThrow(
      refusal('{ maxEntries }', 'a Map'),
    );
    expect(() => new MemoryStore(untyped(new MemoryCache()))).toThrow(
      refusal('{ maxEntries }', kept),
    );
    expect(() => memoize(async () => 1, untyped(new CacheManager()))).toThrow(
      refusal('{ cache }', kept),
    );
  });

  it('is not what node-config answers, which has a hidden method get', () => {
    const options = Object.defineProperty({ maxEntries: 1 }, 'get', { value: () => undefined });
    const cache = new MemoryCache<string, number>(options);
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.size).toBe(1);
  });
});

describe('options under the names of other libraries', () => {
  const seconds = 'ttlMs, in milliseconds: seconds(60)';
  const memoized = (options: object): unknown => memoize(async () => 1, untyped(options));
  const kept = (options: object): unknown => new MemoryCache(untyped(options));

  it.each([
    [{ EX: 60 }, seconds],
    [{ ttlSeconds: 60 }, seconds],
    [{ expires: 60 }, 'ttlMs, in milliseconds'],
    [{ expiresIn: 60 }, 'ttlMs, in milliseconds'],
    [{ swr: 60 }, 'staleWhileRevalidateMs, in milliseconds'],
  ])('are refused by set: %j', async (options, meant) => {
    const [name] = Object.keys(options);
    await expect(new CacheManager().set('a', 1, untyped(options))).rejects.toThrow(
      new TypeError(`${name} is not an option; it is ${meant}`),
    );
  });

  it('are refused by getOrSet and memoize', async () => {
    await expect(getOrSet('a', () => 1, { forceRefresh: true })).rejects.toThrow(
      new TypeError('forceRefresh is not an option; it is cache.delete(key) before the call'),
    );
    await expect(getOrSet('a', () => 1, { grace: 5 })).rejects.toThrow('staleIfErrorMs');
    expect(() => memoized({ maxEntries: 5 })).toThrow('new MemoryStore({ maxEntries })');
    expect(() => memoized({ normalizer: () => 'a' })).toThrow('it is key');
  });

  it('are refused by a MemoryCache', () => {
    expect(() => kept({ checkperiod: 5 })).toThrow(
      new TypeError(
        'checkperiod is not an option; it is not needed: what is over is removed in the background',
      ),
    );
    expect(() => kept({ onEvict: () => {} })).toThrow('it is onRemove(key, value, reason)');
    expect(() => kept({ stdTTL: 60 })).toThrow(`it is ${seconds}`);
    const cache = new MemoryCache<string, number>();
    expect(() => cache.resize(untyped({ max: 5 }))).toThrow(
      'max is not an option; it is maxEntries',
    );
    expect(() => cache.set('a', 1, untyped({ idleMs: 5 }))).toThrow('new MemoryCache({ idleMs })');
  });
});

describe('pairs', () => {
  const expected = 'must be a Map or an array of [key, value], got';

  it.each([
    [[{ key: 'a', value: 1 }], 'an object in it'],
    [['ab'], '"ab" in it'],
    [[['a']], 'an array of 1 in it'],
    [[['a', 1, { ttlMs: 5 }]], 'an array of 3 in it'],
  ])('are not %j', async (pairs, came) => {
    const cache = new CacheManager();
    const refusal = (name: string): TypeError => new TypeError(`${name} ${expected} ${came}`);
    await expect(cache.setMany(untyped(pairs))).rejects.toThrow(refusal('entries'));
    await expect(cache.getOrSetMany(['a'], () => untyped(pairs))).rejects.toThrow(
      refusal('what the loader answers'),
    );
    expect(await cache.has('a')).toBe(false);
  });

  it.each([
    [undefined, 'undefined'],
    [{ a: 1 }, 'an object'],
    ['ab', '"ab"'],
  ])('are not what a loader answers: %j', async (answer, came) => {
    await expect(new CacheManager().getOrSetMany(['a'], () => untyped(answer))).rejects.toThrow(
      new TypeError(`what the loader answers ${expected} ${came}`),
    );
  });

  it('have texts for keys', async () => {
    await expect(
      new CacheManager().getOrSetMany(['1'], () => untyped([[1, 'one']])),
    ).rejects.toThrow(new TypeError('key in what the loader answers must be a string, got 1'));
  });
});

describe('a loader', () => {
  const one = (): number => 1;

  it.each([
    [['a'], 'loader must be a function, got undefined; to read alone, call get'],
    [['a', { b: 1 }], 'loader must be a function, got an object'],
    [
      ['a', { ttlMs: 5 }, one],
      'loader must be a function, got an object: it comes before the options',
    ],
    [[['a', 1], one], 'key must be a string, got an array: join its parts, as in `user:${id}`'],
  ])('is named when it is missing: %j', async (args, message) => {
    await expect(getOrSet(...args)).rejects.toThrow(new TypeError(message));
  });

  it('is named by a MemoryCache as well, and nothing is kept', () => {
    const cache = new MemoryCache<unknown>();
    expect(() => cache.getOrSet(() => 1, untyped('a'))).toThrow(
      new TypeError('loader must be a function, got "a"'),
    );
    expect(cache.size).toBe(0);
  });
});

describe('clear', () => {
  it('takes nothing, as it would remove everything', async () => {
    const cache = new CacheManager();
    await cache.set('a', 1);
    await expect(cache.clear(untyped('user:*'))).rejects.toThrow(
      new TypeError(
        'clear takes no argument, got "user:*"; call invalidatePattern(pattern) or delete(key), or give () => cache.clear() as a listener',
      ),
    );
    expect(await cache.get('a')).toBe(1);

    const memory = new MemoryCache<string, number>();
    memory.set('a', 1);
    expect(() => memory.clear(untyped('a'))).toThrow(
      new TypeError(
        'clear takes no argument, got "a"; call delete(key), or give () => cache.clear() as a listener',
      ),
    );
    expect(memory.get('a')).toBe(1);
  });
});

describe('a dump', () => {
  it('has keys and values', () => {
    const cache = new MemoryCache();
    expect(() => cache.load(untyped({ entries: [['a', 1]] }))).toThrow(
      new TypeError('load takes what dump answered, got an object'),
    );
    expect(cache.size).toBe(0);
  });
});

describe('hottest and coldest', () => {
  it('need a count', () => {
    expect(() => new MemoryCache().hottest(untyped(undefined))).toThrow(
      new TypeError('count must be a number of at least 0, got undefined'),
    );
  });
});

describe('invalidate of a MemoryStore', () => {
  it.each([{ pattern: 'a*' }, { tags: 'red' }, {}, 'a*'])('refuses %j', (target) => {
    const store = new MemoryStore();
    store.set('a', { value: 1, createdAt: 0, tags: ['red'] });
    expect(() => store.invalidate(untyped(target))).toThrow(
      /(target|tags|pattern) must be|takes either/,
    );
    expect(store.get('a')?.value).toBe(1);
  });
});

describe('keys and entries of a MemoryStore', () => {
  it('are refused where they are none, and nothing is changed', async () => {
    const store = new MemoryStore();
    store.set('a', { value: 1, createdAt: 0 });
    const call = async (name: string, ...args: unknown[]): Promise<unknown> =>
      Reflect.apply(Reflect.get(store, name), store, args);
    const noKey = new TypeError('key must be a string, got 5');
    await expect(call('get', 5)).rejects.toThrow(noKey);
    await expect(call('set', 5, { value: 2, createdAt: 0 })).rejects.toThrow(noKey);
    await expect(call('delete', 5)).rejects.toThrow(noKey);
    for (const name of ['getMany', 'deleteMany']) {
      await expect(call(name, 'a')).rejects.toThrow(
        new TypeError('keys must be an array, got "a"'),
      );
      await expect(call(name, ['a', 5])).rejects.toThrow(noKey);
    }
    await expect(call('setMany', { a: 2 })).rejects.toThrow(
      new TypeError('entries must be a Map or an array of [key, entry], got an object'),
    );
    expect(store.get('a')?.value).toBe(1);
  });
});
