import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { hostileKeys, ManualClock } from '@x/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileStore } from '../src/index.ts';
import { entriesIn, temporaryFolder } from './folders.ts';
import { run, runAll, RunningFixture } from './processes.ts';

const entry = (value: unknown) => ({ value, createdAt: 0 });
const day = 86_400_000;

/** A file system of 4 MB of its own; `undefined` where none may be made. */
function smallDisk(): string | undefined {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

describe('FileStore', () => {
  it('loses nothing that eight processes write at once', async () => {
    const directory = temporaryFolder();
    const writers = Array.from({ length: 8 }, (_, index) => `writer ${index}`);

    await runAll(writers.map((name) => ['write-many', directory, name, '200']));

    const store = await FileStore.open({ directory });
    for (const name of writers) {
      const keys = Array.from({ length: 200 }, (_, index) => `${name}:${index}`);
      const found = await store.getMany(keys);
      expect(found.map((one) => one?.value)).toEqual(keys.map((key) => key.replace(':', ' ')));
    }
    expect(await store.verify()).toEqual({ entries: 1_600, damaged: 0, orphans: 0 });
    await store.close();
  });

  it('answers a value of 1 MB whole while another process overwrites it', async () => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    await RunningFixture.start('overwrite-until-killed', directory);

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
    const directory = temporaryFolder();
    const script = fileURLToPath(new URL('fixtures/write-in-worker.ts', import.meta.url));
    const execArgv = ['--conditions=@x/source'];
    const workers = ['one', 'two'].map(
      (name) => new Worker(script, { workerData: { directory, name }, execArgv }),
    );
    await Promise.all(workers.map((worker) => once(worker, 'exit')));

    const store = await FileStore.open({ directory });
    expect(await store.stats()).toMatchObject({ entries: 100 });
    expect((await store.get('two:49'))?.value).toBe(49);
    await store.close();
  });

  it('goes by the clock when that goes a day back or forward', async () => {
    const clock = new ManualClock();
    const store = await FileStore.open({ directory: temporaryFolder(), clock });
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

  it('takes no old position for one of a folder that was begun anew a day back', async () => {
    const directory = temporaryFolder();
    const clock = new ManualClock();
    const store = await FileStore.open({ directory, clock });
    await store.setMany(['a', 'b'].map((key) => [key, entry(key)]));
    const since = await store.mark();
    rmSync(directory, { recursive: true });
    clock.stepWallClock(-day);
    await store.delete('a');
    await store.set('a', entry('loaded'), { since });

    expect(await store.get('a')).toBeUndefined();
    expect((await store.changesSince(since)).keys).toBe('all');
    expect(await store.mark()).toBeGreaterThan(since);
    await store.close();
  });

  it('keeps the longest keys apart, and refuses values that are too large', async () => {
    const store = await FileStore.open({ directory: temporaryFolder() });
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
    const store = await FileStore.open({ directory: temporaryFolder() });
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

  it('goes on with another folder that takes its place', async () => {
    const [directory, otherDirectory] = [temporaryFolder(), temporaryFolder()];
    const clock = new ManualClock();
    const other = await FileStore.open({ directory: otherDirectory, clock });
    await other.set('a', entry('other'));
    await other.close();
    const store = await FileStore.open({ directory, clock });
    const replaced: unknown[] = [];
    store.on('replaced', (event) => replaced.push(event));
    await store.set('a', entry('own'));
    const cursor = await store.mark();

    renameSync(directory, `${directory}-old`);
    onTestFinished(() => rmSync(`${directory}-old`, { recursive: true }));
    renameSync(otherDirectory, directory);
    clock.advance(1_000);

    expect((await store.get('a'))?.value).toBe('other');
    expect((await store.changesSince(cursor)).keys).toBe('all');
    await store.set('b', entry('new'));
    expect((await store.get('b'))?.value).toBe('new');
    expect(replaced).toEqual([{ directory }]);
    await store.close();
  });

  it('keeps working when its folder is removed, for all who have it open', async () => {
    const directory = temporaryFolder();
    const clock = new ManualClock();
    const stores = await Promise.all([1, 2, 3].map(() => FileStore.open({ directory, clock })));
    const [first, second, third] = stores;
    await first?.set('a', entry(1));
    rmSync(directory, { recursive: true });

    expect(await second?.get('a')).toBeUndefined();
    await second?.set('b', entry(2));
    await third?.set('c', entry(3));
    expect((await first?.get('c'))?.value).toBe(3);
    expect((await third?.get('b'))?.value).toBe(2);
    expect(await first?.stats()).toMatchObject({ entries: 2 });
    await Promise.all(stores.map((store) => store.close()));
  });

  it('closes when what is on its way is written', async () => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    const value = 'x'.repeat(1_000_000);
    const writes = Array.from({ length: 40 }, (_, index) => store.set(`${index}`, entry(value)));
    const purge = store.purgeExpired().catch((error: { code: string }) => error.code);

    await store.close();

    await Promise.all(writes);
    expect([0, 'ERR_CLOSED', 'ERR_STORE_WRITE', 'ERR_STORE_READ']).toContain(await purge);
    const again = await FileStore.open({ directory });
    expect(await again.verify()).toEqual({ entries: 40, damaged: 0, orphans: 0 });
    await again.close();
  });

  it('works on when there are no descriptors left', () => {
    const output = run('run-out-of-descriptors', temporaryFolder());

    expect(output.split('\n')).toEqual(['EMFILE', '1 2', 'held', 'kept', '100000', '']);
  });

  it('rejects writes on a full disk, takes removals, and recovers', async (context) => {
    const folder = smallDisk();
    if (folder === undefined) return context.skip('no file system can be mounted here');
    const store = await FileStore.open({ directory: folder });
    const text = 'x'.repeat(5_000);
    const write = (index: number): Promise<void> => store.set(`key:${index}`, entry(text));
    let written = 0;
    await expect(
      (async () => {
        for (; written < 5_000; written++) await write(written);
      })(),
    ).rejects.toMatchObject({ code: 'ERR_STORE_WRITE', cause: { code: 'ENOSPC' } });
    expect((await store.get('key:500'))?.value ?? text).toBe(text);
    expect((await store.get(`key:${written - 1}`))?.value).toBe(text);
    expect(await store.get(`key:${written}`)).toBeUndefined();

    // There is no room for a note of so many removals; the oldest entries have to make it.
    const many = Array.from({ length: 500 }, (_, index) => `key:${'x'.repeat(100)}${index}`);
    await store.deleteMany([`key:${written - 1}`, ...many]);
    expect(await store.get(`key:${written - 1}`)).toBeUndefined();
    await store.invalidate({ tags: ['t'] });
    await store.clear();
    expect(await entriesIn(folder)).toEqual([]);

    for (let index = 0; index < 100; index++) await write(index);
    expect((await store.get('key:5'))?.value).toBe(text);
    const other = await FileStore.open({ directory: folder });
    expect(await other.verify()).toEqual({ entries: 100, damaged: 0, orphans: 0 });
    await other.close();
    await store.close();
    return undefined;
  });

  it('says clearly that a folder cannot be written', async (context) => {
    const folder = smallDisk();
    if (folder === undefined) return context.skip('no file system can be mounted here');
    const store = await FileStore.open({ directory: folder });
    await store.setMany(hostileKeys.slice(0, 20).map((key) => [key, entry(key)]));
    await store.close();
    execFileSync('mount', ['-o', 'remount,ro', folder]);

    await expect(FileStore.open({ directory: folder })).rejects.toMatchObject({
      code: 'ERR_STORE_OPEN',
      message: expect.stringMatching(/EROFS/) as string,
    });
    execFileSync('mount', ['-o', 'remount,rw', folder]);
    const again = await FileStore.open({ directory: folder });
    expect(await again.stats()).toMatchObject({ entries: 20 });
    await again.close();
    return undefined;
  });
});
