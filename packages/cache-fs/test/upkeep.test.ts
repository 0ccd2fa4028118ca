import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { PurgeEvent } from '@x/interfaces';
import { affixPattern, hostileKeys, ManualClock, temporaryFolder } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { type EntryDamageEvent, FileStore } from '../src/index.ts';
import { passing } from './clocks.ts';
import { entriesIn } from './folders.ts';

/** Five entries: a bigger one each, the last of them the oldest by its time, the third expired at 1,000. */
async function fill(store: FileStore, start = 0): Promise<void> {
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

const filesOf = (directory: string): string[] =>
  readdirSync(join(directory, 'v1'))
    .filter((name) => name.length > 2)
    .sort();

const keysOf = (entries: readonly { readonly key: string }[]): string[] =>
  entries.map(({ key }) => key);

describe('FileStore', () => {
  describe('query', () => {
    it('answers what is known of every entry', async () => {
      const clock = new ManualClock(0);
      const store = await FileStore.open({ directory: temporaryFolder(), clock });
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
          bytes: 26,
          createdAt: 1.5,
          staleAt: 20,
          expiresAt: 30,
          tags: ['x', '\ud800'],
        },
        { key: 'b', bytes: 22, createdAt: 2, staleAt: undefined, expiresAt: undefined, tags: [] },
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
      [{ minBytes: 420 }, ['b:2', 'c']],
      [{ minBytes: 220, tags: ['odd'], pattern: affixPattern('b') }, ['b:2']],
      [{ orderBy: 'oldest' }, ['c', 'b:2', 'b:1', 'a:2', 'a:1']],
      [{ orderBy: 'newest', limit: 2 }, ['a:1', 'a:2']],
      [{ orderBy: 'largest', limit: 1 }, ['c']],
      [{ orderBy: 'expiry', limit: 1 }, ['b:1']],
      [{ limit: 3 }, ['a:1', 'a:2', 'b:1']],
    ] as const)('answers %j by %j', async (query, expected) => {
      const store = await FileStore.open({
        directory: temporaryFolder(),
        clock: new ManualClock(0),
      });
      await fill(store);

      expect(keysOf(await store.query(query))).toEqual(expected);
      await store.close();
    });

    it('finds the first of many, over all pages', async () => {
      const store = await FileStore.open({ directory: temporaryFolder() });
      const sizes = Array.from({ length: 1_000 }, (_, index) => (index * 7_919) % 1_000);
      await store.setMany(
        sizes.map((size) => [`key:${size}`, { value: 'x'.repeat(size), createdAt: size }]),
      );

      const largest = await store.query({ orderBy: 'largest', limit: 10 });
      expect(keysOf(largest)).toEqual(
        Array.from({ length: 10 }, (_, index) => `key:${999 - index}`),
      );
      await store.invalidate({ pattern: affixPattern('key:9') });
      expect(keysOf(await store.query({ orderBy: 'newest', limit: 1 }))).toEqual(['key:899']);
      await store.close();
    });

    it('refuses what it does not know', async () => {
      const store = await FileStore.open({ directory: temporaryFolder() });

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
      const store = await FileStore.open({ directory: temporaryFolder(), clock });
      const events: PurgeEvent[] = [];
      store.on('purge', (event) => events.push(event));
      await fill(store);
      await store.getMany(['a:1', 'c']);
      if (request.by === 'expired') clock.advance(1_000);

      const entries = await store.purge(request);

      expect((await Array.fromAsync(store.keys())).sort()).toEqual(expected);
      expect(entries).toBe(5 - expected.length);
      expect(events).toEqual(entries === 0 ? [] : [{ by: request.by, entries }]);
      expect(await store.stats()).toMatchObject({ entries: expected.length });
      await store.close();
    });

    it('removes more than a slice', async () => {
      const store = await FileStore.open({ directory: temporaryFolder() });
      const fillUp = (): Promise<void> =>
        store.setMany(
          Array.from({ length: 700 }, (_, index) => [`${index}`, { value: 'x', createdAt: 0 }]),
        );
      for (const by of ['oldest', 'least-used', 'largest'] as const) {
        await fillUp();
        expect(await store.purge({ by, maxEntries: 50 })).toBeGreaterThanOrEqual(650);
        expect(await store.stats()).toMatchObject({ entries: 50 });
      }
      await store.close();
    });

    it('refuses to remove everything by oversight', async () => {
      const store = await FileStore.open({ directory: temporaryFolder() });

      await expect(store.purge({ by: 'oldest' })).rejects.toThrow('needs limit');
      await expect(store.purge({} as never)).rejects.toThrow('by must be given');
      await expect(store.purge({ by: 'all' as never })).rejects.toThrow('by must be one of');
      await expect(store.purge({ by: 'largest', limit: -1 })).rejects.toThrow('limit');
      await store.close();
    });

    it('lets reads and writes pass', async () => {
      const clock = new ManualClock(0);
      const directory = temporaryFolder();
      const store = await FileStore.open({ directory, clock: passing(clock) });
      await store.setMany(
        Array.from({ length: 6_000 }, (_, index) => [
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

      expect(await purge).toBe(6_000);
      // One would be what waits until all is done.
      expect(written).toBeGreaterThan(1);
      expect(await store.stats()).toMatchObject({ entries: written, expirations: 6_000 });
      await store.close();
    });
  });

  describe('verify', () => {
    it('finds nothing wrong with an intact store', async () => {
      const store = await FileStore.open({ directory: temporaryFolder() });
      await store.setMany(hostileKeys.map((key) => [key, { value: key, createdAt: 0 }]));

      const entries = hostileKeys.length;
      expect(await store.verify()).toEqual({ entries, damaged: 0, orphans: 0 });
      await store.close();
    });

    it('is not misled by reads beside it', async () => {
      const store = await FileStore.open({ directory: temporaryFolder() });
      const keys = Array.from({ length: 300 }, (_, index) => `${index}`);
      await store.setMany(keys.map((key) => [key, { value: { key }, createdAt: 0 }]));

      const verified = store.verify();
      for (const key of keys) expect((await store.get(key))?.value).toEqual({ key });

      expect(await verified).toEqual({ entries: 300, damaged: 0, orphans: 0 });
      await store.close();
    });

    it('removes what is damaged, and files that no entry has', async () => {
      const directory = temporaryFolder();
      const store = await FileStore.open({ directory });
      const events: EntryDamageEvent[] = [];
      store.on('damage', (event) => events.push(event));
      await fill(store, Date.now());
      const [first = '', second = '', third = ''] = await entriesIn(directory);
      truncateSync(first, 30);
      rmSync(second);
      // As a process leaves it that dies between two steps; the name says which process it was.
      const orphan = third.replace(/[^/]*$/u, `00000000${'0'.repeat(20)}-1.entry`);
      const young = third.replace(/[^/]*$/u, `00000000${'0'.repeat(20)}-2.entry`);
      const foreign = third.replace(/[^/]*$/u, 'notes.txt');
      const old = new Date(Date.now() - 2 * 3_600_000);
      const folder = third.replace(/[^/]*$/u, `00000000${'0'.repeat(20)}-3.entry`);
      for (const path of [orphan, young, foreign]) writeFileSync(path, 'left');
      mkdirSync(folder);
      for (const path of [orphan, foreign, folder, third]) utimesSync(path, old, old);

      expect(await store.verify()).toEqual({ entries: 3, damaged: 2, orphans: 1 });
      expect(events.map(({ reason }) => reason).sort()).toEqual(['cut short', 'missing']);
      expect(await entriesIn(directory)).toHaveLength(4);
      expect(readFileSync(foreign, 'utf8')).toBe('left');
      expect(existsSync(folder)).toBe(true);
      const { entries, bytes } = await store.stats();
      const found = await store.query();
      expect(entries).toBe(3);
      expect(bytes).toBe(found.reduce((sum, one) => sum + one.bytes, 0));
      await store.close();
    });
  });

  describe('compact', () => {
    it('removes what is gone and makes the journal short', async () => {
      const directory = temporaryFolder();
      const store = await FileStore.open({ directory });
      const other = await FileStore.open({ directory });
      const value = 'x'.repeat(1_000);
      for (let round = 0; round < 5; round++) {
        await store.setMany(
          Array.from({ length: 400 }, (_, index) => [
            `${index}`,
            { value: `${value}${round}`, createdAt: 0, tags: [index < 390 ? 'old' : 'new'] },
          ]),
        );
      }
      await store.invalidate({ tags: ['old'] });
      const since = await other.mark();
      expect(filesOf(directory)).toEqual(['journal-1']);
      await store.compact();

      expect(filesOf(directory)).toEqual(['journal-2', 'snapshot-2']);
      expect(await entriesIn(directory)).toHaveLength(10);
      expect(await store.stats()).toMatchObject({ entries: 10 });
      expect((await other.get('395'))?.value).toBe(`${value}4`);
      expect((await other.changesSince(since)).keys).toEqual([]);
      await other.set('396', { value: 'new', createdAt: 0 });
      expect((await store.get('396'))?.value).toBe('new');
      const later = await FileStore.open({ directory });
      expect((await later.get('396'))?.value).toBe('new');
      expect(await later.stats()).toMatchObject({ entries: 10 });
      await Promise.all([store, other, later].map((one) => one.close()));
    });
  });
});
