import { readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock, smallDisk, StoreProcesses, temporaryFolder } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { type DatabaseReplaceEvent, type DriverName, SqliteStore } from '../src/index.ts';
import * as overBetterSqlite3 from './fixtures/opener-better-sqlite3.ts';
import * as overNodeSqlite from './fixtures/opener-node-sqlite.ts';
import { lockDatabase } from './lock-database.ts';

const newPath = (): string => join(temporaryFolder(), 'cache.db');
const entry = (value: unknown) => ({ value, createdAt: 0 });

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const openers = { 'better-sqlite3': overBetterSqlite3, 'node:sqlite': overNodeSqlite };

describe.each<DriverName>(['better-sqlite3', 'node:sqlite'])('SqliteStore over %s', (driver) => {
  it('works on when another database takes its place', async () => {
    const [path, otherPath] = [newPath(), newPath()];
    const clock = new ManualClock();
    const other = await SqliteStore.open({ path: otherPath, driver, clock });
    await other.set('a', entry('other'));
    await other.close();
    clock.advance(5_000);
    const store = await SqliteStore.open({ path, driver, clock });
    await store.set('a', entry('own'));
    const cursor = await store.mark();

    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    renameSync(otherPath, path);
    clock.advance(1_000);

    expect((await store.get('a'))?.value).toBe('other');
    expect((await store.changesSince(cursor)).keys).toBe('all');
    await store.set('b', entry('new'));
    expect((await store.get('b'))?.value).toBe('new');
    await store.close();
  });

  it.runIf(process.platform === 'linux')(
    'keeps its lock of the file when another store of this process opens it',
    async () => {
      const path = newPath();
      const lockCount = (): number => {
        const { ino } = statSync(path);
        return readFileSync('/proc/locks', 'utf8').split(`:${ino} `).length - 1;
      };
      const first = await SqliteStore.open({ path, driver });
      await first.set('a', entry(1));
      expect(lockCount()).toBe(1);
      const second = await SqliteStore.open({ path, driver });

      expect((await second.get('a'))?.value).toBe(1);
      expect(lockCount()).toBe(1);
      await first.close();
      expect(lockCount()).toBe(1);
      await second.close();
    },
  );

  it('waits for a lock without holding up the event loop', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path, driver });
    await store.set('a', entry('old'));
    const unlock = lockDatabase(path, driver);
    let isWritten = false;
    const write = store.set('a', entry('new')).then(() => (isWritten = true));
    for (let turn = 0; turn < 200; turn++) await nextTurn();

    expect(isWritten).toBe(false);
    expect((await store.get('a'))?.value).toBe('new');
    unlock();
    await write;
    expect((await store.get('a'))?.value).toBe('new');
    await store.close();
  });

  it('closes while writes wait for a lock', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path, driver });
    const unlock = lockDatabase(path, driver);
    const writes = ['a', 'b'].map((key) => store.set(key, entry(key)));
    const purge = store.purgeExpired().catch((error: { code: string }) => error.code);

    const closed = store.close();
    for (let turn = 0; turn < 200; turn++) await nextTurn();
    unlock();
    await closed;

    await Promise.all(writes);
    expect([0, 'ERR_CLOSED', 'ERR_STORE_WRITE']).toContain(await purge);
    const again = await SqliteStore.open({ path, driver });
    expect((await again.getMany(['a', 'b'])).map((one) => one?.value)).toEqual(['a', 'b']);
    await again.close();
  });

  it('needs no further descriptors, and says so where it does', () => {
    const processes = new StoreProcesses(openers[driver], temporaryFolder());
    const [error, read, both, purged, damaged, lease, , ...later] = processes
      .run('run out of descriptors')
      .split('\n');

    expect([error, read, both, purged, damaged]).toEqual(['EMFILE', '1 2', '400000 1', '1', '0']);
    expect(lease).toBe('ERR_STORE_WRITE');
    expect(later).toEqual(['held', '400000', '']);
  });

  it('rejects writes on a full disk, takes removals, and recovers', async (context) => {
    const folder = smallDisk(context, 6);
    const store = await SqliteStore.open({ path: join(folder, 'cache.db'), driver });
    const events: DatabaseReplaceEvent[] = [];
    store.on('replace', (event) => events.push(event));
    const text = 'x'.repeat(5_000);
    const write = (index: number): Promise<void> => store.set(`key:${index}`, entry(text));
    await expect(
      (async () => {
        for (let index = 0; index < 5_000; index++) await write(index);
      })(),
    ).rejects.toMatchObject({ code: 'ERR_STORE_WRITE', cause: { message: /full/ } });
    expect((await store.get('key:5'))?.value).toBe(text);

    expect(await store.delete('key:5')).toBe(false);
    expect(await store.get('key:5')).toBeUndefined();
    expect(events).toMatchObject([{ movedTo: undefined }]);

    for (let index = 0; index < 200; index++) await write(index);
    await store.invalidate({ tags: ['t'] });
    expect((await store.get('key:5'))?.value).toBe(text);
    await store.close();
  });
});
