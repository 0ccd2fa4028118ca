import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { temporaryFolder } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { FileStore } from '../src/index.ts';

const entry = (value: unknown) => ({ value, createdAt: 0, tags: ['t'] });
const journalOf = (directory: string, generation = 1): string =>
  join(directory, 'v1', `journal-${generation}`);
const snapshotOf = (directory: string, generation: number): string =>
  join(directory, 'v1', `snapshot-${generation}`);

async function filled(directory: string): Promise<FileStore> {
  const store = await FileStore.open({ directory });
  await store.setMany(['a', 'b', 'c'].map((key) => [key, entry(key)]));
  await store.set('gone', entry('gone'));
  await store.delete('gone');
  return store;
}

async function valuesOf(store: FileStore): Promise<unknown[]> {
  const found = await store.getMany(['a', 'b', 'c', 'gone']);
  return found.map((one) => one?.value);
}

const nothing = [undefined, undefined, undefined, undefined];

describe('a FileStore whose journal is damaged', () => {
  it.each([
    ['emptied', (path: string) => truncateSync(path, 0)],
    ['cut short', (path: string) => truncateSync(path, 150)],
    ['overwritten', (path: string) => writeFileSync(path, Buffer.alloc(5_000, 'x'))],
    ['replaced by another file', (path: string) => (rmSync(path), writeFileSync(path, 'foreign'))],
    ['removed', (path: string) => rmSync(path)],
    ['ended by foreign lines', (path: string) => appendFileSync(path, '\nfirst\nsecond\n')],
  ])('because it was %s knows less and works on', async (_name, damage) => {
    const directory = temporaryFolder();
    const store = await filled(directory);
    damage(journalOf(directory));

    const later = await FileStore.open({ directory });
    const left = await valuesOf(later);
    expect(left.at(-1)).toBeUndefined();
    for (const [index, key] of ['a', 'b', 'c'].entries()) {
      expect([key, undefined]).toContain(left[index]);
    }
    await later.set('a', entry('new'));
    expect((await later.get('a'))?.value).toBe('new');
    const last = await FileStore.open({ directory });
    expect((await last.get('a'))?.value).toBe('new');
    await Promise.all([store, later, last].map((one) => one.close()));
  });

  it('begins anew for all who have it open', async () => {
    const directory = temporaryFolder();
    const store = await filled(directory);
    const other = await FileStore.open({ directory });
    const replaced: unknown[] = [];
    for (const one of [store, other]) one.on('replace', (event) => replaced.push(event));
    const since = await other.mark();
    appendFileSync(journalOf(directory), '\nforeign\n');

    expect(await valuesOf(store)).toEqual(nothing);
    await store.set('a', entry('new'));
    expect(await valuesOf(other)).toEqual(['new', undefined, undefined, undefined]);
    await other.set('a', entry('loaded'), { since });
    expect((await store.get('a'))?.value).toBe('new');
    expect((await other.changesSince(since)).keys).toBe('all');
    expect(replaced).toEqual([{ directory }, { directory }]);
    await Promise.all([store, other].map((one) => one.close()));
  });

  it('never answers what is wrong when any byte of it was changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const directory = temporaryFolder();
        await (await filled(directory)).close();
        const path = journalOf(directory);
        const bytes = readFileSync(path);
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ change;
        writeFileSync(path, bytes);

        const store = await FileStore.open({ directory });
        const [a, b, c, gone] = await valuesOf(store);
        expect([['a', 'b', 'c'], nothing.slice(1)]).toContainEqual([a, b, c]);
        expect(gone).toBeUndefined();
        await store.set('b', entry('new'));
        expect((await store.get('b'))?.value).toBe('new');
        await store.close();
      }),
      { numRuns: 100 },
    );
  });

  it('never answers what is wrong when any byte of its snapshot was changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const directory = temporaryFolder();
        const filler = await filled(directory);
        await filler.compact();
        await filler.close();
        const path = snapshotOf(directory, 2);
        const bytes = readFileSync(path);
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ change;
        writeFileSync(path, bytes);

        const store = await FileStore.open({ directory });
        expect([['a', 'b', 'c', undefined], nothing]).toContainEqual(await valuesOf(store));
        await store.set('b', entry('new'));
        expect((await store.get('b'))?.value).toBe('new');
        await store.close();
      }),
      { numRuns: 100 },
    );
  });

  it('passes over a line whose writer died before it was complete', async () => {
    const directory = temporaryFolder();
    const store = await filled(directory);
    const line = readFileSync(journalOf(directory), 'utf8').split('\n').at(-2) ?? '';
    for (const length of [1, 3, 4, 7, 12, 30, line.length - 2]) {
      appendFileSync(journalOf(directory), `\n${line.slice(0, length)}`);
      await store.set('b', entry(length));
      const other = await FileStore.open({ directory });

      expect(await valuesOf(other)).toEqual(['a', length, 'c', undefined]);
      await other.close();
    }
    expect(await valuesOf(store)).toEqual(['a', line.length - 2, 'c', undefined]);
    await store.close();
  });

  it('begins anew when its snapshot is damaged', async () => {
    const directory = temporaryFolder();
    const store = await filled(directory);
    await store.compact();
    for (const damage of [100, 400]) {
      const generation = Number(
        readdirSync(join(directory, 'v1'))
          .find((name) => name.startsWith('snapshot'))
          ?.slice(9),
      );
      truncateSync(snapshotOf(directory, generation), damage);
      const later = await FileStore.open({ directory });
      expect(await valuesOf(later)).toEqual(nothing);
      await later.set('a', entry('new'));
      expect(await valuesOf(store)).toEqual(['new', undefined, undefined, undefined]);
      await later.compact();
      await later.close();
    }
    await store.close();
  });
});

