import { ManualClock, SlowStore } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { CacheManager, MemoryStore } from '../src/index.ts';

/** Each must win over a load of `user:1`, tagged `t`, that began before it. */
const changes: [string, (cache: CacheManager) => Promise<unknown>, unknown][] = [
  ['set', (cache) => cache.set('user:1', 'set'), 'set'],
  ['setMany', (cache) => cache.setMany([['user:1', 'set']]), 'set'],
  ['set with ttl 0', (cache) => cache.set('user:1', 'set', { ttlMs: 0 }), undefined],
  ['delete', (cache) => cache.delete('user:1'), undefined],
  ['deleteMany', (cache) => cache.deleteMany(['x', 'user:1']), undefined],
  ['clear', (cache) => cache.clear(), undefined],
  ['clear of its namespace', (cache) => cache.namespace('user:').clear(), undefined],
  ['invalidatePattern', (cache) => cache.invalidatePattern('user:*'), undefined],
  ['invalidateTags', (cache) => cache.invalidateTags(['other', 't']), undefined],
];

/** None of them touches `user:1`. */
const unrelated: [string, (cache: CacheManager) => Promise<unknown>][] = [
  ['set of another key', (cache) => cache.set('user:2', 1)],
  ['delete of another key', (cache) => cache.delete('user:2')],
  ['invalidatePattern of other keys', (cache) => cache.invalidatePattern('item:*')],
  ['invalidateTags of other tags', (cache) => cache.invalidateTags(['other'])],
  ['clear of another namespace', (cache) => cache.namespace('item:').clear()],
];

const slowly = (clock: ManualClock): CacheManager =>
  new CacheManager({ store: new SlowStore(new MemoryStore({ clock }), 10, clock), clock });

describe('a change during a load', () => {
  it.each(changes)(
    '%s wins, and the callers still get what was loaded',
    async (_name, change, left) => {
      const cache = new CacheManager();
      const { promise, resolve } = Promise.withResolvers<string>();
      const waits = [
        cache.getOrSet('user:1', () => promise, { tags: ['t'] }),
        cache.getOrSet('user:1', () => promise),
      ];

      await change(cache);
      resolve('loaded');

      expect(await Promise.all(waits)).toEqual(['loaded', 'loaded']);
      expect(await cache.get('user:1')).toBe(left);
    },
  );

  it.each(changes)('%s wins in a store that answers later', async (_name, change, left) => {
    const clock = new ManualClock();
    const cache = slowly(clock);
    const { promise, resolve } = Promise.withResolvers<string>();
    const wait = cache.getOrSet('user:1', () => promise, { tags: ['t'] });
    await clock.advanceAsync(10);

    const changed = change(cache);
    await clock.advanceAsync(5);
    resolve('loaded');
    await clock.advanceAsync(20);
    await changed;

    expect(await wait).toBe('loaded');
    const read = cache.get('user:1');
    await clock.advanceAsync(10);
    expect(await read).toBe(left);
  });

  it.each(changes)('%s sends later callers to a load of their own', async (_name, change, left) => {
    const cache = new CacheManager();
    const { promise, resolve } = Promise.withResolvers<string>();
    const old = cache.getOrSet('user:1', () => promise, { tags: ['t'] });

    await change(cache);
    const fresh = await cache.getOrSet('user:1', () => 'fresh');
    resolve('old');

    expect(await old).toBe('old');
    expect(fresh).toBe(left ?? 'fresh');
    expect(await cache.get('user:1')).toBe(left ?? 'fresh');
  });

  it('leaves the load of later callers to be shared, also when the old one ends', async () => {
    const cache = new CacheManager();
    const old = Promise.withResolvers<string>();
    const fresh = Promise.withResolvers<string>();
    let loads = 0;
    const first = cache.getOrSet('a', () => old.promise);
    await cache.delete('a');
    const load = (): Promise<string> => {
      loads++;
      return fresh.promise;
    };
    const second = cache.getOrSet('a', load);
    old.resolve('old');
    await first;
    const third = cache.getOrSet('a', load);
    fresh.resolve('fresh');

    expect(await Promise.all([second, third])).toEqual(['fresh', 'fresh']);
    expect(loads).toBe(1);
  });

  it.each(unrelated)('%s leaves the load alone', async (_name, change) => {
    const cache = new CacheManager();
    const { promise, resolve } = Promise.withResolvers<string>();
    const wait = cache.getOrSet('user:1', () => promise, { tags: ['t'] });

    await change(cache);
    resolve('loaded');

    await wait;
    expect(await cache.get('user:1')).toBe('loaded');
  });
});
