import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { dirname, join } from 'node:path';
import { hostileKeys, ManualClock, temporaryFolder } from '@x/testkit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FileStore } from '../src/index.ts';
import { entriesIn } from './folders.ts';

describe('FileStore.open', () => {
  it('finds what an earlier store left, with times and tags', async () => {
    const directory = temporaryFolder();
    const clock = new ManualClock();
    const full = {
      value: [1],
      createdAt: clock.now() + 0.5,
      staleAt: clock.now() + 1,
      expiresAt: clock.now() + 2,
      tags: ['\ud800', 'b'],
      loadMs: 0.25,
      outcome: 'error' as const,
    };
    const first = await FileStore.open({ directory, clock });
    await first.set('full', full);
    await first.setMany(hostileKeys.map((key) => [key, { value: key, createdAt: 0 }]));
    await first.close();

    const second = await FileStore.open({ directory, clock });

    expect(await second.get('full')).toStrictEqual(full);
    expect(await second.stats()).toMatchObject({ entries: hostileKeys.length + 1 });
    expect((await second.stats()).bytes).toBeGreaterThan(100_000);
    const found = await second.getMany(hostileKeys);
    expect(found.map((one) => one?.value)).toEqual(hostileKeys);
  });

  it('creates missing folders, and keeps files for the owner alone', async () => {
    const directory = join(temporaryFolder(), 'a', 'b');
    const store = await FileStore.open({ directory });
    await store.set('a', { value: 1, createdAt: 0 });

    const [path = ''] = await entriesIn(directory);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(path).toMatch(/\/v1\/[0-9a-f]{2}\/[0-9a-f]{28}-[0-9a-z]+\.entry$/);
    expect(statSync(join(directory, 'v1', 'journal-1')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(directory, 'v1'))).toHaveLength(2);
  });

  it('expands a leading ~/', async () => {
    const home = temporaryFolder();
    vi.stubEnv('HOME', home);
    onTestFinished(() => void vi.unstubAllEnvs());

    await FileStore.open({ directory: '~/cache' });

    expect(existsSync(join(home, 'cache', 'v1'))).toBe(true);
  });

  it.each([
    ['a regular file', (folder: string) => join(folder, 'file')],
    ['a path below a regular file', (folder: string) => join(folder, 'file', 'cache')],
    ['a place where nothing can be made', () => '/proc/nothing/cache'],
  ])('refuses %s, naming option, value and cause', async (_name, place) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), 'taken');
    const directory = place(folder);

    await expect(FileStore.open({ directory })).rejects.toMatchObject({
      code: 'ERR_STORE_OPEN',
      option: 'directory',
      value: directory,
      message: expect.stringMatching(`directory "${directory}" cannot be used: E[A-Z]+`) as string,
      cause: expect.objectContaining({ syscall: 'mkdir' }) as Error,
    });
  });

  it('refuses wrong options before it makes a folder', async () => {
    const directory = join(temporaryFolder(), 'new');
    const wrong = [
      { maxEntries: 0 },
      { maxEntries: 1.5 },
      { maxBytes: NaN },
      { name: '' },
      { compression: 'zip' as never },
    ];
    for (const options of wrong) {
      await expect(FileStore.open({ directory, ...options })).rejects.toThrow(
        Object.keys(options)[0],
      );
    }
    await expect(FileStore.open({} as never)).rejects.toThrow('directory must be given');
    expect(existsSync(directory)).toBe(false);
  });

  it.each([
    ['journal-1', '{"type":"base","version":2,"position":1,"by":"","n":0}'],
    ['snapshot-2', '{"type":"state","version":2,"offset":0,"position":1,"base":1,"horizon":0}'],
  ])('refuses a %s that a newer version wrote, and leaves all as it is', async (name, json) => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    await store.set('a', { value: 1, createdAt: 0 });
    if (name === 'snapshot-2') await store.compact();
    await store.close();
    const path = join(directory, 'v1', name);
    const { length } = json;
    const line = `\n${length} ${length} ${crc32(json).toString(16)} ${json}\n`;
    writeFileSync(path, line);

    await expect(FileStore.open({ directory })).rejects.toMatchObject({
      code: 'ERR_STORE_OPEN',
      message: expect.stringContaining('format 2 is newer') as string,
    });
    expect(readFileSync(path, 'utf8')).toBe(line);
    expect(await entriesIn(directory)).toHaveLength(1);
  });
});

