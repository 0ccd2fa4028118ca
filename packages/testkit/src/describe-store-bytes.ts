import type { Awaitable, Entry, PersistentStore, Store } from '@x/interfaces';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';

const entry = (tags?: readonly string[]): Entry => ({ value: 'v', createdAt: 0, tags });
const long = 'k'.repeat(4_000);

/**
 * What a bounded store takes for the bytes of an entry, wherever it counts them, as tests. Those of
 * `query` and `purge` run for a store that has them.
 *
 * @param open - opens an empty store; called once per test, and the store is closed after it
 */
export function describeStoreBytes(
  name: string,
  open: (options: { readonly maxBytes?: number | undefined }) => Awaitable<Store>,
): void {
  const opened = async (maxBytes?: number): Promise<Store> => {
    const store = await open({ maxBytes });
    onTestFinished(async () => store.close());
    return store;
  };
  const openedPersistent = async (context: TestContext): Promise<PersistentStore> => {
    const store = await opened();
    if ('query' in store) return store as PersistentStore;
    return context.skip('the store has no queries');
  };
  const bytesIn = async (store: Store): Promise<number> => (await store.stats()).bytes;

  describe(`${name} counts bytes`, () => {
    it('of keys when it keeps within maxBytes', async () => {
      const store = await opened(20_000);
      for (let index = 0; index < 10; index++) {
        await store.set(`${long}${index}`, entry());
        expect(await bytesIn(store)).toBeLessThanOrEqual(20_000);
      }

      const { entries, bytes, evictions } = await store.stats();
      expect(entries).toBeGreaterThan(0);
      expect(entries).toBeLessThan(5);
      expect(evictions).toBe(10 - entries);
      expect(bytes).toBeGreaterThan(entries * long.length);
    });

    it('of tags when it keeps within maxBytes', async () => {
      const store = await opened(20_000);
      for (let index = 0; index < 10; index++) await store.set(`${index}`, entry([long]));

      expect((await store.stats()).entries).toBeLessThan(5);
    });

    it('of a key that alone is beyond maxBytes, and does without the entry', async () => {
      const store = await opened(3_000);
      await store.set('short', entry());
      await store.set(long, entry());

      expect(await store.get(long)).toBeUndefined();
      expect((await store.get('short'))?.value).toBe('v');
    });

    it('in a query as in its statistics', async (context) => {
      const store = await openedPersistent(context);
      await store.set('short', entry());
      await store.set('tagged', entry([long, 'second']));
      await store.set(`${long}${long}`, entry());

      const found = await store.query({ orderBy: 'largest' });
      expect(found.map(({ key }) => key)).toEqual([`${long}${long}`, 'tagged', 'short']);
      expect(found.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(await bytesIn(store));
      expect(await store.query({ minBytes: long.length })).toHaveLength(2);
      expect(await store.query({ minBytes: 2 * long.length })).toHaveLength(1);
    });

    it('in a purge as in its statistics', async (context) => {
      const store = await openedPersistent(context);
      const keys = ['a', `${long}b`, `${long}${long}c`, 'd'];
      const fill = async (): Promise<void> => store.setMany(keys.map((key) => [key, entry()]));
      const left = async (): Promise<string[]> =>
        (await Array.fromAsync(store.keys())).map((key) => key.at(-1) ?? '').sort();

      await fill();
      expect(await store.purge({ by: 'largest', limit: 1 })).toBe(1);
      expect(await left()).toEqual(['a', 'b', 'd']);
      expect(await store.purge({ by: 'largest', maxBytes: long.length })).toBe(1);
      expect(await left()).toEqual(['a', 'd']);
      for (const by of ['oldest', 'least-used'] as const) {
        await store.clear();
        await fill();
        expect(await store.purge({ by, maxBytes: long.length })).toBe(3);
        expect(await left()).toEqual(['d']);
      }
    });

    it('of entries that nobody can read any more, so that a purge takes them as well', async (context) => {
      const store = await openedPersistent(context);
      await store.set('expired', { ...entry([long]), expiresAt: 1 });
      await store.set('invalidated', entry([`${long}${long}`]));
      await store.set('live', entry());
      await store.invalidate({ tags: [`${long}${long}`] });

      await store.purge({ by: 'largest', maxBytes: 1_000 });
      expect(await bytesIn(store)).toBeLessThanOrEqual(1_000);
      expect((await store.get('live'))?.value).toBe('v');
    });
  });
}
