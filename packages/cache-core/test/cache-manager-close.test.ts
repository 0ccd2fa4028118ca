import { describe, expect, it } from 'vitest';
import { ManualClock } from '@x/testkit';
import { CacheManager, MemoryStore } from '../src/index.ts';

describe('CacheManager.close', () => {
  it('refuses later calls with ERR_CLOSED and may be called twice', async () => {
    const store = new MemoryStore();
    const cache = new CacheManager({ store, name: 'mine' });
    await cache.close();
    await cache.close();

    const calls = [
      () => cache.get('a'),
      () => cache.getEntry('a'),
      () => cache.getMany(['a']),
      () => cache.getOrSet('a', () => 1),
      () => cache.set('a', 1),
      () => cache.setMany([['a', 1]]),
      () => cache.has('a'),
      () => cache.delete('a'),
      () => cache.deleteMany(['a']),
      () => cache.clear(),
      () => cache.invalidatePattern('*'),
      () => cache.invalidateTags(['t']),
      () => cache.purgeExpired(),
      () => cache.stats(),
      () => cache.info(),
      () => Array.fromAsync(cache.keys()),
      () => cache.namespace('n:').get('a'),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({ code: 'ERR_CLOSED', subject: 'cache "mine"' });
    }
    expect(() => store.get('a')).toThrow('store "memory" is closed');
  });

  it('leaves the store open if told so', async () => {
    const store = new MemoryStore();
    {
      await using cache = new CacheManager({ store, closeStores: false });
      await cache.set('a', 1);
    }

    expect(store.get('a')?.value).toBe(1);
  });

  it('waits for stores that take their time', async () => {
    const store = new MemoryStore();
    const { promise, resolve } = Promise.withResolvers<void>();
    store.close = () => promise as never;
    const cache = new CacheManager({ store });
    let closed = false;
    const closing = cache.close().then(() => (closed = true));

    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    resolve();
    await closing;
  });

  it('rejects the callers of loads under way and aborts the loaders', async () => {
    const cache = new CacheManager();
    let signal: AbortSignal | undefined;
    const { promise, resolve } = Promise.withResolvers<number>();
    const waits = [
      cache.getOrSet('a', (context) => {
        ({ signal } = context);
        return promise;
      }),
      cache.getOrSet('a', () => 2, { signal: new AbortController().signal }),
    ];

    await cache.close();

    for (const wait of waits) await expect(wait).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toMatchObject({ code: 'ERR_CLOSED' });
    resolve(1);
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('lets loads under way end and be kept within its timeout, and takes no calls meanwhile', async () => {
    const clock = new ManualClock();
    const store = new MemoryStore({ clock });
    const cache = new CacheManager({ store, closeStores: false, clock });
    const first = Promise.withResolvers<number>();
    const others = Promise.withResolvers<Map<string, number>>();
    const loads = [
      cache.getOrSet('a', () => first.promise),
      cache.getOrSetMany(['b', 'c'], () => others.promise),
    ];

    const closing = cache.close({ timeoutMs: 1_000 });
    await expect(cache.getOrSet('a', () => 2)).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    first.resolve(1);
    others.resolve(new Map([['b', 2]]));
    await closing;

    expect(await loads[0]).toBe(1);
    expect([store.get('a')?.value, store.get('b')?.value]).toEqual([1, 2]);
  });

  it('ends loads that take longer than its timeout', async () => {
    const clock = new ManualClock();
    const cache = new CacheManager({ clock });
    const load = cache.getOrSet('a', () => new Promise(() => {}));
    const ended = expect(load).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    const closing = cache.close({ timeoutMs: 1_000 });

    await clock.advanceAsync(999);
    expect(await Promise.race([closing, Promise.resolve('still closing')])).toBe('still closing');
    await clock.advanceAsync(1);
    await closing;
    await ended;
  });

  it('refuses a timeout below 0, and stays open', async () => {
    await using cache = new CacheManager();

    await expect(cache.close({ timeoutMs: -1 })).rejects.toThrow(/timeoutMs .*got -1/);
    await cache.set('a', 1);
  });
});
