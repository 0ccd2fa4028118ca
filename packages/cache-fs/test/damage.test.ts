import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { temporaryFolder } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { type EntryDamageEvent, FileStore } from '../src/index.ts';
import { entriesIn } from './folders.ts';

const entry = { value: { text: 'a value with some length' }, createdAt: 1, tags: ['t'] };
const large = { value: 'x'.repeat(400_000), createdAt: 1 };

/** How to find the entry files of a store. */
const paths = new WeakMap<FileStore, () => string[]>();

async function storeWith(
  key: string,
  content: { value: unknown; createdAt: number } = entry,
): Promise<{ store: FileStore; directory: string; path: string; warnings: string[] }> {
  const directory = temporaryFolder();
  const warnings: string[] = [];
  const logger = { ...console, warn: (message: string) => void warnings.push(message) };
  const store = await FileStore.open({ directory, logger });
  paths.set(store, () =>
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.entry'))
      .map((name) => join(directory, name)),
  );
  await store.set(key, content);
  const [path = ''] = await entriesIn(directory);
  return { store, directory, path, warnings };
}

describe('FileStore.get of a damaged file', () => {
  it('is a miss that removes the file, logs it and tells listeners', async () => {
    const { store, directory, path, warnings } = await storeWith('a');
    const events: EntryDamageEvent[] = [];
    store.on('damage', (event) => events.push(event));
    truncateSync(path, 18);

    expect(await store.get('a')).toBeUndefined();
    expect(await entriesIn(directory)).toEqual([]);
    expect(events).toEqual([{ path, reason: 'cut short' }]);
    expect(warnings).toEqual([`store "filesystem": removed the damaged file ${path}: cut short`]);
    expect(await store.stats()).toMatchObject({ entries: 0, bytes: 0 });
    await store.set('a', entry);
    expect(await store.get('a')).toEqual(entry);
  });

  it('is a miss at any length', async () => {
    const { store, path } = await storeWith('a');
    const image = readFileSync(path);
    for (let length = 0; length < image.length; length++) {
      expect(await spoil(store, () => image.subarray(0, length))).toEqual(gone);
    }
    expect(await spoil(store, (intact) => Buffer.concat([intact, Buffer.from('tail')]))).toEqual(
      gone,
    );
  });

  it('is a miss with any bit flipped', async () => {
    const { store, path } = await storeWith('a');
    const bits = readFileSync(path).length * 8;
    for (let bit = 0; bit < bits; bit++)
      expect(await spoil(store, (intact) => flip(intact, bit))).toEqual(gone);
  });

  it('is a miss for foreign content of any length', async () => {
    const { store } = await storeWith('a');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.nat(40), async (bytes, keep) => {
        expect(
          await spoil(store, (intact) => Buffer.concat([intact.subarray(0, keep), bytes])),
        ).toEqual(gone);
      }),
    );
    expect(await spoil(store, () => Buffer.alloc(1_000_000, 7))).toEqual(gone);
  });

  it('is a miss for large files', async () => {
    const { store, directory } = await storeWith('large', large);
    for (const length of [0, 100_000, 256 * 1_024, 400_000]) {
      expect(await spoil(store, (intact) => intact.subarray(0, length), 'large', large)).toEqual(
        gone,
      );
    }
    expect(await spoil(store, (intact) => flip(intact, 150_000 * 8), 'large', large)).toEqual(gone);
    expect(await spoil(store, () => Buffer.alloc(1_000_000, 7), 'large', large)).toEqual(gone);
    expect(await entriesIn(directory)).toEqual([]);
  });

  it('is a miss when the file holds the value of another entry', async () => {
    const { store, directory, path } = await storeWith('a');
    await store.set('b', { value: 2, createdAt: 1 });
    const other = (await entriesIn(directory)).find((one) => one !== path) ?? '';
    writeFileSync(path, readFileSync(other));

    expect(await store.get('a')).toBeUndefined();
    expect((await store.get('b'))?.value).toBe(2);
  });

  it('is a miss when the file was removed, or a folder is in its place', async () => {
    const { store, path } = await storeWith('a');
    rmSync(path);
    expect(await store.get('a')).toBeUndefined();
    expect(await store.stats()).toMatchObject({ entries: 0 });

    const { store: other, path: place } = await storeWith('a');
    rmSync(place);
    mkdirSync(place);
    expect(await other.get('a')).toBeUndefined();
    await other.set('a', entry);
    expect(await other.get('a')).toEqual(entry);

    const { store: third, path: largePlace } = await storeWith('a', large);
    rmSync(largePlace);
    mkdirSync(largePlace);
    expect(await third.get('a')).toBeUndefined();
    expect(await third.stats()).toMatchObject({ entries: 0 });
  });
});

const gone: [found: unknown, entries: number] = [undefined, 0];

/** Writes an entry, changes its file, and answers what is read then and how many entries are left. */
async function spoil(
  store: FileStore,
  change: (intact: Buffer) => Uint8Array,
  key = 'a',
  content: { value: unknown; createdAt: number } = entry,
): Promise<[found: unknown, entries: number]> {
  await store.set(key, content);
  const [path = ''] = paths.get(store)?.() ?? [];
  const intact = readFileSync(path);
  const spoilt = change(intact);
  if (intact.equals(spoilt)) return gone;
  writeFileSync(path, spoilt);
  return [await store.get(key), (await store.stats()).entries];
}

function flip(intact: Buffer, bit: number): Buffer {
  const damaged = Buffer.from(intact);
  damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return damaged;
}

describe('FileStore beside damage', () => {
  it('opens a folder with damaged and foreign files and lists what is left', async () => {
    const { store, directory, path } = await storeWith('a');
    await store.set('b', entry);
    await store.close();
    truncateSync(path, 10);
    writeFileSync(`${directory}/v1/notes.txt`, 'not ours');
    writeFileSync(path.replace(/[^/]*$/, 'short.entry'), 'not ours');

    const reopened = await FileStore.open({ directory });

    expect(await reopened.verify()).toEqual({ entries: 1, damaged: 1, orphans: 0 });
    expect(await Array.fromAsync(reopened.keys())).toEqual(['b']);
    expect(readFileSync(`${directory}/v1/notes.txt`, 'utf8')).toBe('not ours');
  });

  it('works on when the folder is removed under it', async () => {
    const { store, directory } = await storeWith('a');
    await rm(directory, { recursive: true });

    expect(await store.get('a')).toBeUndefined();
    expect(await store.delete('a')).toBe(false);
    expect(await Array.fromAsync(store.keys())).toEqual([]);
    await store.set('a', entry);
    expect(await store.get('a')).toEqual(entry);
  });

  it('never serves a torn value while the same key is written again and again', async () => {
    const { store, directory } = await storeWith('key');
    const reader = await FileStore.open({ directory });
    const value = (index: number): { index: number; text: string } => ({
      index,
      text: String(index).repeat(300_000),
    });
    await store.set('key', { value: value(1), createdAt: 0 });
    const indexes = Array.from({ length: 60 }, (_, index) => index + 2);
    let reads = 0;
    const readOn = async (): Promise<void> => {
      const found = (await reader.get('key'))?.value as ReturnType<typeof value>;
      expect(found.text === String(found.index).repeat(300_000)).toBe(true);
      reads++;
      if (found.index === indexes.at(-1)) return;
      await setImmediate();
      await readOn();
    };
    const reading = readOn();
    for (const index of indexes) await store.set('key', { value: value(index), createdAt: 0 });
    await reading;

    expect(reads).toBeGreaterThan(10);
  });
});
