import { setImmediate } from 'node:timers/promises';
import type { LoaderContext } from '@x/interfaces';
import { ManualClock, SlowStore } from '@x/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheManager, MemoryStore } from '../src/index.ts';

/** A loader that ends when the test says so, and what it was given. */
function heldLoader(): {
  load: (context: LoaderContext) => Promise<number>;
  contexts: LoaderContext[];
  resolve: (value: number) => void;
  reject: (error: unknown) => void;
} {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const contexts: LoaderContext[] = [];
  const load = (context: LoaderContext): Promise<number> => {
    contexts.push(context);
    return promise;
  };
  return { load, contexts, resolve, reject };
}

describe('CacheManager.getOrSet', () => {
  let cache: CacheManager;

  beforeEach(() => {
    cache = new CacheManager();
  });

  afterEach(async () => {
    await cache.close();
  });

  it('loads what is missing and keeps it', async () => {
    let loads = 0;
    const load = (): number => ++loads;

    expect(await cache.getOrSet('a', load)).toBe(1);
    expect(await cache.getOrSet('a', load)).toBe(1);
    expect(await cache.get('a')).toBe(1);
    expect(await cache.stats()).toMatchObject({
      hits: 2,
      misses: 1,
      loads: 1,
      sets: 1,
      hitRatio: 2 / 3,
    });
  });

  it('begins the load in the turn of the call', () => {
    let isLoading = false;
    void cache.getOrSet('a', () => (isLoading = true));

    expect(isLoading).toBe(true);
  });

  it('runs one load for 1000 callers at once', async () => {
    let loads = 0;
    const load = async (): Promise<number> => {
      loads++;
      await setImmediate();
      return 42;
    };

    const values = await Promise.all(
      Array.from({ length: 1_000 }, () => cache.getOrSet('a', load)),
    );

    expect(loads).toBe(1);
    expect(new Set(values)).toEqual(new Set([42]));
    expect(await cache.stats()).toMatchObject({
      hits: 0,
      misses: 1_000,
      loads: 1,
      coalesced: 999,
      sets: 1,
    });
  });

  it('rejects 1000 callers with the one error, keeps nothing, and loads again next time', async () => {
    let loads = 0;
    const error = new Error('upstream is down');
    const load = async (): Promise<number> => {
      loads++;
      await setImmediate();
      throw error;
    };

    const results = await Promise.allSettled(
      Array.from({ length: 1_000 }, () => cache.getOrSet('a', load)),
    );

    expect(loads).toBe(1);
    expect(new Set(results.map((result) => result.status === 'rejected' && result.reason))).toEqual(
      new Set([error]),
    );
    expect(await cache.getOrSet('a', () => 2)).toBe(2);
    expect(await cache.stats()).toMatchObject({ loads: 2, loadFailures: 1 });
    expect((await cache.info()).loading).toBe(0);
  });

  it('runs one load for 1000 callers over a store that answers later', async () => {
    const clock = new ManualClock();
    const store = new SlowStore(new MemoryStore({ clock }), 10, clock);
    const slow = new CacheManager({ store, clock });
    let loads = 0;

    const all = Promise.all(Array.from({ length: 1_000 }, () => slow.getOrSet('a', () => ++loads)));
    await clock.advanceAsync(20);

    expect(new Set(await all)).toEqual(new Set([1]));
    expect(loads).toBe(1);
  });

  it('rejects when the loader throws at once', async () => {
    await expect(
      cache.getOrSet('a', () => {
        throw new TypeError('no');
      }),
    ).rejects.toThrow('no');
  });

  it('leaves no unhandled rejection behind when nobody listens to a failed load', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): unknown => unhandled.push(error);
    const before = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', note);
    try {
      void cache.getOrSet('a', () => Promise.reject(new Error('no')));
      void cache.getOrSet('b', () => new Promise(() => {}));
      await cache.close();
      await setImmediate();
    } finally {
      process.off('unhandledRejection', note);
      for (const listener of before) process.on('unhandledRejection', listener);
    }

    expect(unhandled).toEqual([]);
  });

  it('loads different keys at the same time', async () => {
    const held = heldLoader();
    const slow = cache.getOrSet('slow', held.load);

    expect(await cache.getOrSet('quick', () => 1)).toBe(1);
    held.resolve(2);
    expect(await slow).toBe(2);
  });

  it('keeps null, but answers undefined without keeping it', async () => {
    let loads = 0;
    const load = (value: null | undefined) => () => {
      loads++;
      return value;
    };

    expect(await cache.getOrSet('null', load(null))).toBeNull();
    expect(await cache.getOrSet('null', load(null))).toBeNull();
    expect(loads).toBe(1);
    expect(await cache.getOrSet('undefined', load(undefined))).toBeUndefined();
    expect(await cache.getOrSet('undefined', load(undefined))).toBeUndefined();
    expect(loads).toBe(3);
    expect(await cache.has('undefined')).toBe(false);
  });

  it('answers an undefined that was set', async () => {
    await cache.set('a', undefined);

    expect(await cache.getOrSet<unknown>('a', () => 1)).toBeUndefined();
  });

  it('takes no place in the store while it loads', async () => {
    const cache = new CacheManager({ store: new MemoryStore({ maxEntries: 1 }) });
    await cache.set('a', 1);
    const held = heldLoader();
    const loading = cache.getOrSet('b', held.load);

    expect(await cache.get('a')).toBe(1);
    expect((await cache.info()).loading).toBe(1);
    held.resolve(2);
    await loading;
    expect((await cache.info()).loading).toBe(0);
  });

  it('gives the loader its key, and makes no signal unless it is asked for', async () => {
    const { AbortController } = globalThis;
    let made = 0;
    globalThis.AbortController = class extends AbortController {
      constructor() {
        super();
        made++;
      }
    };
    try {
      expect(await cache.getOrSet('a', ({ key }) => key)).toBe('a');
      expect(made).toBe(0);
      expect(await cache.getOrSet('b', ({ signal }) => signal.aborted)).toBe(false);
      expect(made).toBe(1);
    } finally {
      globalThis.AbortController = AbortController;
    }
  });

  describe('with a signal', () => {
    it('rejects at once when the signal is aborted already, also for what is cached', async () => {
      await cache.set('a', 1);
      const reason = new Error('too late');
      const signal = AbortSignal.abort(reason);

      await expect(cache.getOrSet('a', () => 2, { signal })).rejects.toBe(reason);
      await expect(cache.getOrSet('b', () => 2, { signal })).rejects.toBe(reason);
      expect((await cache.stats()).loads).toBe(0);
    });

    it('stops the wait of its caller alone', async () => {
      const held = heldLoader();
      const controller = new AbortController();
      const patient = cache.getOrSet('a', held.load);
      const impatient = cache.getOrSet('a', held.load, { signal: controller.signal });

      const reason = new Error('changed my mind');
      controller.abort(reason);

      await expect(impatient).rejects.toBe(reason);
      expect(held.contexts[0]?.signal.aborted).toBe(false);
      held.resolve(1);
      expect(await patient).toBe(1);
      expect(await cache.get('a')).toBe(1);
    });

    it('aborts the load when the last caller leaves, and keeps nothing of it', async () => {
      const held = heldLoader();
      const [first, second] = [new AbortController(), new AbortController()];
      const waits = [first, second].map(({ signal }) => cache.getOrSet('a', held.load, { signal }));
      const settled = Promise.allSettled(waits);

      first.abort();
      expect(held.contexts[0]?.signal.aborted).toBe(false);
      const reason = new Error('last');
      second.abort(reason);
      await settled;

      expect(held.contexts[0]?.signal.reason).toBe(reason);
      held.resolve(1);
      await setImmediate();
      expect(await cache.get('a')).toBeUndefined();
      expect(await cache.stats()).toMatchObject({ loads: 1, loadFailures: 0, sets: 0 });
    });

    it('shows an aborted signal also to a loader that asks for it later', async () => {
      let context: LoaderContext | undefined;
      const { promise, resolve } = Promise.withResolvers<number>();
      const controller = new AbortController();
      const wait = cache.getOrSet(
        'a',
        (given) => {
          context = given;
          return promise;
        },
        { signal: controller.signal },
      );
      controller.abort('gone');
      await expect(wait).rejects.toBe('gone');

      expect(context?.signal.aborted).toBe(true);
      expect(context?.signal.reason).toBe('gone');
      resolve(1);
    });

    it('starts a new load for whoever comes after an abandoned one', async () => {
      const abandoned = heldLoader();
      const controller = new AbortController();
      const wait = cache.getOrSet('a', abandoned.load, { signal: controller.signal });
      controller.abort(new Error('gone'));
      await expect(wait).rejects.toThrow('gone');

      expect(await cache.getOrSet('a', () => 2)).toBe(2);
      abandoned.reject(new Error('aborted'));
      await setImmediate();
      expect(await cache.get('a')).toBe(2);
    });

    it('lets go of the signal when the load ends', async () => {
      const controller = new AbortController();
      const { signal } = controller;
      let listeners = 0;
      const { addEventListener, removeEventListener } = signal;
      signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
        listeners++;
        addEventListener.apply(signal, args);
      };
      signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
        listeners--;
        removeEventListener.apply(signal, args);
      };

      await cache.getOrSet('a', () => 1, { signal });
      await expect(
        cache.getOrSet('b', () => Promise.reject(new Error('no')), { signal }),
      ).rejects.toThrow('no');
      expect(listeners).toBe(0);
    });
  });
});
