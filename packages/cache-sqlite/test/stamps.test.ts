import { join } from 'node:path';
import { affixPattern, temporaryFolder } from '@x/testkit';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { SqliteStore } from '../src/index.ts';

const newPath = (): string => join(temporaryFolder(), 'cache.db');
const entry = (value: unknown, tags?: readonly string[]) => ({ value, createdAt: 0, tags });

/** Counts the rows of a table as they are on disk. */
function count(path: string, table: 'entries' | 'stamps' | 'changes'): number {
  const database = new Database(path, { readonly: true });
  const rows = database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  database.close();
  return rows;
}

describe('SqliteStore.invalidate', () => {
  it('takes no second place for the same tag or pattern', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    for (let round = 0; round < 5; round++) {
      await store.set('a', entry(round, ['t']));
      await store.invalidate({ tags: ['t', 'u'] });
      await store.invalidate({ pattern: affixPattern('a') });
      expect(await store.get('a')).toBeUndefined();
    }

    expect(count(path, 'stamps')).toBe(3);
    await store.close();
  });

  it('leaves no stamp behind that a purge has carried out', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    await store.setMany(['a:1', 'b:1', 'c'].map((key) => [key, entry(key, [key])]));
    await store.invalidate({ tags: ['c'] });
    await store.invalidate({ pattern: affixPattern('a:') });
    expect([count(path, 'entries'), count(path, 'stamps')]).toEqual([3, 2]);

    await store.purgeExpired();
    expect([count(path, 'entries'), count(path, 'stamps')]).toEqual([1, 0]);
    await store.close();
  });

  it('hides more rather than less when what it wrote is damaged', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    await store.setMany(['a', 'b'].map((key) => [key, entry(key, [key])]));
    await store.invalidate({ tags: ['a'] });
    const database = new Database(path);
    database.exec("UPDATE stamps SET target = 'x'");
    database.close();

    const other = await SqliteStore.open({ path });
    expect(await Array.fromAsync(other.keys())).toEqual([]);
    await other.set('b', entry('new', ['a']));
    expect((await other.get('b'))?.value).toBe('new');
    await Promise.all([store.close(), other.close()]);
  });
});

it('SqliteStore keeps about the last 10,000 deletions on the disk', async () => {
  const path = newPath();
  const store = await SqliteStore.open({ path });
  const keys = Array.from({ length: 12_000 }, (_, index) => `key:${index}`);
  for (let start = 0; start < keys.length; start += 1_000) {
    await store.deleteMany(keys.slice(start, start + 1_000));
  }

  expect(count(path, 'changes')).toBeLessThanOrEqual(11_000);
  await store.close();
});
