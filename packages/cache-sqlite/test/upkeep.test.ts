import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { PurgeEvent } from '@x/interfaces';
import { affixPattern, hostileKeys, ManualClock, temporaryFolder } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { type RowDamageEvent, type DriverName, SqliteStore } from '../src/index.ts';

const newPath = (): string => join(temporaryFolder(), 'cache.db');

/** Five entries: a bigger one each, the last of them the oldest by its time, the third expired at 1,000. */
async function fill(store: SqliteStore, start = 0): Promise<void> {
  await store.setMany(
    ['a:1', 'a:2', 'b:1', 'b:2', 'c'].map((key, index) => [
      key,
      {
        value: 'x'.repeat(100 * (index + 1)),
        createdAt: start + 100 - index,
        expiresAt: index === 2 ? start + 1_000 : undefined,
        tags: [index % 2 === 0 ? 'even' : 'odd'],
      },
    ]),
  );
}

const keysOf = (entries: readonly { readonly key: string }[]): string[] =>
  entries.map(({ key }) => key);

describe.each<DriverName>(['better-sqlite3', 'node:sqlite'])('SqliteStore over %s', (driver) => {
  describe('query', () => {
    it('answers what is known of every entry', async () => {
      const clock = new ManualClock(0);
      const store = await SqliteStore.open({ path: ':memory:', driver, clock });
      await store.set('a', {
        value: 'v',
        createdAt: 1.5,
        staleAt: 20,
        expiresAt: 30,
        tags: ['x', '\ud800'],
      });
      await store.set('b', { value: 'v', createdAt: 2 });

      expect(await store.query()).toEqual([
        {
          key: 'a',
          bytes: 18,
          createdAt: 1.5,
          staleAt: 20,
          expiresAt: 30,
          tags: ['x', '\ud800'],
        },
        { key: 'b', bytes: 4, createdAt: 2, staleAt: undefined, expiresAt: undefined, tags: [] },
      ]);
      clock.advance(30);
      expect(keysOf(await store.query())).toEqual(['b']);
      await store.close();
    });

    it.each([
      [{ pattern: affixPattern('a:') }, ['a:1', 'a:2']],
      [{ pattern: affixPattern('', ':2') }, ['a:2', 'b:2']],
      [{ tags: ['odd', 'none'] }, ['a:2', 'b:2']],
      [{ createdBefore: 98 }, ['b:2', 'c']],
      [{ minBytes: 400 }, ['b:2', 'c']],
      [{ minBytes: 200, tags: ['odd'], pattern: affixPattern('b') }, ['b:2']],
      [{ orderBy: 'oldest' }, ['c', 'b:2', 'b:1', 'a:2', 'a:1']],
      [{ orderBy: 'newest', limit: 2 }, ['a:1', 'a:2']],
      [{ orderBy: 'largest', limit: 1 }, ['c']],
      [{ orderBy: 'expiry', limit: 1 }, ['b:1']],
      [{ limit: 3 }, ['a:1', 'a:2', 'b:1']],
    ] as const)('answers %j by %j', async (query, expected) => {
      const store = await SqliteStore.open({ path: ':memory:', driver, clock: new ManualClock(0) });
      await fill(store);

      expect(keysOf(await store.query(query))).toEqual(expected);
      await store.close();
    });

    it('finds the first of many, over all pages', async () => {
      const store = await SqliteStore.open({ path: ':memory:', driver });
      const sizes = Array.from({ length: 3_000 }, (_, index) => (index * 7_919) % 3_000);
      await store.setMany(
        sizes.map((size) => [`key:${size}`, { value: 'x'.repeat(size), createdAt: size }]),
      );

      const largest = await store.query({ orderBy: 'largest', limit: 10 });
      expect(keysOf(largest)).toEqual(
        Array.from({ length: 10 }, (_, index) => `key:${2_999 - index}`),
      );
      await store.invalidate({ pattern: affixPattern('key:29') });
      expect(keysOf(await store.query({ orderBy: 'newest', limit: 1 }))).toEqual(['key:2899']);
      await store.close();
    });

    it('refuses what it does not know', async () => {
      const store = await SqliteStore.open({ path: ':memory:', driver });

      await expect(store.query({ orderBy: 'age' as never })).rejects.toThrow('orderBy');
      await expect(store.query({ limit: 0 })).rejects.toThrow('limit');
      await expect(store.query({ minBytes: NaN })).rejects.toThrow('minBytes');
      await store.close();
    });
  });

  describe('purge', () => {
    it.each([
      [{ by: 'expired' }, ['a:1', 'a:2', 'b:2', 'c']],
      [{ by: 'oldest', limit: 2 }, ['b:1', 'b:2', 'c']],
      [{ by: 'oldest', maxEntries: 1 }, ['c']],
      [{ by: 'oldest', maxBytes: 1_000 }, ['b:2', 'c']],
      [{ by: 'largest', limit: 2 }, ['a:1', 'a:2', 'b:1']],
      [{ by: 'largest', maxBytes: 400 }, ['a:1', 'a:2']],
      [{ by: 'least-used', limit: 2 }, ['a:1', 'b:2', 'c']],
      [{ by: 'least-used', maxEntries: 2 }, ['a:1', 'c']],
      [{ by: 'least-used', limit: 1, maxEntries: 2 }, ['a:1', 'b:1', 'b:2', 'c']],
      [{ by: 'oldest', maxEntries: 5 }, ['a:1', 'a:2', 'b:1', 'b:2', 'c']],
    ] as const)('of %j leaves %j', async (request, expected) => {
      const clock = new ManualClock(0);
      const store = await SqliteStore.open({ path: ':memory:', driver, clock });
      const events: PurgeEvent[] = [];
      store.on('purge', (event) => events.push(event));
      await fill(store);
      await store.getMany(['a:1', 'c']);
      if (request.by === 'expired') clock.advance(1_000);

      const entries = await store.purge(request);

      expect(await Array.fromAsync(store.keys())).toEqual(expected);
      expect(entries).toBe(5 - expected.length);
      expect(events).toEqual(entries === 0 ? [] : [{ by: request.by, entries }]);
      expect(await store.stats()).toMatchObject({ entries: expected.length });
      await store.close();
    });

    it('removes more than a slice', async () => {
      const store = await SqliteStore.open({ path: ':memory:', driver });
      const fillUp = (): Promise<void> =>
        store.setMany(
          Array.from({ length: 3_000 }, (_, index) => [`${index}`, { value: 'x', createdAt: 0 }]),
        );
      for (const by of ['oldest', 'least-used', 'largest'] as const) {
        await fillUp();
        expect(await store.purge({ by, maxEntries: 50 })).toBeGreaterThanOrEqual(2_950);
        expect(await store.stats()).toMatchObject({ entries: 50 });
      }
      await store.close();
    });

    it('refuses to remove everything by oversight', async () => {
      const store = await SqliteStore.open({ path: ':memory:', driver });

      await expect(store.purge({ by: 'oldest' })).rejects.toThrow('needs limit');
      await expect(store.purge({} as never)).rejects.toThrow('by must be given');
      await expect(store.purge({ by: 'all' as never })).rejects.toThrow('by must be one of');
      await expect(store.purge({ by: 'largest', limit: -1 })).rejects.toThrow('limit');
      await store.close();
    });

    it('lets reads and writes pass', async () => {
      const clock = new ManualClock(0);
      const store = await SqliteStore.open({ path: newPath(), driver, clock });
      await store.setMany(
        Array.from({ length: 5_000 }, (_, index) => [
          `old:${index}`,
          { value: index, createdAt: 0, expiresAt: 10 },
        ]),
      );
      clock.advance(10);

      const purge = store.purgeExpired();
      let written = 0;
      for (; (await store.stats()).expirations === 0; written++) {
        await store.set(`new:${written}`, { value: written, createdAt: 10 });
        expect((await store.get(`new:${written}`))?.value).toBe(written);
        expect(await store.get(`old:${written}`)).toBeUndefined();
      }

      expect(await purge).toBe(5_000);
      expect(written).toBeGreaterThan(10);
      expect(await store.stats()).toMatchObject({ entries: written, expirations: 5_000 });
      await store.close();
    });
  });

  describe('verify', () => {
    it('finds nothing wrong with an intact store', async () => {
      const store = await SqliteStore.open({ path: newPath(), driver });
      await store.setMany(hostileKeys.map((key) => [key, { value: key, createdAt: 0 }]));

      const entries = hostileKeys.length;
      expect(await store.verify()).toEqual({ entries, damaged: 0, problems: [] });
      await store.close();
    });

    it('removes damaged rows, and counts anew', async () => {
      const path = newPath();
      const store = await SqliteStore.open({ path, driver, clock: new ManualClock(0) });
      const events: RowDamageEvent[] = [];
      store.on('damage', (event) => events.push(event));
      await fill(store);
      const database = new Database(path);
      database.exec("UPDATE entries SET value = 'wrong' WHERE key = 'b:2'");
      database.exec("DELETE FROM entries WHERE key = 'c'");
      database.close();

      expect(await store.verify()).toEqual({ entries: 3, damaged: 1, problems: [] });
      expect(events).toEqual([{ key: 'b:2', reason: 'wrong checksum' }]);
      const { entries, bytes } = await store.stats();
      const found = await store.query();
      expect(entries).toBe(3);
      expect(bytes).toBe(found.reduce((sum, one) => sum + one.bytes, 0));
      await store.close();
    });

    it('begins anew when SQLite finds the file damaged', async () => {
      const path = newPath();
      const store = await SqliteStore.open({ path, driver });
      await fill(store);
      const database = new Database(path);
      database.unsafeMode();
      database.pragma('writable_schema = ON');
      database.exec("DELETE FROM sqlite_schema WHERE name = 'stamps_by_target'");
      database.close();
      await store.close();
      const again = await SqliteStore.open({ path, driver });
      let replaced = 0;
      again.on('replace', () => replaced++);

      const { problems } = await again.verify();
      expect(problems).not.toEqual([]);
      expect(replaced).toBe(1);
      expect(await again.stats()).toMatchObject({ entries: 0 });
      expect(await again.verify()).toEqual({ entries: 0, damaged: 0, problems: [] });
      await again.close();
    });
  });

  describe('compact', () => {
    it('gives the room of what is gone back', async () => {
      const store = await SqliteStore.open({ path: newPath(), driver });
      const value = 'x'.repeat(10_000);
      await store.setMany(
        Array.from({ length: 400 }, (_, index) => [
          `${index}`,
          { value, createdAt: 0, tags: [index < 390 ? 'old' : 'new'] },
        ]),
      );
      await store.invalidate({ tags: ['old'] });
      const { fileBytes } = await store.stats();
      expect(fileBytes).toBeGreaterThan(4_000_000);
      await store.compact();

      const stats = await store.stats();
      expect(stats.entries).toBe(10);
      expect(stats.fileBytes).toBeLessThan(300_000);
      expect((await store.get('395'))?.value).toBe(value);
      await store.close();
    });
  });
});
