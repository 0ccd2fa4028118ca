import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { hostileKeys, ManualClock } from '@x/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DatabaseReplacedEvent, type DriverName, SqliteStore } from '../src/index.ts';
import { temporaryFolder } from './folders.ts';
import { run, runAll, RunningFixture } from './processes.ts';

const newPath = (): string => join(temporaryFolder(), 'cache.db');
const entry = (value: unknown) => ({ value, createdAt: 0 });
const day = 86_400_000;

/** A file system of 6 MB of its own; `undefined` where none may be made. */
function smallDisk(options: string): string | undefined {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

describe.each<DriverName>(['better-sqlite3', 'node:sqlite'])('SqliteStore over %s', (driver) => {
  it('loses nothing that eight processes write at once', async () => {
    const path = newPath();
    const writers = Array.from({ length: 8 }, (_, index) => `writer ${index}`);

    await runAll(writers.map((name) => ['write-many', path, name, '60', driver]));

    const store = await SqliteStore.open({ path, driver });
    for (const name of writers) {
      const keys = Array.from({ length: 60 }, (_, index) => `${name}:${index}`);
      const found = await store.getMany(keys);
      expect(found.map((one) => one?.value)).toEqual(keys.map((key) => key.replace(':', ' ')));
    }
    expect(await store.verify()).toEqual({ entries: 480, damaged: 0, problems: [] });
    await store.close();
  });

  it('answers a value of 1 MB whole while another process overwrites it', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path, driver });
    await RunningFixture.start('overwrite-until-killed', path);

    const letters = new Set<string>();
    for (let read = 0; read < 60; read++) {
      const value = (await store.get('large'))?.value as string;
      const [letter = ''] = value;
      letters.add(letter);
      expect(value === letter.repeat(1_000_000)).toBe(true);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(letters.size).toBeGreaterThan(1);
    await store.close();
  });

  it('is shared by threads', async () => {
    const path = newPath();
    const script = fileURLToPath(new URL('fixtures/write-in-worker.ts', import.meta.url));
    const workers = ['one', 'two'].map(
      (name) =>
        new Worker(script, { workerData: { path, name }, execArgv: ['--conditions=@x/source'] }),
    );
    await Promise.all(workers.map((worker) => once(worker, 'exit')));

    const store = await SqliteStore.open({ path, driver });
    expect(await store.stats()).toMatchObject({ entries: 100 });
    expect((await store.get('two:49'))?.value).toBe(49);
    await store.close();
  });

  it('goes by the clock when that goes a day back or forward', async () => {
    const clock = new ManualClock();
    const store = await SqliteStore.open({ path: newPath(), driver, clock });
    const expiresAt = clock.now() + 1_000;
    await store.set('a', { value: 'a', createdAt: clock.now(), expiresAt });

    clock.stepWallClock(-day);
    const since = await store.mark();
    await store.set('b', entry('b'), { since });
    expect((await store.get('b'))?.value).toBe('b');
    expect(await store.purgeExpired()).toBe(0);
    await store.delete('b');
    await store.set('b', entry('late'), { since });
    expect(await store.get('b')).toBeUndefined();

    clock.stepWallClock(2 * day);
    expect(await store.get('a')).toBeUndefined();
    expect(await store.purgeExpired()).toBe(1);
    await store.close();
  });

  it('keeps the longest keys apart, and refuses values that are too large', async () => {
    const store = await SqliteStore.open({ path: newPath(), driver });
    const long = 'k'.repeat(10_000_000);
    await store.set(long, entry('long'));
    await store.set(`${long}!`, entry('longer'));
    const since = await store.mark();
    await store.delete(long);
    await store.set(long, entry('loaded'), { since });

    expect(await store.get(long)).toBeUndefined();
    expect((await store.get(`${long}!`))?.value).toBe('longer');
    await expect(store.set('a', entry('x'.repeat(300_000_000)))).rejects.toMatchObject({
      code: 'ERR_ENTRY_TOO_LARGE',
    });
    await store.close();
  });

  it('answers copies that nobody else changes', async () => {
    const store = await SqliteStore.open({ path: newPath(), driver });
    const value = { list: [1], bytes: Buffer.from('abc').subarray(1) };
    await store.set('a', entry(value));
    value.list.push(2);
    value.bytes.fill(0);

    const found = (await store.get('a'))?.value as typeof value;
    expect(found).toEqual({ list: [1], bytes: Buffer.from('bc') });
    found.list.push(3);
    found.bytes.fill(0);
    expect((await store.get('a'))?.value).toEqual({ list: [1], bytes: Buffer.from('bc') });
    await store.close();
  });

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

  it('closes while writes wait for the lock of another process', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path, driver });
    await RunningFixture.start('hold-lock', path, '200');
    const writes = ['a', 'b'].map((key) => store.set(key, entry(key)));
    const purge = store.purgeExpired().catch((error: { code: string }) => error.code);

    await store.close();

    await Promise.all(writes);
    expect([0, 'ERR_CLOSED', 'ERR_STORE_WRITE']).toContain(await purge);
    const again = await SqliteStore.open({ path, driver });
    expect((await again.getMany(['a', 'b'])).map((one) => one?.value)).toEqual(['a', 'b']);
    await again.close();
  });

  it('needs no further descriptors, and says so where it does', () => {
    const output = run('run-out-of-descriptors', newPath(), driver);

    expect(output.split('\n')).toEqual(['EMFILE', '1 2', 'ERR_STORE_WRITE', 'held', '']);
  });

  it('rejects writes on a full disk, takes removals, and recovers', async (context) => {
    const folder = smallDisk('size=6m');
    if (folder === undefined) return context.skip('no file system can be mounted here');
    const store = await SqliteStore.open({ path: join(folder, 'cache.db'), driver });
    const events: DatabaseReplacedEvent[] = [];
    store.on('replaced', (event) => events.push(event));
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
    return undefined;
  });

  it('says clearly that a folder cannot be written', async (context) => {
    const folder = smallDisk('size=6m');
    if (folder === undefined) return context.skip('no file system can be mounted here');
    const path = join(folder, 'cache.db');
    const store = await SqliteStore.open({ path, driver });
    await store.setMany(hostileKeys.slice(0, 20).map((key) => [key, entry(key)]));
    await store.close();
    execFileSync('mount', ['-o', 'remount,ro', folder]);

    await expect(SqliteStore.open({ path, driver })).rejects.toMatchObject({
      code: 'ERR_STORE_OPEN',
      message: expect.stringMatching(/EROFS|readonly|read-only/) as string,
    });
    execFileSync('mount', ['-o', 'remount,rw', folder]);
    const again = await SqliteStore.open({ path, driver });
    expect(await again.stats()).toMatchObject({ entries: 20 });
    await again.close();
    return undefined;
  });
});
