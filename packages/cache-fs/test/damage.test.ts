import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DamagedEntryEvent, FileStore } from '../src/index.ts';
import { filesIn, temporaryFolder } from './folders.ts';

const entry = { value: { text: 'a value with some length' }, createdAt: 1, tags: ['t'] };
const large = { value: 'x'.repeat(200_000), createdAt: 1 };

async function storeWith(
  key: string,
  content: { value: unknown; createdAt: number } = entry,
): Promise<{ store: FileStore; directory: string; path: string; warnings: string[] }> {
  const directory = temporaryFolder();
  const warnings: string[] = [];
  const logger = { ...console, warn: (message: string) => void warnings.push(message) };
  const store = await FileStore.open({ directory, logger });
  await store.set(key, content);
  const [path = ''] = await filesIn(directory);
  return { store, directory, path, warnings };
}

describe('FileStore.get of a damaged file', () => {
  it('is a miss that removes the file, logs it and tells listeners', async () => {
    const { store, directory, path, warnings } = await storeWith('a');
    const events: DamagedEntryEvent[] = [];
    store.on('damaged', (event) => events.push(event));
    truncateSync(path, 20);

    expect(await store.get('a')).toBeUndefined();
    expect(await filesIn(directory)).toEqual([]);
    expect(events).toEqual([{ path, reason: 'cut short' }]);
    expect(warnings).toEqual([`store "filesystem": removed the damaged file ${path}: cut short`]);
    expect(store.stats().entries).toBe(0);
    await store.set('a', entry);
    expect(await store.get('a')).toEqual(entry);
  });

  it('is a miss at any length', async () => {
    const { store, path } = await storeWith('a');
    const image = readFileSync(path);
    for (let length = 0; length < image.length; length++) {
      writeFileSync(path, image.subarray(0, length));
      expect(await store.get('a')).toBeUndefined();
    }
    writeFileSync(path, Buffer.concat([image, Buffer.from('tail')]));
    expect(await store.get('a')).toBeUndefined();
    writeFileSync(path, image);
    expect(await store.get('a')).toEqual(entry);
  });

  it('is a miss with any bit flipped', async () => {
    const { store, path } = await storeWith('a');
    const image = readFileSync(path);
    for (let bit = 0; bit < image.length * 8; bit++) {
      const damaged = Buffer.from(image);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(path, damaged);
      expect(await store.get('a')).toBeUndefined();
    }
  });

  it('is a miss for foreign content of any length', async () => {
    const { store, path } = await storeWith('a');
    const image = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.nat(60), async (bytes, keep) => {
        writeFileSync(path, Buffer.concat([image.subarray(0, keep), bytes]));
        expect(await store.get('a')).toBeUndefined();
      }),
    );
    writeFileSync(path, Buffer.alloc(1_000_000, 7));
    expect(await store.get('a')).toBeUndefined();
  });

  it('is a miss for large files', async () => {
    const { store, directory, path } = await storeWith('large', large);
    const image = readFileSync(path);
    for (const length of [100_000, 64 * 1_024, 64 * 1_024 + 1, image.length - 1]) {
      writeFileSync(path, image.subarray(0, length));
      expect(await store.get('large')).toBeUndefined();
    }
    const damaged = Buffer.from(image);
    damaged[150_000] = (damaged[150_000] ?? 0) ^ 1;
    writeFileSync(path, damaged);
    expect(await store.get('large')).toBeUndefined();
    expect(await filesIn(directory)).toEqual([]);
  });

  it('is a miss when the file holds the entry of another key', async () => {
    const { store, directory, path } = await storeWith('a');
    await store.set('b', { value: 2, createdAt: 1 });
    const other = (await filesIn(directory)).find((one) => one !== path) ?? '';
    writeFileSync(path, readFileSync(other));

    expect(await store.get('a')).toBeUndefined();
    expect((await store.get('b'))?.value).toBe(2);
  });
});

describe('FileStore beside damage', () => {
  it('opens a folder with damaged and foreign files and lists what is left', async () => {
    const { store, directory, path } = await storeWith('a');
    await store.set('b', entry);
    await store.close();
    truncateSync(path, 10);
    writeFileSync(`${directory}/v1/notes.txt`, 'not ours');
    writeFileSync(path.replace(/[^/]*$/, 'short.entry'), 'not ours');

    const reopened = await FileStore.open({ directory });

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
      text: String(index).repeat(20_000),
    });
    await store.set('key', { value: value(1), createdAt: 0 });
    const indexes = Array.from({ length: 60 }, (_, index) => index + 2);
    let reads = 0;
    const readOn = async (): Promise<void> => {
      const found = (await reader.get('key'))?.value as ReturnType<typeof value>;
      expect(found.text === String(found.index).repeat(20_000)).toBe(true);
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