describe('a FileStore whose journal is made short', () => {
  it('keeps everything, for stores that are open and for later ones', async () => {
    const directory = temporaryFolder();
    const stores = await Promise.all([1, 2, 3].map(() => FileStore.open({ directory })));
    const [first, second, third] = stores;
    const since = await third?.mark();
    for (let round = 0; round < 5; round++) {
      await first?.set(`key:${round}`, entry(round));
      await second?.set('same', entry(round));
      await second?.delete(`key:${round - 1}`);
      await Promise.all([first?.compact(), second?.compact()]);
    }
    // It has not looked for several generations.
    await third?.set('same', entry('loaded'), { since });
    await third?.set('key:3', entry('loaded'), { since });
    await third?.set('key:4', entry('set'));

    const later = await FileStore.open({ directory });
    for (const store of [...stores, later]) {
      expect((await store.get('same'))?.value).toBe(4);
      expect(await store.get('key:3')).toBeUndefined();
      expect((await store.get('key:4'))?.value).toBe('set');
      expect(await store.stats()).toMatchObject({ entries: 2 });
    }
    await Promise.all([...stores, later].map((store) => store.close()));
  });

  it('does so by itself when it grows, and leaves no old files', async () => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    const reader = await FileStore.open({ directory });
    const keys = Array.from({ length: 500 }, (_, index) => `key:${index}:${'k'.repeat(200)}`);
    for (let round = 0; round < 16; round++) {
      await store.setMany(keys.map((key) => [key, entry(round)]));
    }
    await store.close();

    const names = readdirSync(join(directory, 'v1')).filter((name) => name.length > 2);
    const [, generation] = /^journal-(\d+)$/u.exec(names[0] ?? '') ?? [];
    expect(Number(generation)).toBeGreaterThan(1);
    expect(names).toEqual([`journal-${generation}`, `snapshot-${generation}`]);
    const found = await reader.getMany(keys);
    expect(found.every((one) => one?.value === 15)).toBe(true);
    const later = await FileStore.open({ directory });
    const { entries, bytes } = await later.stats();
    expect([entries, bytes]).toEqual([500, (await reader.stats()).bytes]);
    await Promise.all([reader, later].map((one) => one.close()));
  });

  it('keeps the long one when a folder is in the place of the next', async () => {
    const directory = temporaryFolder();
    const store = await filled(directory);
    mkdirSync(journalOf(directory, 2));

    await expect(store.compact()).rejects.toMatchObject({ code: 'ERR_STORE_WRITE' });
    await store.set('b', entry('new'));
    expect(await valuesOf(store)).toEqual(['a', 'new', 'c', undefined]);
    const later = await FileStore.open({ directory });
    expect(await valuesOf(later)).toEqual(['a', 'new', 'c', undefined]);
    await Promise.all([store, later].map((one) => one.close()));
  });

  it('goes on when a process died in the middle of it', async () => {
    const directory = temporaryFolder();
    const store = await filled(directory);
    // The next journal is there, but the end of this one is not.
    writeFileSync(journalOf(directory, 2), '');
    await store.set('b', entry('new'));
    expect(await valuesOf(store)).toEqual(['a', 'new', 'c', undefined]);
    const other = await FileStore.open({ directory });
    await other.compact();

    expect(await valuesOf(store)).toEqual(['a', 'new', 'c', undefined]);
    const later = await FileStore.open({ directory });
    expect(await valuesOf(later)).toEqual(['a', 'new', 'c', undefined]);
    await Promise.all([store, other, later].map((one) => one.close()));
  });
});
