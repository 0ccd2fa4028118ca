import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { smallDisk, temporaryFolder } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { type DriverName, SqliteStore } from '../src/index.ts';

const entry = (value: unknown) => ({ value, createdAt: 0 });
const longKey = (index: number): string => `${index}:`.padEnd(1_000, 'k');
const mebibyte = 1_024 * 1_024;

describe.each<DriverName>(['better-sqlite3', 'node:sqlite'])('SqliteStore over %s', (driver) => {
  const open = (path: string, maxBytes = 100_000): Promise<SqliteStore> =>
    SqliteStore.open({ path, driver, maxBytes });

  it('keeps the file within four times maxBytes and 16 MiB, and works on at that size', async () => {
    const path = join(temporaryFolder(), 'cache.db');
    const store = await open(path);
    // Each key takes the place of another, and of each that went is remembered that it did.
    for (let start = 0; start < 12_000; start += 1_000) {
      await store.setMany(
        Array.from({ length: 1_000 }, (_, index) => [longKey(start + index), entry(index)]),
      );
      await store.set('short', entry(start));
      expect((await store.get('short'))?.value).toBe(start);
    }

    expect(statSync(path).size).toBeGreaterThan(8 * mebibyte);
    expect(statSync(path).size).toBeLessThanOrEqual(18 * mebibyte);
    expect((await store.get(longKey(11_999)))?.value).toBe(999);
    await store.delete('short');
    await store.invalidate({ tags: ['t'] });
    expect(await store.get('short')).toBeUndefined();
    expect(await store.verify()).toMatchObject({ damaged: 0, problems: [] });
    const { entries, bytes, evictions } = await store.stats();
    expect(bytes).toBeLessThanOrEqual(100_000);
    expect(evictions).toBeGreaterThanOrEqual(12_000 - entries);
    await store.close();
  }, 60_000);

  it('makes room in a file that others made larger', async () => {
    const path = join(temporaryFolder(), 'cache.db');
    const store = await open(path);
    const other = await SqliteStore.open({ path, driver });
    await other.setMany(
      Array.from({ length: 60 }, (_, index) => [`${index}`, entry('x'.repeat(400_000))]),
    );

    await store.set('large', entry('x'.repeat(50_000)));

    expect((await store.get('large'))?.value).toHaveLength(50_000);
    expect((await store.stats()).bytes).toBeLessThanOrEqual(100_000);
    await store.compact();
    expect(statSync(path).size).toBeLessThan(mebibyte);
    await Promise.all([store.close(), other.close()]);
  });

  it('says that the file is full where there is nothing to take away, and recovers', async () => {
    const path = join(temporaryFolder(), 'cache.db');
    const store = await open(path);
    await store.set('small', entry('x'));
    const foreign = new Database(path);
    foreign.exec('CREATE TABLE other AS SELECT zeroblob(20000000)');

    await expect(store.set('large', entry('x'.repeat(90_000)))).rejects.toMatchObject({
      code: 'ERR_STORE_WRITE',
      cause: { message: expect.stringMatching(/full/u) as string },
    });
    expect(await store.get('large')).toBeUndefined();
    await store.set('small', entry('y'));
    expect((await store.get('small'))?.value).toBe('y');
    await store.invalidate({ tags: ['t'] });
    expect(await store.delete('small')).toBe(true);

    foreign.exec('DROP TABLE other');
    foreign.close();
    await store.set('large', entry('x'.repeat(90_000)));
    expect(await store.verify()).toMatchObject({ entries: 1, damaged: 0, problems: [] });
    await store.close();
  });

  it('tells the disk that is full from the limit', async (context) => {
    const store = await open(join(smallDisk(context, 6), 'cache.db'), 10_000_000);
    const fill = async (): Promise<void> => {
      for (let index = 0; index < 2_000; index++)
        await store.set(`${index}`, entry('x'.repeat(5_000)));
    };

    await expect(fill()).rejects.toMatchObject({ code: 'ERR_STORE_WRITE' });
    expect(await store.stats()).toMatchObject({ evictions: 0 });
    expect((await store.get('5'))?.value).toHaveLength(5_000);
    await store.close();
  });

  it('sets no limit without maxBytes', async () => {
    const path = join(temporaryFolder(), 'cache.db');
    const store = await SqliteStore.open({ path, driver });
    await store.setMany(
      Array.from({ length: 60 }, (_, index) => [`${index}`, entry('x'.repeat(400_000))]),
    );
    expect(await store.stats()).toMatchObject({ entries: 60, evictions: 0 });
    await store.close();
  });
});
