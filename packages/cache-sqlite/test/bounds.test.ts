import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { EvictEvent } from '@x/interfaces';
import { ManualClock, temporaryFolder } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { SqliteStore } from '../src/index.ts';

const entry = (size: number): { value: string; createdAt: number } => ({
  value: 'x'.repeat(size),
  createdAt: 0,
});

describe('SqliteStore keeps its bounds', () => {
  it('by removing the oldest entries that were not read', async () => {
    const store = await SqliteStore.open({ path: ':memory:', maxEntries: 3 });
    for (const key of ['a', 'b', 'c']) await store.set(key, entry(1));
    await store.get('a');
    await store.set('d', entry(1));

    expect(await Array.fromAsync(store.keys())).toEqual(['a', 'c', 'd']);
    expect(await store.stats()).toMatchObject({ entries: 3, evictions: 1 });
    await store.set('e', entry(1));
    await store.set('f', entry(1));
    expect(await store.stats()).toMatchObject({ entries: 3, evictions: 3 });
  });

  it('and tells so', async () => {
    const store = await SqliteStore.open({ path: ':memory:', maxEntries: 2 });
    const events: EvictEvent[] = [];
    store.on('evict', (event) => events.push(event));
    await store.setMany(['a', 'b', 'c', 'd'].map((key) => [key, entry(1)]));

    expect(events).toEqual([{ entries: 2 }]);
  });

  it('with entries first that nobody can read any more', async () => {
    const clock = new ManualClock();
    const store = await SqliteStore.open({ path: ':memory:', maxEntries: 3, clock });
    await store.set('live', entry(1));
    await store.set('expired', { ...entry(1), expiresAt: clock.now() + 10 });
    await store.set('invalidated', { ...entry(1), tags: ['t'] });
    await store.getMany(['live', 'expired', 'invalidated']);
    await store.invalidate({ tags: ['t'] });
    clock.advance(10);
    await store.setMany(['x', 'y'].map((key) => [key, entry(1)]));

    expect(await Array.fromAsync(store.keys())).toEqual(['live', 'x', 'y']);
  });

  it('with regard to what other processes, and earlier ones, read', async () => {
    const path = join(temporaryFolder(), 'cache.db');
    const bounds = { path, maxEntries: 4 };
    const reader = await SqliteStore.open(bounds);
    await reader.setMany(['a', 'b', 'c', 'd'].map((key) => [key, entry(1)]));
    await reader.getMany(['a', 'c']);
    await reader.purgeExpired();
    await reader.close();

    const writer = await SqliteStore.open({ ...bounds, driver: 'node:sqlite' });
    await writer.setMany(['e', 'f'].map((key) => [key, entry(1)]));
    expect(await Array.fromAsync(writer.keys())).toEqual(['a', 'c', 'e', 'f']);
    await writer.close();
  });

  it('without a write by any read', async () => {
    const path = join(temporaryFolder(), 'cache.db');
    const store = await SqliteStore.open({ path, maxEntries: 100 });
    await store.set('a', entry(1));
    const watcher = new Database(path, { readonly: true });
    const before = watcher.pragma('data_version', { simple: true });
    for (let read = 0; read < 100; read++) await store.get('a');

    expect(watcher.pragma('data_version', { simple: true })).toBe(before);
    watcher.close();
    await store.close();
  });

  it('also when every entry was read', async () => {
    const store = await SqliteStore.open({ path: ':memory:', maxEntries: 3 });
    for (const key of ['a', 'b', 'c']) await store.set(key, entry(1));
    for (const key of ['a', 'b', 'c']) await store.get(key);
    await store.set('d', entry(1));

    expect(await store.stats()).toMatchObject({ entries: 3 });
  });

  it('when they were set lower than what is there, with turns for others meanwhile', async () => {
    const path = join(temporaryFolder(), 'cache.db');
    const before = await SqliteStore.open({ path });
    await before.setMany(Array.from({ length: 5_000 }, (_, index) => [`${index}`, entry(10)]));
    await before.close();
    const store = await SqliteStore.open({ path, maxEntries: 100 });
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);

    await store.set('new', entry(1));
    isDone = true;

    expect(turns).toBeGreaterThan(5);
    expect((await Array.fromAsync(store.keys())).length).toBe(100);
    expect((await store.get('new'))?.value).toBe('x');
    expect(await store.stats()).toMatchObject({ entries: 100, evictions: 4_901 });
    await store.close();
  });

  it('and closes while it is at that', async () => {
    const path = join(temporaryFolder(), 'cache.db');
    const before = await SqliteStore.open({ path });
    await before.setMany(Array.from({ length: 3_000 }, (_, index) => [`${index}`, entry(10)]));
    await before.close();
    const store = await SqliteStore.open({ path, maxEntries: 100 });
    const writing = store.set('new', entry(1));
    await new Promise((resolve) => setImmediate(resolve));
    await store.close();
    await writing;

    const again = await SqliteStore.open({ path });
    expect((await again.get('new'))?.value).toBe('x');
    expect(await again.verify()).toMatchObject({ damaged: 0, problems: [] });
    await again.close();
  });

  it('without an entry that is larger than maxBytes', async () => {
    const store = await SqliteStore.open({ path: ':memory:', maxBytes: 1_000 });
    await store.set('a', entry(100));
    await store.set('b', entry(100));
    await store.set('a', entry(2_000));

    expect(await store.get('a')).toBeUndefined();
    expect((await store.get('b'))?.value).toHaveLength(100);
    expect(await store.stats()).toMatchObject({ entries: 1, evictions: 1 });
  });

  it('after every awaited write, in the tables as in its statistics', async () => {
    const step = fc.record({
      keys: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 8 }),
      size: fc.integer({ min: 0, max: 900 }),
      tags: fc.option(fc.subarray(['x', 'y']), { nil: undefined }),
      action: fc.constantFrom('set', 'set', 'set', 'get', 'delete', 'invalidate', 'purge', 'clear'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const store = await SqliteStore.open({ path: ':memory:', maxEntries: 5, maxBytes: 2_500 });
        let isSwept = true;
        for (const { keys, size, tags, action } of steps) {
          const names = keys.map(String);
          if (action === 'set') {
            await store.setMany(names.map((key) => [key, { ...entry(size), tags }]));
          } else if (action === 'get') await store.getMany(names);
          else if (action === 'delete') await store.deleteMany(names);
          else if (action === 'clear') await store.clear();
          else if (action === 'purge') await store.purgeExpired();
          else await store.invalidate({ tags: ['x'] });
          if (action === 'invalidate') isSwept = false;
          if (action === 'purge' || action === 'clear') isSwept = true;

          const found = await store.getMany(await Array.fromAsync(store.keys()));
          const { entries, bytes } = await store.stats();
          const least = found.reduce((sum, one) => sum + String(one?.value).length, 0);
          // Rows that were invalidated count until a purge takes them away.
          expect(entries).toBeGreaterThanOrEqual(found.length);
          expect(entries === found.length || !isSwept).toBe(true);
          expect(entries).toBeLessThanOrEqual(5);
          expect(bytes).toBeLessThanOrEqual(2_500);
          expect(bytes).toBeGreaterThanOrEqual(least);
        }
        await store.close();
      }),
      { numRuns: 60 },
    );
  });
});
