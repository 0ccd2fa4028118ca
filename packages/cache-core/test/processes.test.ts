import { ManualClock } from '@x/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheManager, type CacheManagerOptions, MemoryStore } from '../src/index.ts';
import { expectNoTimers, HeldLoads, settle } from './loads.ts';
import { SharedMedium, SharedStore } from './shared-store.ts';

/** A cache as each of several processes has one: memory in front of a store that they share. */
interface Process {
  readonly cache: CacheManager;
  readonly memory: MemoryStore;
  readonly store: SharedStore;
  readonly loads: HeldLoads<string>;
  readonly read: () => Promise<string>;
}

describe('caches of several processes over one store', () => {
  let clock: ManualClock;
  let medium: SharedMedium;
  let here: Process;
  let there: Process;

  const open = (options: CacheManagerOptions = {}): Process => {
    const memory = new MemoryStore({ clock });
    const store = new SharedStore(medium);
    const loads = new HeldLoads<string>();
    const cache = new CacheManager({
      tiers: [memory, store],
      clock,
      cleanupIntervalMs: Infinity,
      random: () => 0.5,
      ...options,
    });
    return { cache, memory, store, loads, read: () => cache.getOrSet('a', loads.load) };
  };

  beforeEach(() => {
    clock = new ManualClock();
    medium = new SharedMedium(clock);
    here = open();
    there = open();
  });

  afterEach(async () => {
    await here.cache.close();
    await there.cache.close();
    expectNoTimers(clock);
  });

  describe('see changes of each other', () => {
    beforeEach(async () => {
      await here.cache.set('a', 'old', { tags: ['t'] });
      await here.cache.set('b', 'other', { tags: ['u'] });
      for (const { cache } of [here, there]) await cache.getMany(['a', 'b']);
      await settle();
    });

    it.each<[string, (cache: CacheManager) => Promise<unknown>, string | undefined]>([
      ['set', (cache) => cache.set('a', 'new'), 'new'],
      ['delete', (cache) => cache.delete('a'), undefined],
      ['clear', (cache) => cache.clear(), undefined],
      ['invalidatePattern', (cache) => cache.invalidatePattern('a*'), undefined],
      ['invalidateTags', (cache) => cache.invalidateTags(['t']), undefined],
    ])('%s', async (_name, change, left) => {
      await change(there.cache);
      await settle();

      expect(await here.cache.get('a')).toBe(left);
      expect((await here.cache.getMany(['a'])).get('a')).toBe(left);
      expect(await here.cache.has('a')).toBe(left !== undefined);
      expect(await here.cache.getOrSet('a', () => 'loaded')).toBe(left ?? 'loaded');
    });

    it('and drop just what was changed', async () => {
      await there.cache.delete('a');
      await settle();
      await here.cache.get('b');

      expect(here.memory.get('a')).toBeUndefined();
      expect(here.memory.get('b')?.value).toBe('other');
    });

    it('by asking once per turn of the event loop', async () => {
      const before = here.store.probes;
      for (let index = 0; index < 100; index++) await here.cache.get('a');
      expect(here.store.probes).toBe(before + 1);
      await settle();
      await here.cache.get('a');
      expect(here.store.probes).toBe(before + 2);
    });

    it('after a time in which the store failed', async () => {
      const { changesSince } = here.store;
      here.store.changesSince = (): never => {
        throw new Error('locked');
      };
      await there.cache.set('a', 'new');
      expect(await here.cache.get('a')).toBe('old');
      await settle();
      here.store.changesSince = changesSince;

      expect(await here.cache.get('a')).toBe('new');
    });

    it('by dropping everything when the store did not know its position at first', async () => {
      const process = open();
      const { mark } = process.store;
      process.store.mark = (): never => {
        throw new Error('locked');
      };
      process.memory.set('a', { value: 'old', createdAt: clock.now() });
      expect(await process.cache.get('a')).toBe('old');
      await there.cache.set('a', 'new');
      process.store.mark = mark;
      await settle();

      expect(await process.cache.get('a')).toBe('new');
      await process.cache.close();
    });
  });

  describe('let changes of each other win over a load', () => {
    it.each<[string, (cache: CacheManager) => Promise<unknown>, string | undefined]>([
      ['set', (cache) => cache.set('a', 'set'), 'set'],
      ['delete', (cache) => cache.delete('a'), undefined],
      ['clear', (cache) => cache.clear(), undefined],
      ['invalidatePattern', (cache) => cache.invalidatePattern('a*'), undefined],
    ])('%s', async (_name, change, left) => {
      const wait = here.read();
      await settle();
      expect(here.loads.count).toBe(1);
      await change(there.cache);
      await here.loads.resolve('loaded');

      expect(await wait).toBe('loaded');
      expect(await here.cache.get('a')).toBe(left);
      expect(await there.cache.get('a')).toBe(left);
    });

    it('also when it was noticed while the load went on', async () => {
      const wait = here.read();
      await settle();
      await there.cache.set('a', 'set');
      await settle();
      expect(await here.cache.get('a')).toBe('set');
      await here.loads.resolve('loaded');

      expect(await wait).toBe('loaded');
      expect(await here.cache.get('a')).toBe('set');
    });
  });

  describe('load a key once for all', () => {
    it('when it is missing', async () => {
      const waits = [here.read(), here.read(), there.read(), there.read()];
      await clock.advanceAsync(1_000);
      expect(here.loads.count + there.loads.count).toBe(1);
      await here.loads.resolve('loaded');
      await clock.advanceAsync(200);

      expect(await Promise.all(waits)).toEqual(['loaded', 'loaded', 'loaded', 'loaded']);
      expect(there.loads.count).toBe(0);
      expect(there.memory.get('a')?.value).toBe('loaded');
      expect(medium.leases.size).toBe(0);
    });

    it('when it is stale', async () => {
      const options = { staleWhileRevalidateMs: 60_000 };
      await here.cache.set('a', 'old', { ttlMs: 10, ...options });
      await there.cache.get('a');
      clock.advance(10);
      const read = ({ cache, loads }: Process): Promise<string> =>
        cache.getOrSet('a', loads.load, options);

      expect(await Promise.all([read(here), read(there)])).toEqual(['old', 'old']);
      await clock.advanceAsync(500);
      await here.loads.resolve('new');
      await clock.advanceAsync(200);

      expect(here.loads.count + there.loads.count).toBe(1);
      expect(await read(there)).toBe('new');
    });

    it('for as long as the load takes: the lease is renewed', async () => {
      const wait = here.read();
      await clock.advanceAsync(8_000);
      const other = there.read();
      await clock.advanceAsync(8_000);
      expect(there.loads.count).toBe(0);
      await here.loads.resolve('loaded');
      await clock.advanceAsync(200);

      expect(await Promise.all([wait, other])).toEqual(['loaded', 'loaded']);
    });

    it('but wait no longer than a lease lasts', async () => {
      const waits = [here.read(), there.read()];
      await clock.advanceAsync(10_200);
      expect(there.loads.count).toBe(1);
      await there.loads.resolve('theirs');
      await here.loads.resolve('ours');

      expect(await Promise.all(waits)).toEqual(['ours', 'theirs']);
    });

    it('and take over from a process that died', async () => {
      medium.leases.set('a', { until: clock.now() + 500 });
      const wait = there.read();
      await clock.advanceAsync(400);
      expect(there.loads.count).toBe(0);
      await clock.advanceAsync(300);
      await there.loads.resolve('loaded');

      expect(await wait).toBe('loaded');
    });

    it('and take over from one whose load failed', async () => {
      const waits = Promise.allSettled([here.read(), there.read()]);
      await clock.advanceAsync(100);
      await here.loads.reject(new Error('down'));
      await clock.advanceAsync(200);
      await there.loads.resolve('loaded');

      expect(await waits).toMatchObject([{ reason: new Error('down') }, { value: 'loaded' }]);
    });

    it('reading again before the load, as another may have just ended', async () => {
      const { lease } = here.store;
      here.store.lease = (key, ttlMs) => {
        there.store.set('a', { value: 'theirs', createdAt: clock.now() });
        return lease.call(here.store, key, ttlMs);
      };

      expect(await here.read()).toBe('theirs');
      expect(here.loads.count).toBe(0);
      await settle();
      expect(medium.leases.size).toBe(0);
    });

    it('unless leases fail or are switched off', async () => {
      here.store.lease = (): never => {
        throw new Error('disk full');
      };
      const off = open({ leaseTtlMs: 0 });
      medium.leases.set('a', { until: Infinity });

      expect(await here.cache.getOrSet('a', () => 1)).toBe(1);
      expect(await off.cache.getOrSet('b', () => 2)).toBe(2);
      await off.cache.close();
    });

    describe('of many', () => {
      let asked: [string, readonly string[]][];

      /** Answers each key with the name of the process that loaded it. */
      const readMany = (name: string, { cache }: Process, keys: string[]): Promise<unknown[]> => {
        const load = async (context: { keys: readonly string[] }): Promise<[string, string][]> => {
          asked.push([name, context.keys]);
          await new Promise<void>((resolve) => clock.schedule(resolve, 100));
          return context.keys.map((key) => [key, name]);
        };
        return cache.getOrSetMany(keys, load).then((values) => [...values.values()]);
      };

      beforeEach(() => {
        asked = [];
      });

      it('while two processes ask for some of the same', async () => {
        const ours = readMany('here', here, ['a', 'b', 'c']);
        await settle();
        const theirs = readMany('there', there, ['c', 'd', 'a']);
        await clock.advanceAsync(1_000);

        expect(await ours).toEqual(['here', 'here', 'here']);
        expect(await theirs).toEqual(['here', 'there', 'here']);
        expect(asked).toEqual([
          ['here', ['a', 'b', 'c']],
          ['there', ['d']],
        ]);
        expect(medium.leases.size).toBe(0);
      });

      it('and take over from a process that died, key by key', async () => {
        medium.leases.set('b', { until: clock.now() + 500 });
        const ours = readMany('here', here, ['a', 'b']);
        await clock.advanceAsync(1_000);

        expect(await ours).toEqual(['here', 'here']);
        expect(asked).toEqual([
          ['here', ['a']],
          ['here', ['b']],
        ]);
      });

      it('reading again before the load, as another may have just ended', async () => {
        const { lease } = here.store;
        here.store.lease = (key, ttlMs) => {
          if (key === 'a') there.store.set('a', { value: 'theirs', createdAt: clock.now() });
          return lease.call(here.store, key, ttlMs);
        };
        const ours = readMany('here', here, ['a', 'b']);
        await clock.advanceAsync(200);

        expect(await ours).toEqual(['theirs', 'here']);
        expect(asked).toEqual([['here', ['b']]]);
        expect(medium.leases.size).toBe(0);
      });

      it('of which the failure of one load is told to those who wait for it', async () => {
        medium.leases.set('b', { until: clock.now() + 500 });
        const load = async ({ keys }: { keys: readonly string[] }): Promise<[string, string][]> => {
          if (keys.includes('b')) throw new Error('down');
          return keys.map((key) => [key, 'loaded']);
        };
        const ends = Promise.allSettled([
          here.cache.getOrSetMany(['a', 'b'], load),
          here.cache.getOrSet('a', () => 'other'),
        ]);
        await clock.advanceAsync(1_000);

        expect(await ends).toMatchObject([{ reason: new Error('down') }, { value: 'loaded' }]);
        expect(medium.leases.size).toBe(0);
      });

      it('and tell a store that fails while they wait, to the caller or to nobody', async () => {
        const strict = open({ refreshAfterRatio: 0.5, ttlMs: 1_000, throwOnStoreError: true });
        const load = ({ keys }: { keys: readonly string[] }): [string, string][] =>
          keys.map((key) => [key, 'loaded']);
        await strict.cache.getOrSetMany(['a', 'b'], load);
        await clock.advanceAsync(700);
        for (const key of ['a', 'c']) medium.leases.set(key, { until: clock.now() + 60_000 });
        const { get } = strict.store;
        strict.store.get = (key) => {
          if (key === 'a' || key === 'c') throw new Error('unreadable');
          return get.call(strict.store, key);
        };
        const rejections: unknown[] = [];
        const note = (reason: unknown): void => void rejections.push(reason);
        process.on('unhandledRejection', note);
        try {
          const due = await strict.cache.getOrSetMany(['a', 'b'], load);
          const waiting = Promise.allSettled([strict.cache.getOrSetMany(['c', 'd'], load)]);
          await clock.advanceAsync(200);
          expect([...due.values()]).toEqual(['loaded', 'loaded']);
          expect(await waiting).toMatchObject([{ reason: { code: 'ERR_CACHE_STORE' } }]);
          strict.store.get = get;
          medium.leases.clear();
          expect(await strict.cache.getOrSet('a', () => 'again')).toBe('loaded');
        } finally {
          process.off('unhandledRejection', note);
          await strict.cache.close();
        }
        expect(rejections).toEqual([]);
      });

      it('however many they are', async () => {
        const keys = Array.from({ length: 130 }, (_, index) => `key ${index}`);
        const ours = readMany('here', here, keys);
        for (let turn = 0; turn < 5; turn++) await settle();
        await clock.advanceAsync(200);

        expect(new Set(await ours)).toEqual(new Set(['here']));
        expect(asked).toEqual([['here', keys]]);
        expect(medium.leases.size).toBe(0);
      });
    });

    it('and stop waiting when the caller leaves or the cache closes', async () => {
      medium.leases.set('a', { until: clock.now() + 60_000 });
      const controller = new AbortController();
      const left = here.cache.getOrSet('a', here.loads.load, { signal: controller.signal });
      const closed = there.read();
      const ends = Promise.allSettled([left, closed]);
      await clock.advanceAsync(100);
      controller.abort('gone');
      await there.cache.close();
      await settle();

      expect(await ends).toMatchObject([{ reason: 'gone' }, { reason: { code: 'ERR_CLOSED' } }]);
      expect(here.loads.count + there.loads.count).toBe(0);
    });
  });
});
