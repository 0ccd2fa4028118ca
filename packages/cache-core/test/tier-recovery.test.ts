import type { Awaitable, Store } from '@x/interfaces';
import { FailingStore, ManualClock } from '@x/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheManager, type CacheManagerOptions, MemoryStore } from '../src/index.ts';
import { expectNoTimers, settle } from './loads.ts';

/** Answers nothing any more once `hung`. */
function hangable(store: MemoryStore): { readonly store: Store; hang: (is: boolean) => void } {
  let isHung = false;
  const never = new Promise<never>(() => {});
  const wrapped = new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): Awaitable<unknown> =>
        isHung && name !== 'close' ? never : Promise.resolve(Reflect.apply(member, target, args));
    },
    getPrototypeOf: () => Object.prototype,
  });
  return { store: wrapped, hang: (is) => (isHung = is) };
}

describe('a lower tier that fails', () => {
  let clock: ManualClock;
  let upper: MemoryStore;
  let lower: MemoryStore;
  let failing: FailingStore;
  let cache: CacheManager;
  let recovered: unknown[];

  const open = (tiers: CacheManagerOptions['tiers'], options: CacheManagerOptions = {}): void => {
    cache = new CacheManager({ tiers, clock, cleanupIntervalMs: Infinity, ...options });
    recovered = [];
    cache.on('recover', (event) => recovered.push(event));
  };
  const lowerTier = async (): Promise<object | undefined> => (await cache.stats()).tiers.at(-1);

  beforeEach(() => {
    clock = new ManualClock();
    upper = new MemoryStore({ clock, name: 'upper' });
    lower = new MemoryStore({ clock, name: 'lower' });
    failing = new FailingStore(lower);
    failing.failing = new Set();
    open([upper, failing]);
  });

  afterEach(async () => {
    failing.failing = new Set();
    const closing = Promise.allSettled([cache.close()]);
    await clock.advanceAsync(1_000);
    await closing;
    for (const store of [upper, lower]) store.close();
    expectNoTimers(clock);
  });

  describe('a change that it missed', () => {
    const changes: [string, () => Promise<unknown>, string | undefined][] = [
      ['set', () => cache.set('user:1', 'new'), 'new'],
      ['setMany', () => cache.setMany([['user:1', 'new']]), 'new'],
      ['set with ttl 0', () => cache.set('user:1', 'new', { ttlMs: 0 }), undefined],
      ['delete', () => cache.delete('user:1'), undefined],
      ['deleteMany', () => cache.deleteMany(['user:1', 'x']), undefined],
      ['invalidatePattern', () => cache.invalidatePattern('user:*'), undefined],
      ['invalidateTags', () => cache.invalidateTags(['t']), undefined],
      ['clear', () => cache.clear(), undefined],
    ];

    beforeEach(async () => {
      await cache.set('user:1', 'old', { tags: ['t'] });
      await cache.set('item:1', 'other');
    });

    it.each(changes)('%s never brings the old value back', async (_name, change, left) => {
      failing.failing = 'all';
      await change();
      failing.failing = new Set();
      upper.clear();

      expect(lower.get('user:1')?.value).toBe('old');
      expect([undefined, left]).toContain(await cache.get('user:1'));
      await settle();
      expect(lower.get('user:1')?.value).toBe(left);
      expect(await cache.get('user:1')).toBe(left);
      expect(await lowerTier()).toMatchObject({ missedChanges: 0, circuit: 'closed' });
      expect(recovered).toMatchObject([{ tier: 'failing lower' }]);
    });

    it.each(changes)('%s is made up for in the background', async (_name, change, left) => {
      failing.failing = 'all';
      await change();
      await clock.advanceAsync(5_000);
      expect(lower.get('user:1')?.value).toBe('old');
      failing.failing = new Set();
      await clock.advanceAsync(60_000);

      expect(lower.get('user:1')?.value).toBe(left);
    });

    it('keeps nothing else from being served', async () => {
      failing.failing = 'all';
      await cache.delete('user:1');
      failing.failing = new Set();
      upper.clear();

      expect(await cache.get('item:1')).toBe('other');
    });

    it('is followed by later ones, in their order', async () => {
      failing.failing = 'all';
      await cache.set('user:1', 'first');
      await cache.invalidatePattern('user:*');
      await cache.set('user:2', 'second');
      failing.failing = new Set();
      await cache.set('user:3', 'third');
      await clock.advanceAsync(60_000);

      expect(lower.get('user:1')).toBeUndefined();
      expect(lower.get('user:2')?.value).toBe('second');
      expect(lower.get('user:3')?.value).toBe('third');
      expect(recovered).toHaveLength(1);
    });

    it('of a key that is changed again comes after what was between', async () => {
      failing.failing = 'all';
      await cache.set('user:1', 'first');
      await cache.invalidatePattern('user:*');
      await cache.set('user:1', 'second');
      failing.failing = new Set();
      await clock.advanceAsync(60_000);

      expect(lower.get('user:1')?.value).toBe('second');
    });

    it('is kept of the newest value of a key', async () => {
      failing.failing = 'all';
      for (const value of [1, 2, 3]) await cache.set('user:1', value);
      expect(await lowerTier()).toMatchObject({ missedChanges: 1 });
      failing.failing = new Set();
      await clock.advanceAsync(60_000);

      expect(lower.get('user:1')?.value).toBe(3);
    });

    it('is a clear when there are more than a thousand', async () => {
      failing.failing = 'all';
      for (let index = 0; index < 1_005; index++) await cache.set(`new:${index}`, index);
      expect(await lowerTier()).toMatchObject({ missedChanges: 5 });
      upper.clear();
      expect(await cache.get('item:1')).toBeUndefined();
      failing.failing = new Set();
      await clock.advanceAsync(60_000);

      expect(lower.get('item:1')).toBeUndefined();
      expect(lower.stats().entries).toBe(4);
    });

    it('is made up for when the cache closes, or the close rejects', async () => {
      failing.failing = 'all';
      await cache.delete('user:1');
      failing.failing = new Set();
      const deleted: string[] = [];
      const { delete: remove } = lower;
      lower.delete = (key) => deleted.push(key) > 0 && remove.call(lower, key);
      await cache.close();
      expect(deleted).toEqual(['user:1']);

      const other = new FailingStore(new MemoryStore({ clock }));
      open([other]);
      await cache.delete('user:1');
      await expect(cache.close()).rejects.toMatchObject({ code: 'ERR_CACHE_STORE' });
      open([upper]);
    });

    it('leaves a value that the tier refuses out of it, and the old one too', async () => {
      const refusing = new MemoryStore({ clock, clone: 'structured' });
      open([upper, refusing]);
      await cache.set('a', 'old');
      await cache.set('a', () => 'a function');

      expect(refusing.get('a')).toBeUndefined();
      expect(upper.get('a')).toBeDefined();
      expect(await lowerTier()).toMatchObject({ circuit: 'closed', missedChanges: 0 });
      await cache.setMany([
        ['a', 1],
        ['b', () => 'a function'],
        ['c', 3],
      ]);
      expect(refusing.getMany(['a', 'b', 'c']).map((entry) => entry?.value)).toEqual([
        1,
        undefined,
        3,
      ]);
    });
  });

  describe('is left alone', () => {
    const misses = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) await cache.get('missing');
    };

    it('after three failures, for a second at first and then for twice as long', async () => {
      failing.failing = 'all';
      await misses(10);
      expect(failing.failures).toBe(3);
      for (const pauseMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
        const { failures } = failing;
        clock.advance(pauseMs - 1);
        await misses(5);
        expect(failing.failures).toBe(failures);
        clock.advance(1);
        await misses(5);
        expect(failing.failures).toBe(failures + 1);
      }
      const stats = await cache.stats();
      expect(stats.tiers[1]).toMatchObject({ circuit: 'open', errors: 10 });
    });

    it('and asked again when a trial succeeds', async () => {
      failing.failing = 'all';
      await misses(3);
      failing.failing = new Set();
      lower.set('a', { value: 1, createdAt: clock.now() });
      expect(await cache.get('a')).toBeUndefined();
      clock.advance(1_000);

      expect(await cache.get('a')).toBe(1);
      expect(await lowerTier()).toMatchObject({ circuit: 'closed' });
    });

    it('without costing the callers of getOrSet anything', async () => {
      failing.failing = 'all';
      await misses(3);
      const { failures } = failing;
      for (let index = 0; index < 20; index++) {
        expect(await cache.getOrSet(`${index}`, () => index)).toBe(index);
      }
      expect(failing.failures).toBe(failures);
      expect(await cache.get('7')).toBe(7);
    });

    it('but not for values that it refuses', async () => {
      const refusing = new MemoryStore({ clock, clone: 'structured' });
      open([upper, refusing]);
      for (let index = 0; index < 5; index++) await cache.set('a', () => index);
      await cache.set('a', 1);

      expect(refusing.get('a')?.value).toBe(1);
    });

    it('and says so where reads are to throw', async () => {
      open([upper, failing], { throwOnStoreError: true });
      failing.failing = 'all';
      for (let index = 0; index < 4; index++) {
        await expect(cache.get('a')).rejects.toMatchObject({ code: 'ERR_CACHE_STORE' });
      }
      await expect(cache.get('a')).rejects.toMatchObject({
        cause: { code: 'ERR_CACHE_STORE_RESTING', retryAfterMs: 1_000 },
      });
    });
  });

  describe('by hanging', () => {
    let hanging: ReturnType<typeof hangable>;

    beforeEach(async () => {
      await cache.close();
      upper = new MemoryStore({ clock, name: 'upper' });
      lower = new MemoryStore({ clock, name: 'lower' });
      hanging = hangable(lower);
      open([upper, hanging.store], { storeTimeoutMs: 50 });
    });

    it('is waited for no longer than storeTimeoutMs, and not at all after three times', async () => {
      hanging.hang(true);
      for (let index = 0; index < 3; index++) {
        let isThere = false;
        void cache.has(`${index}`).then(() => (isThere = true));
        await clock.advanceAsync(49);
        expect(isThere).toBe(false);
        await clock.advanceAsync(1);
        expect(isThere).toBe(true);
      }
      expect(await cache.getOrSet('at once', () => 'loaded')).toBe('loaded');
      expect(await cache.get('nothing')).toBeUndefined();
      await cache.set('a', 1);
      expect(await cache.delete('a')).toBe(true);
      expect(clock.pending.foreground).toBe(0);
    });

    it('does not bring a deleted value back, also when it answers late', async () => {
      await cache.set('a', 'old');
      hanging.hang(true);
      const deleting = cache.delete('a');
      await clock.advanceAsync(50);
      expect(await deleting).toBe(true);
      hanging.hang(false);

      expect(await cache.get('a')).toBeUndefined();
      await clock.advanceAsync(5_000);
      expect(lower.get('a')).toBeUndefined();
    });

    it('may have its own time, and a read its own message', async () => {
      const tier = { store: hanging.store, storeTimeoutMs: 5 };
      open([upper, tier], { throwOnStoreError: true });
      hanging.hang(true);
      const read = cache.get('a');
      const end = Promise.allSettled([read]);
      await clock.advanceAsync(5);

      expect(await end).toMatchObject([
        { reason: { cause: { code: 'ERR_CACHE_STORE_TIMEOUT', timeoutMs: 5, tier: 'lower' } } },
      ]);
    });

    it('keeps nobody waiting when the cache closes', async () => {
      hanging.hang(true);
      const ends = Promise.allSettled([cache.get('a'), cache.getOrSet('c', () => 1)]);
      await settle();
      await cache.close();

      expect(await ends).toMatchObject([{ value: undefined }, { reason: { code: 'ERR_CLOSED' } }]);
    });

    it('does not do a long change again that it finished after its time', async () => {
      const slow = new MemoryStore({ clock, name: 'slow' });
      let calls = 0;
      slow.clear = () => {
        calls++;
        return new Promise<void>((resolve) => clock.schedule(resolve, 200)) as never;
      };
      open([upper, slow], { storeTimeoutMs: 50 });
      const clearing = cache.clear();
      await clock.advanceAsync(60);
      await clearing;
      expect(await lowerTier()).toMatchObject({ missedChanges: 1 });
      await clock.advanceAsync(60_000);

      expect(calls).toBe(1);
      expect(await lowerTier()).toMatchObject({ missedChanges: 0, circuit: 'closed' });
    });
  });

  describe('with a ttl of its own', () => {
    it('keeps its copies no longer than that', async () => {
      open([{ store: upper, ttlMs: 10 }, lower]);
      await cache.set('a', 1, { ttlMs: 100 });
      await cache.set('b', 1, { ttlMs: 5 });

      expect(upper.get('a')?.expiresAt).toBe(clock.now() + 10);
      expect(upper.get('b')?.expiresAt).toBe(clock.now() + 5);
      clock.advance(10);
      expect(await cache.getEntry('a')).toMatchObject({ tier: 'lower', ageMs: 10 });
      expect(await cache.getEntry('a')).toMatchObject({ tier: 'upper' });
      clock.advance(90);
      expect(await cache.get('a')).toBeUndefined();
    });

    it.each([
      [{ store: {} }, 'tiers[0].store must be a store, got an object'],
      [{ store: new MemoryStore(), ttlMs: 0 }, 'ttlMs of tiers[0] must be above 0, got 0'],
      [{ store: new MemoryStore(), storeTimeoutMs: -1 }, 'storeTimeoutMs must be a number above 0'],
    ])('refuses %#', (tier, message) => {
      expect(() => new CacheManager({ tiers: [tier as never] })).toThrow(message);
    });
  });
});
