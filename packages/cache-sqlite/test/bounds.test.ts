import fc from 'fast-check';
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

  it('also when every entry was read', async () => {
    const store = await SqliteStore.open({ path: ':memory:', maxEntries: 3 });
    for (const key of ['a', 'b', 'c']) await store.set(key, entry(1));
    for (const key of ['a', 'b', 'c']) await store.get(key);
    await store.set('d', entry(1));

    expect(await store.stats()).toMatchObject({ entries: 3 });
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
