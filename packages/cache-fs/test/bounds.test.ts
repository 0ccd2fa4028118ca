import { statSync } from 'node:fs';
import fc from 'fast-check';
import { temporaryFolder } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { FileStore } from '../src/index.ts';
import { entriesIn } from './folders.ts';

const entry = (size: number): { value: string; createdAt: number } => ({
  value: 'x'.repeat(size),
  createdAt: 0,
});

describe('FileStore keeps its bounds', () => {
  it('by removing the oldest entries that were not read', async () => {
    const store = await FileStore.open({ directory: temporaryFolder(), maxEntries: 3 });
    for (const key of ['a', 'b', 'c']) await store.set(key, entry(1));
    await store.get('a');
    await store.set('d', entry(1));

    expect((await Array.fromAsync(store.keys())).sort()).toEqual(['a', 'c', 'd']);
    expect(await store.stats()).toMatchObject({ entries: 3, evictions: 1 });
  });

  it('also those that it had before', async () => {
    const directory = temporaryFolder();
    const large = await FileStore.open({ directory });
    for (let index = 0; index < 10; index++) {
      await large.set(`key:${index}`, { value: index, createdAt: index });
    }

    const small = await FileStore.open({ directory, maxEntries: 2 });

    expect((await Array.fromAsync(small.keys())).sort()).toEqual(['key:8', 'key:9']);
    expect(await entriesIn(directory)).toHaveLength(2);
  });

  it('without an entry that is larger than maxBytes', async () => {
    const store = await FileStore.open({ directory: temporaryFolder(), maxBytes: 1_000 });
    await store.set('a', entry(100));
    await store.set('b', entry(100));
    await store.set('a', entry(2_000));

    expect(await store.get('a')).toBeUndefined();
    expect((await store.get('b'))?.value).toHaveLength(100);
    expect(await store.stats()).toMatchObject({ entries: 1, evictions: 1 });
  });

  it('after every awaited write, on the disk as in its statistics', async () => {
    const step = fc.record({
      key: fc.integer({ min: 0, max: 12 }),
      size: fc.integer({ min: 0, max: 900 }),
      action: fc.constantFrom('set', 'set', 'set', 'get', 'delete'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const directory = temporaryFolder();
        const store = await FileStore.open({ directory, maxEntries: 5, maxBytes: 2_500 });
        for (const { key, size, action } of steps) {
          if (action === 'set') await store.set(`${key}`, entry(size));
          else if (action === 'get') await store.get(`${key}`);
          else await store.delete(`${key}`);
          const sizes = (await entriesIn(directory)).map((path) => statSync(path).size);
          const keys = await Array.fromAsync(store.keys());
          const bytes = sizes.reduce((sum, one) => sum + one, keys.join('').length);
          expect(sizes.length).toBeLessThanOrEqual(5);
          expect(bytes).toBeLessThanOrEqual(2_500);
          expect(await store.stats()).toMatchObject({ entries: sizes.length, bytes });
        }
      }),
      { numRuns: 15 },
    );
  });
});
