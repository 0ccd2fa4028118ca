import { renameSync, rmSync } from 'node:fs';
import { ManualClock, smallDisk, StoreProcesses, temporaryFolder } from '@x/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileStore } from '../src/index.ts';
import { entriesIn } from './folders.ts';
import * as opener from './fixtures/opener.ts';

const entry = (value: unknown) => ({ value, createdAt: 0 });
const day = 86_400_000;

describe('FileStore in trouble', () => {
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

  it('goes on with another folder that takes its place', async () => {
    const [directory, otherDirectory] = [temporaryFolder(), temporaryFolder()];
    const clock = new ManualClock();
    const other = await FileStore.open({ directory: otherDirectory, clock });
    await other.set('a', entry('other'));
    await other.close();
    const store = await FileStore.open({ directory, clock });
    const replaced: unknown[] = [];
    store.on('replace', (event) => replaced.push(event));
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

  it('works on when there are no descriptors left', () => {
    const processes = new StoreProcesses(opener, temporaryFolder());
    const [error, read, both, purged, damaged, ...later] = processes
      .run('run out of descriptors')
      .split('\n');

    expect([error, read, both, purged, damaged]).toEqual(['EMFILE', '1 2', '400000 1', '1', '0']);
    expect(later).toEqual(['held', 'done', 'held', '400000', '']);
  });

  it('rejects writes on a full disk, takes removals, and recovers', async (context) => {
    const folder = smallDisk(context, 4);
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
  });
});