describe('FileStore.set', () => {
  it('rejects with a clear error when the disk refuses, and leaves nothing half done', async () => {
    const directory = temporaryFolder();
    const store = await FileStore.open({ directory });
    await store.set('a', { value: 1, createdAt: 0 });
    // A file in the place of the next folder: nothing can be made in it, by root as well.
    const place = join(directory, 'v1', '02');
    writeFileSync(place, '');

    await expect(store.set('a', { value: 2, createdAt: 0 })).rejects.toMatchObject({
      code: 'ERR_STORE_WRITE',
      store: 'filesystem',
      message: expect.stringContaining('could not write: E') as string,
      cause: expect.objectContaining({ syscall: 'mkdir' }) as Error,
    });
    expect(await entriesIn(directory)).toHaveLength(1);
    expect((await store.get('a'))?.value).toBe(1);
    rmSync(place);
    await store.set('b', { value: 3, createdAt: 0 });
    expect((await store.get('b'))?.value).toBe(3);
    expect(await store.stats()).toMatchObject({ entries: 2 });
  });

  it('refuses values that cannot be kept or are too large and keeps what was there', async () => {
    const store = await FileStore.open({ directory: temporaryFolder(), maxEntryBytes: 100 });
    await store.set('a', { value: 1, createdAt: 0 });

    await expect(store.set('a', { value: { f: () => 1 }, createdAt: 0 })).rejects.toThrow(
      'value.f is a function',
    );
    await expect(store.set('a', { value: 'x'.repeat(101), createdAt: 0 })).rejects.toMatchObject({
      code: 'ERR_ENTRY_TOO_LARGE',
    });
    await expect(
      store.setMany([
        ['b', { value: 2, createdAt: 0 }],
        ['c', { value: Symbol('x'), createdAt: 0 }],
      ]),
    ).rejects.toThrow(TypeError);
    expect((await store.get('a'))?.value).toBe(1);
    expect(await store.get('b')).toBeUndefined();
  });

  it('is seen by the next get before it is on the disk, as a copy', async () => {
    const store = await FileStore.open({ directory: temporaryFolder() });
    const value = { list: [1] };
    const written = store.set('a', { value, createdAt: 0 });
    value.list.push(2);

    const found = (await store.get('a'))?.value;
    expect(found).toEqual({ list: [1] });
    await written;
    expect((await store.get('a'))?.value).toEqual({ list: [1] });
  });

  it('keeps the order of calls for a key without waiting between them', async () => {
    const store = await FileStore.open({ directory: temporaryFolder() });
    const entry = { value: 1, createdAt: 0, tags: ['t'] };
    const calls = [
      store.set('a', entry),
      store.delete('a'),
      store.set('a', entry),
      store.invalidate({ tags: ['t'] }),
      store.set('b', entry),
      store.clear(),
      store.set('c', entry),
    ];

    expect(await Promise.all(calls)).toEqual([
      undefined,
      true,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(await Array.fromAsync(store.keys())).toEqual(['c']);
  });

  it('keeps what is set while a clear is under way', async () => {
    const store = await FileStore.open({ directory: temporaryFolder() });
    const names = (prefix: string): string[] =>
      Array.from({ length: 200 }, (_, index) => `${prefix}:${index}`);
    await store.setMany(names('old').map((key) => [key, { value: 1, createdAt: 0 }]));
    const cleared = store.clear();
    for (const key of names('new')) await store.set(key, { value: 2, createdAt: 0 });
    await cleared;

    expect((await Array.fromAsync(store.keys())).sort()).toEqual(names('new').sort());
  });

  it('gives up waiting when its signal aborts, and goes on', async () => {
    const store = await FileStore.open({ directory: temporaryFolder() });
    const controller = new AbortController();
    const { signal } = controller;
    const reason = new Error('enough');
    const write = store.set('a', { value: 'x'.repeat(400_000), createdAt: 0 }, { signal });
    controller.abort(reason);

    await expect(write).rejects.toBe(reason);
    await expect(async () => store.get('a', { signal })).rejects.toBe(reason);
    await store.mark();
    expect((await store.get('a'))?.value).toHaveLength(400_000);
    await store.close();
  });
});

describe('FileStore with compression', () => {
  it.each(['deflate', 'zstd', 'brotli', 'fflate'] as const)(
    'takes less room by %s',
    async (compression) => {
      const directory = temporaryFolder();
      const value = { text: 'the same again '.repeat(1_000) };
      const store = await FileStore.open({ directory, compression });
      await store.set('a', { value, createdAt: 0 });

      const [path = ''] = await entriesIn(directory);
      expect(statSync(path).size).toBeLessThan(1_500);
      expect((await store.stats()).bytes).toBe(statSync(path).size + 'a'.length);
      const plain = await FileStore.open({ directory });
      expect((await plain.get('a'))?.value).toEqual(value);
    },
  );
});
