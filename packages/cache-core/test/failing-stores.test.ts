import type { Store } from '@x/interfaces';
import { FailingStore, ManualClock } from '@x/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { CacheManager, CacheStoreError, MemoryStore, type StoreErrorEvent } from '../src/index.ts';

describe('CacheManager over a store that fails', () => {
  let memory: MemoryStore;
  let failing: FailingStore;
  let cache: CacheManager;
  let errors: StoreErrorEvent[];
  let warnings: string[];

  const nothing = (): void => {};
  const watch = (options: object): void => {
    errors = [];
    warnings = [];
    cache = new CacheManager({
      ...options,
      logger: {
        debug: nothing,
        info: nothing,
        warn: (text) => warnings.push(text),
        error: nothing,
      },
    });
    cache.on('error', (event) => errors.push(event));
  };

  beforeEach(() => {
    memory = new MemoryStore();
    failing = new FailingStore(memory);
    watch({ store: failing });
  });

  describe('a read', () => {
    it('counts as a miss, with an event, a warning and a counter', async () => {
      expect(await cache.get('a')).toBeUndefined();

      expect(errors).toEqual([
        {
          operation: 'get',
          tier: 'failing memory',
          key: 'a',
          error: new Error('failing memory: get failed'),
        },
      ]);
      expect(warnings).toEqual([
        'cache "cache": get of "a" failed in failing memory: failing memory: get failed',
      ]);
      failing.failing = new Set();
      expect(await cache.stats()).toMatchObject({
        misses: 1,
        errors: 1,
        tiers: [{ misses: 1, errors: 1 }],
      });
    });

    it.each([
      ['has', 'get', () => cache.has('a'), false],
      ['getEntry', 'get', () => cache.getEntry('a'), { hit: false }],
      ['getMany', 'getMany', () => cache.getMany(['a']), new Map()],
      ['keys', 'keys', () => Array.fromAsync(cache.keys()), []],
      ['getOrSet', 'get', () => cache.getOrSet('a', () => 1), 1],
      ['stats', 'stats', async () => (await cache.stats()).entries, 0],
    ])('is a miss for %s', async (_name, operation, read, answer) => {
      expect(await read()).toEqual(answer);
      expect(errors[0]).toMatchObject({ operation });
    });

    it('is answered by another tier', async () => {
      watch({ tiers: [failing, memory] });
      memory.set('a', { value: 1, createdAt: 0 });

      for (let round = 0; round < 3; round++) {
        expect(await cache.get('a')).toBe(1);
        expect((await cache.getMany(['a'])).get('a')).toBe(1);
        expect(await Array.fromAsync(cache.keys())).toEqual(['a']);
      }
    });

    it('rejects with throwOnStoreError, and nothing is loaded', async () => {
      watch({ store: failing, throwOnStoreError: true });
      let loads = 0;

      for (const read of [
        () => cache.get('a'),
        () => cache.getEntry('a'),
        () => cache.getMany(['a']),
        () => cache.has('a'),
        () => cache.getOrSet('a', () => ++loads),
        () => Array.fromAsync(cache.keys()),
      ]) {
        await expect(read()).rejects.toMatchObject({
          code: 'ERR_CACHE_STORE',
          tier: 'failing memory',
          cache: 'cache',
        });
      }
      expect(loads).toBe(0);
    });

    it('may fail by throwing', async () => {
      const throwing: Store = new MemoryStore();
      throwing.get = () => {
        throw new Error('torn');
      };
      watch({ store: throwing });
      expect(await cache.get('a')).toBeUndefined();
      expect(await cache.getOrSet('a', () => 1)).toBe(1);

      watch({ store: throwing, throwOnStoreError: true });
      await expect(cache.get('a')).rejects.toThrow('get of "a" failed in memory: torn');
      await expect(cache.getOrSet('a', () => 1)).rejects.toBeInstanceOf(CacheStoreError);
    });
  });

  describe('a write', () => {
    it('takes nothing from the callers of getOrSet, also with throwOnStoreError', async () => {
      watch({ store: failing, throwOnStoreError: true });
      failing.failing = new Set(['set']);

      expect(await Promise.all([1, 2].map(() => cache.getOrSet('a', () => 5)))).toEqual([5, 5]);
      expect(errors).toMatchObject([{ operation: 'set', key: 'a' }]);
      expect(await cache.stats()).toMatchObject({ sets: 0, loads: 1, loadFailures: 0 });
      expect(await cache.getOrSet('a', () => 6)).toBe(6);
    });

    it('rejects when it fails in every tier', async () => {
      await expect(cache.set('a', 1)).rejects.toMatchObject({
        code: 'ERR_CACHE_STORE',
        operation: 'set',
        key: 'a',
        cause: new Error('failing memory: set failed'),
      });
      watch({ store: failing });
      await expect(cache.setMany([['a', 1]])).rejects.toMatchObject({ operation: 'setMany' });
    });

    it('is done when one tier kept it', async () => {
      failing = new FailingStore(new MemoryStore());
      watch({ tiers: [memory, failing] });
      failing.failing = new Set(['set', 'setMany']);

      await cache.set('a', 1);
      await cache.setMany([['b', 2]]);
      await cache.getOrSet('c', () => 3);

      const keys = ['a', 'b', 'c'];
      expect((await cache.getMany(keys)).size).toBe(3);
      expect(errors.length).toBeGreaterThan(0);
      expect((await cache.stats()).sets).toBe(3);
    });

    it('that promotes is recorded, and disturbs no reader', async () => {
      watch({ tiers: [failing, memory] });
      failing.failing = new Set(['setMany']);
      memory.set('a', { value: 1, createdAt: 0 });
      failing.failing = 'all';

      expect(await cache.get('a')).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      expect(errors.map(({ operation }) => operation)).toEqual(['get', 'setMany']);
    });
  });

  describe('a removal', () => {
    const removals: [string, () => Promise<unknown>][] = [
      ['delete', () => cache.delete('a')],
      ['deleteMany', () => cache.deleteMany(['a', 'b'])],
      ['clear', () => cache.clear()],
      ['invalidate', () => cache.invalidatePattern('*')],
      ['invalidate', () => cache.invalidateTags(['t'])],
    ];

    it.each(removals)(
      '%s rejects when a tier was closed, after trying all',
      async (operation, remove) => {
        const closed = new MemoryStore({ name: 'closed' });
        closed.close();
        const other = new MemoryStore();
        for (const tiers of [
          [closed, other],
          [other, closed],
        ]) {
          watch({ tiers });
          other.set('a', { value: 1, createdAt: 0, tags: ['t'] });

          await expect(remove()).rejects.toMatchObject({
            code: 'ERR_CACHE_STORE',
            operation,
            tier: 'closed',
          });
          expect(other.stats().entries).toBe(0);
        }
      },
    );
  });

  it('purges and closes what it can', async () => {
    const clock = new ManualClock();
    const other = new MemoryStore({ clock });
    watch({ tiers: [failing, other], clock });
    other.set('a', { value: 1, createdAt: 0, expiresAt: clock.now() + 1 });
    clock.advance(1);
    expect(await cache.purgeExpired()).toBe(1);

    memory.close = () => {
      throw new Error('stuck');
    };
    await expect(cache.close()).rejects.toMatchObject({ operation: 'close' });
    expect(() => other.get('a')).toThrow('closed');
  });
});
