import { setImmediate } from 'node:timers/promises';
import { ManualClock, SlowStore } from '@x/testkit';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { CacheManager, type ManyLoaderContext, MemoryStore } from '../src/index.ts';
import { expectNoTimers } from './loads.ts';

describe('CacheManager.getOrSetMany', () => {
  let clock: ManualClock;
  let cache: CacheManager;
  let asked: (readonly string[])[];

  /** Loads each key as its upper case. */
  const load = async ({ keys }: ManyLoaderContext): Promise<[string, string][]> => {
    asked.push(keys);
    await setImmediate();
    return keys.map((key) => [key, key.toUpperCase()]);
  };

  beforeEach(() => {
    clock = new ManualClock();
    cache = new CacheManager({ clock, cleanupIntervalMs: Infinity, ttlMs: 100 });
    asked = [];
  });

  afterEach(async () => {
    await cache.close();
    expectNoTimers(clock);
  });

  it('loads what is missing by one call, and keeps it', async () => {
    await cache.set('b', 'kept');

    const values = await cache.getOrSetMany(['c', 'b', 'a', 'c'], load);

    expect([...values]).toEqual([
      ['c', 'C'],
      ['b', 'kept'],
      ['a', 'A'],
    ]);
    expect(asked).toEqual([['c', 'a']]);
    expect(await cache.getOrSetMany(['a', 'b', 'c'], load)).toEqual(
      new Map([
        ['a', 'A'],
        ['b', 'kept'],
        ['c', 'C'],
      ]),
    );
    expect(asked).toHaveLength(1);
    expect(await cache.stats()).toMatchObject({ hits: 4, misses: 2, loads: 1, sets: 3 });
    expectTypeOf(values).toEqualTypeOf<Map<string, string | undefined>>();
    expect(await cache.getOrSetMany([], load)).toEqual(new Map());
  });

  it('shares the load of each key with all who ask for it meanwhile', async () => {
    const alone = cache.getOrSet('a', async () => {
      await setImmediate();
      return 'alone';
    });
    const many = cache.getOrSetMany(['a', 'b', 'c'], load);
    const other = cache.getOrSetMany(['b', 'c', 'd'], load);
    const single = cache.getOrSet('c', () => 'not loaded');

    expect([...(await many).values()]).toEqual(['alone', 'B', 'C']);
    expect([...(await other).values()]).toEqual(['B', 'C', 'D']);
    expect([await alone, await single]).toEqual(['alone', 'C']);
    expect(asked).toEqual([['b', 'c'], ['d']]);
  });

  it('takes a map, and a key that is left out for undefined, which is not kept', async () => {
    const values = await cache.getOrSetMany(['a', 'b'], () => new Map([['b', null]]));

    expect(values).toEqual(
      new Map([
        ['a', undefined],
        ['b', null],
      ]),
    );
    expect(await Array.fromAsync(cache.keys())).toEqual(['b']);
  });

  it('rejects all who wait when the load fails, and keeps nothing', async () => {
    const error = new Error('down');
    const many = cache.getOrSetMany(['a', 'b'], () => Promise.reject(error));
    const single = cache.getOrSet('b', () => 'not loaded');

    expect(await Promise.allSettled([many, single])).toMatchObject([
      { reason: error },
      { reason: error },
    ]);
    expect((await cache.info()).loading).toBe(0);
    await expect(cache.getOrSetMany(['a'], () => 5 as never)).rejects.toThrow(TypeError);
    await expect(cache.getOrSetMany(['a'], 'load' as never)).rejects.toThrow('loader must be');
  });

  it('serves stale values in their windows', async () => {
    const options = { staleWhileRevalidateMs: 50, staleIfErrorMs: 500 };
    await cache.setMany(
      ['a', 'b'].map((key) => [key, 'old']),
      options,
    );
    clock.advance(110);
    expect([...(await cache.getOrSetMany(['a', 'c'], load, options)).values()]).toEqual([
      'old',
      'C',
    ]);
    expect(await cache.get('a')).toBe('A');
    clock.advance(60);
    const failed = cache.getOrSetMany(['b'], () => Promise.reject(new Error('down')), options);
    expect(await failed).toEqual(new Map([['b', 'old']]));
  });

  it('loads behind the answer, by one call, what is due for an early refresh', async () => {
    const options = { refreshAfterRatio: 0.5 };
    await cache.setMany([
      ['a', 'old'],
      ['b', 'old'],
    ]);
    clock.advance(50);
    await cache.set('c', 'new');

    expect([...(await cache.getOrSetMany(['a', 'b', 'c'], load, options)).values()]).toEqual([
      'old',
      'old',
      'new',
    ]);
    await setImmediate();
    await setImmediate();
    expect(asked).toEqual([['a', 'b']]);
    expect([...(await cache.getMany(['a', 'b', 'c'])).values()]).toEqual(['A', 'B', 'new']);
  });

  it('lets explicit changes win, key by key', async () => {
    const many = cache.getOrSetMany(['a', 'b', 'c'], load, { tags: ['t'] });
    await cache.delete('a');
    await cache.set('b', 'set');

    expect([...(await many).values()]).toEqual(['A', 'B', 'C']);
    expect(await cache.getMany(['a', 'b', 'c'])).toEqual(
      new Map([
        ['b', 'set'],
        ['c', 'C'],
      ]),
    );
  });

  it('aborts the load when nobody waits for any of the keys', async () => {
    const controller = new AbortController();
    let signal: AbortSignal | undefined;
    const never = (context: ManyLoaderContext): Promise<never> => {
      ({ signal } = context);
      return new Promise(() => {});
    };
    const many = cache.getOrSetMany(['a', 'b'], never, { signal: controller.signal });
    const single = cache.getOrSet('b', () => 1, { signal: new AbortController().signal });
    const ends = Promise.allSettled([many, single]);
    await setImmediate();
    controller.abort('gone');
    await setImmediate();
    expect(signal?.aborted).toBe(false);
    await cache.close();

    expect(signal?.aborted).toBe(true);
    expect(await ends).toMatchObject([{ reason: 'gone' }, { reason: { code: 'ERR_CLOSED' } }]);
  });

  it('takes its own keys in a namespace', async () => {
    const part = cache.namespace('user:');

    expect([...(await part.getOrSetMany(['a', 'b'], load)).keys()]).toEqual(['a', 'b']);
    expect(asked).toEqual([['a', 'b']]);
    expect(await cache.get('user:a')).toBe('A');
  });

  it('asks each store once', async () => {
    const memory = new MemoryStore({ clock });
    const lower = new SlowStore(memory, 10, clock);
    let reads = 0;
    const { getMany } = memory;
    memory.getMany = (keys) => {
      reads++;
      return getMany.call(memory, keys);
    };
    const tiered = new CacheManager({
      tiers: [new MemoryStore({ clock }), lower],
      clock,
      cleanupIntervalMs: Infinity,
    });
    memory.set('b', { value: 'low', createdAt: clock.now() });
    const values = tiered.getOrSetMany(['a', 'b', 'c'], load);
    await clock.advanceAsync(10);
    await setImmediate();
    await clock.advanceAsync(10);

    expect([...(await values).values()]).toEqual(['A', 'low', 'C']);
    expect(reads).toBe(1);
    expect(asked).toEqual([['a', 'c']]);
    await tiered.close();
  });

  it('rejects after hardTimeoutMs, and keeps what comes later', async () => {
    const { promise, resolve } = Promise.withResolvers<[string, number][]>();
    const many = cache.getOrSetMany(['a', 'b'], () => promise, { hardTimeoutMs: 10 });
    const end = Promise.allSettled([many]);
    await clock.advanceAsync(10);
    expect(await end).toMatchObject([{ reason: { code: 'ERR_CACHE_LOAD_TIMEOUT' } }]);
    resolve([['a', 1]]);
    await setImmediate();

    expect(await cache.get('a')).toBe(1);
  });
});
