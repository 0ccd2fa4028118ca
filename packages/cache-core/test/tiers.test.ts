import type { Entry, Store } from '@x/interfaces';
import { ManualClock, SlowStore } from '@x/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { CacheManager, MemoryStore } from '../src/index.ts';

/** Reads at once and answers late, and changes late: what a remote store may do at its worst. */
class LateStore extends SlowStore {
  readMs = 10;
  readonly #store: MemoryStore;
  readonly #clock: ManualClock;

  constructor(store: MemoryStore, clock: ManualClock) {
    super(store, 10, clock);
    this.#store = store;
    this.#clock = clock;
  }

  set changeMs(ms: number) {
    this.delayMs = ms;
  }

  override get(key: string): Promise<Entry | undefined> {
    return this.#late(this.#store.get(key));
  }

  override getMany(keys: readonly string[]): Promise<(Entry | undefined)[]> {
    return this.#late(this.#store.getMany(keys));
  }

  #late<T>(answer: T): Promise<T> {
    return new Promise((resolve) => {
      this.#clock.schedule(() => resolve(answer), this.readMs);
    });
  }
}

describe('CacheManager with tiers', () => {
  let clock: ManualClock;
  let upper: MemoryStore;
  let lower: MemoryStore;
  let cache: CacheManager;

  beforeEach(() => {
    clock = new ManualClock();
    upper = new MemoryStore({ clock, name: 'upper' });
    lower = new MemoryStore({ clock, name: 'lower' });
    cache = new CacheManager({ tiers: [upper, lower], clock });
  });

  it('writes to every tier and reads from the first that has the value', async () => {
    await cache.set('a', 1, { tags: ['t'] });
    await cache.setMany([['b', 2]]);
    await cache.getOrSet('c', () => 3);

    for (const store of [upper, lower]) {
      expect(store.getMany(['a', 'b', 'c']).map((entry) => entry?.value)).toEqual([1, 2, 3]);
    }
    expect(await cache.getEntry('a')).toMatchObject({ tier: 'upper' });
  });

  it.each([
    ['get', () => cache.get('a')],
    ['getEntry', async () => (await cache.getEntry('a')).value],
    ['getMany', async () => (await cache.getMany(['a', 'b'])).get('a')],
    ['getOrSet', () => cache.getOrSet('a', () => 'loaded')],
  ])('%s promotes what a lower tier has, with its deadline and tags', async (_name, read) => {
    await cache.set('a', 'kept', { ttlMs: 100, tags: ['t'] });
    upper.clear();
    clock.advance(60);

    expect(await read()).toBe('kept');
    expect(upper.get('a')).toEqual(lower.get('a'));
    clock.advance(39);
    expect(await cache.get('a')).toBe('kept');
    expect(await cache.invalidateTags(['t'])).toBe(1);
    expect(upper.get('a')).toBeUndefined();
  });

  it('tells in which tier a value was', async () => {
    await cache.set('a', 1);
    upper.clear();

    expect((await cache.getEntry('a')).tier).toBe('lower');
    expect((await cache.getEntry('a')).tier).toBe('upper');
  });

  it('has what only a lower tier has, without promoting it', async () => {
    await cache.set('a', 1);
    upper.clear();

    expect(await cache.has('a')).toBe(true);
    expect(upper.stats().entries).toBe(0);
    expect(await cache.stats()).toMatchObject({ hits: 0, misses: 0 });
  });

  it('removes from every tier', async () => {
    const remove: ((key: string) => Promise<unknown>)[] = [
      (key) => cache.delete(key),
      (key) => cache.deleteMany([key]),
      (key) => cache.invalidatePattern(`${key}*`),
      () => cache.invalidateTags(['t']),
      () => cache.clear(),
    ];
    for (const call of remove) {
      await cache.set('a', 1, { tags: ['t'] });
      await call('a');
      expect([upper.stats().entries, lower.stats().entries]).toEqual([0, 0]);
    }
  });

  it('counts a removal that only a lower tier noticed', async () => {
    await cache.setMany([
      ['a', 1],
      ['b', 2],
    ]);
    upper.clear();

    expect(await cache.delete('a')).toBe(true);
    expect(await cache.invalidatePattern('*')).toBe(1);
  });

  it('lists each key once', async () => {
    await cache.setMany([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    upper.delete('a');
    lower.delete('b');

    expect((await Array.fromAsync(cache.keys())).sort()).toEqual(['a', 'b', 'c']);
  });

  it('reports each tier, and of all together what is held by the last', async () => {
    upper = new MemoryStore({ clock, name: 'upper', maxEntries: 1 });
    cache = new CacheManager({ tiers: [upper, lower], clock });
    await cache.setMany([
      ['a', 1],
      ['b', 2],
    ]);
    await cache.get('b');
    await cache.get('a');
    await cache.get('c');

    const { bytes } = lower.stats();
    expect(await cache.stats()).toMatchObject({
      hits: 2,
      misses: 1,
      entries: 2,
      bytes,
      evictions: 2,
      expirations: 0,
      tiers: [
        { tier: 'upper', hits: 1, misses: 2, errors: 0, entries: 1, evictions: 2 },
        { tier: 'lower', hits: 1, misses: 1, errors: 0, entries: 2, bytes, evictions: 0 },
      ],
    });
  });

  it('counts a value that a lower tier had as a hit for all who waited for it', async () => {
    const slow = new SlowStore(lower, 10, clock);
    cache = new CacheManager({ tiers: [upper, slow], clock });
    lower.set('a', { value: 1, createdAt: clock.now() });

    const reads = Promise.all([1, 2, 3].map(() => cache.getOrSet('a', () => 2)));
    await clock.advanceAsync(10);

    expect(await reads).toEqual([1, 1, 1]);
    const stats = cache.stats();
    await clock.advanceAsync(10);
    expect(await stats).toMatchObject({ hits: 3, misses: 0, coalesced: 2, loads: 0 });
  });

  it('does not promote what a stepped clock makes doubtful', async () => {
    const foreign: Store = new SlowStore(lower, 0, clock);
    cache = new CacheManager({ tiers: [upper, foreign], clock });
    lower.set('a', { value: 1, createdAt: clock.now() + 61_000 });
    const read = cache.get('a');
    await clock.advanceAsync(0);

    expect(await read).toBeUndefined();
    expect(upper.stats().entries).toBe(0);
  });

  describe('while a lower tier is being read', () => {
    let slow: LateStore;

    beforeEach(() => {
      slow = new LateStore(lower, clock);
      cache = new CacheManager({ tiers: [upper, slow], clock });
      lower.set('user:1', { value: 'old', createdAt: clock.now(), tags: ['t'] });
    });

    const reads: [string, () => Promise<unknown>][] = [
      ['get', () => cache.get('user:1')],
      ['getMany', () => cache.getMany(['user:1', 'x'])],
      ['getOrSet', () => cache.getOrSet('user:1', () => 'loaded')],
    ];
    const changes: [string, () => Promise<unknown>][] = [
      ['delete', () => cache.delete('user:1')],
      ['deleteMany', () => cache.deleteMany(['user:1', 'x'])],
      ['clear', () => cache.clear()],
      ['invalidatePattern', () => cache.invalidatePattern('user:*')],
      ['invalidateTags', () => cache.invalidateTags(['t'])],
    ];
    const pairs = reads.flatMap(([reading, read]) =>
      changes.map(([changing, change]) => [reading, changing, read, change] as const),
    );
    /** When the read and the change begin and how long each takes. */
    const courses = [
      { name: 'begins and ends within the read', read: [0, 50], change: [10, 10] },
      { name: 'ends after the read', read: [0, 20], change: [10, 50] },
      { name: 'begins before the read and ends after it', read: [10, 20], change: [0, 50] },
      { name: 'begins and ends before the read does', read: [10, 50], change: [0, 20] },
    ] as const;

    describe.each(courses)('and a change $name', ({ read, change }) => {
      it.each(pairs)(
        '%s does not bring back what %s removes',
        async (_1, _2, reading, changing) => {
          const ends: Promise<unknown>[] = [];
          clock.schedule(() => {
            slow.readMs = read[1];
            ends.push(reading());
          }, read[0]);
          clock.schedule(() => {
            slow.changeMs = change[1];
            ends.push(changing());
          }, change[0]);
          await clock.advanceAsync(500);
          await Promise.all(ends);

          expect(ends).toHaveLength(2);
          expect(upper.get('user:1')?.value).not.toBe('old');
          expect(lower.get('user:1')?.value).not.toBe('old');
        },
      );
    });

    it('keeps what is set meanwhile', async () => {
      const read = cache.get('user:1');
      await clock.advanceAsync(5);
      const set = cache.set('user:1', 'new');
      await clock.advanceAsync(50);

      expect(await read).toBe('old');
      await set;
      expect(upper.get('user:1')?.value).toBe('new');
      expect(lower.get('user:1')?.value).toBe('new');
    });

    it('keeps what a load finds meanwhile', async () => {
      slow.readMs = 50;
      const read = cache.get('user:1');
      await clock.advanceAsync(5);
      lower.delete('user:1');
      slow.readMs = 5;
      const load = cache.getOrSet('user:1', () => 'new');
      await clock.advanceAsync(100);

      expect(await Promise.all([read, load])).toEqual(['old', 'new']);
      expect(upper.get('user:1')?.value).toBe('new');
    });
  });
});
