import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { hostileKeys, ManualClock, temporaryFolder } from '@x/testkit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadBetterSqlite3 } from '../src/database/better-sqlite3-driver.ts';
import { SqliteStore } from '../src/index.ts';

const newPath = (): string => join(temporaryFolder(), 'cache.db');

describe('SqliteStore.open', () => {
  it('finds what an earlier store left, with times and tags', async () => {
    const path = newPath();
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
    const first = await SqliteStore.open({ path, clock });
    await first.set('full', full);
    await first.setMany(hostileKeys.map((key) => [key, { value: key, createdAt: 0 }]));
    await first.close();

    const second = await SqliteStore.open({ path, clock, driver: 'node:sqlite' });

    expect(await second.get('full')).toStrictEqual(full);
    expect(await second.stats()).toMatchObject({ entries: hostileKeys.length + 1 });
    const found = await second.getMany(hostileKeys);
    expect(found.map((one) => one?.value)).toEqual(hostileKeys);
    await second.close();
  });

  it('creates missing folders, and keeps the files for the owner alone', async () => {
    const path = join(temporaryFolder(), 'a', 'b', 'cache.db');
    const store = await SqliteStore.open({ path });
    await store.set('a', { value: 1, createdAt: 0 });

    for (const file of [path, `${path}-wal`, `${path}-shm`]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    await store.close();
  });

  it('sets the file up: WAL, incremental vacuum, its marks', async () => {
    const path = newPath();
    await (await SqliteStore.open({ path })).close();

    const database = new Database(path);
    const ask = (pragma: string): unknown => database.pragma(pragma, { simple: true });
    expect(
      ['journal_mode', 'page_size', 'auto_vacuum', 'user_version', 'application_id'].map(ask),
    ).toEqual(['wal', 4_096, 2, 2, 0x63_61_63_68]);
    database.close();
  });

  it('expands a leading ~/', async () => {
    const home = temporaryFolder();
    vi.stubEnv('HOME', home);
    onTestFinished(() => void vi.unstubAllEnvs());

    await (await SqliteStore.open({ path: '~/cache.db' })).close();

    expect(existsSync(join(home, 'cache.db'))).toBe(true);
  });

  it.each([
    ['a folder', (folder: string) => join(folder, 'folder')],
    ['a path below a regular file', (folder: string) => join(folder, 'file', 'cache.db')],
    ['a place where nothing can be made', () => '/proc/nothing/cache.db'],
  ])('refuses %s, naming option, value and cause', async (_name, place) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), 'taken');
    mkdirSync(join(folder, 'folder'));
    const path = place(folder);

    await expect(SqliteStore.open({ path })).rejects.toMatchObject({
      code: 'ERR_STORE_OPEN',
      option: 'path',
      value: path,
      message: expect.stringMatching(`path "${path}" cannot be used: E[A-Z]+`) as string,
      cause: expect.any(Error) as Error,
    });
  });

  it('refuses wrong options', async () => {
    const wrong = [
      { maxEntries: 0 },
      { maxBytes: NaN },
      { name: '' },
      { driver: 'sqlite3' as never },
      { compression: 'zip' as never },
    ];
    for (const options of wrong) {
      await expect(SqliteStore.open({ path: ':memory:', ...options })).rejects.toThrow(
        Object.keys(options)[0],
      );
    }
    await expect(SqliteStore.open({} as never)).rejects.toThrow('path must be given');
  });

  it('takes no value that SQLite has no row for, whatever maxEntryBytes says', async () => {
    const store = await SqliteStore.open({ path: newPath(), maxEntryBytes: Infinity });

    await expect(
      store.set('a', { value: Buffer.alloc(1_000_000_000), createdAt: 0 }),
    ).rejects.toMatchObject({ code: 'ERR_ENTRY_TOO_LARGE', maxEntryBytes: 900_000_000 });
    await store.close();
  });

  it('refuses a newer format and leaves the file as it was', async () => {
    const path = newPath();
    await (await SqliteStore.open({ path })).close();
    const database = new Database(path);
    database.pragma('user_version = 3');
    database.close();
    const before = readFileSync(path);

    await expect(SqliteStore.open({ path })).rejects.toMatchObject({
      code: 'ERR_STORE_OPEN',
      message: expect.stringContaining('its format 3 is newer than 2') as string,
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('empties a file of an older format', async () => {
    const path = newPath();
    const database = new Database(path);
    database.exec(`
      CREATE TABLE entries (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, value BLOB);
      CREATE TABLE entry_tags (tag BLOB, entry_id INTEGER, PRIMARY KEY (tag, entry_id));
      CREATE TABLE totals (entries INTEGER, bytes INTEGER);
      INSERT INTO entries VALUES (1, 'a', 'old');
      CREATE TRIGGER removed AFTER DELETE ON entries BEGIN UPDATE totals SET entries = 0; END;
    `);
    database.pragma('application_id = 0x63616368');
    database.pragma('user_version = 1');
    database.close();

    const store = await SqliteStore.open({ path });
    expect(await store.get('a')).toBeUndefined();
    expect(await store.stats()).toMatchObject({ entries: 0, bytes: 0 });
    await store.set('a', { value: 'new', createdAt: 0 });
    await store.close();
    const again = await SqliteStore.open({ path });
    expect((await again.get('a'))?.value).toBe('new');
    await again.close();
  });

  it('refuses the database of another program and leaves it as it was', async () => {
    const path = newPath();
    const database = new Database(path);
    database.exec('CREATE TABLE people (name TEXT)');
    database.close();
    const before = readFileSync(path);

    await expect(SqliteStore.open({ path })).rejects.toThrow('a database of another program');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('says that Node is too old before it loads native code', async () => {
    await expect(loadBetterSqlite3('20.19.5')).rejects.toThrow(
      'it needs Node 22.19 or newer, this is 20.19.5',
    );
    await expect(loadBetterSqlite3('22.18.0')).rejects.toThrow('22.19');
    await expect(loadBetterSqlite3('22.19.0')).resolves.toBeDefined();
    await expect(loadBetterSqlite3('24.0.0')).resolves.toBeDefined();
  });
});

describe('SqliteStore.set', () => {
  it('commits the writes of one turn together', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    const watcher = new Database(path, { readonly: true });
    const version = (): unknown => watcher.pragma('data_version', { simple: true });
    const before = version();

    const writes = Array.from({ length: 50 }, (_, index) =>
      store.set(`key:${index}`, { value: index, createdAt: 0 }),
    );
    expect(version()).toBe(before);
    await Promise.all(writes);

    expect(version()).toBe((before as number) + 1);
    expect(watcher.prepare('SELECT count(*) FROM entries').pluck().get()).toBe(50);
    watcher.close();
    await store.close();
  });

  it('refuses values that cannot be kept or are too large and keeps what was there', async () => {
    const store = await SqliteStore.open({ path: ':memory:', maxEntryBytes: 100 });
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

  it('is seen by the next get before it is committed, as a copy', async () => {
    const store = await SqliteStore.open({ path: ':memory:' });
    const value = { list: [1] };
    const written = store.set('a', { value, createdAt: 0 });
    value.list.push(2);

    const found = (await store.get('a'))?.value;
    expect(found).toEqual({ list: [1] });
    await written;
    expect((await store.get('a'))?.value).toEqual({ list: [1] });
  });

  it('keeps the order of calls without waiting between them', async () => {
    const store = await SqliteStore.open({ path: ':memory:' });
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

    const answers = await Promise.all(calls);
    expect(answers[1]).toBe(true);
    expect(await Array.fromAsync(store.keys())).toEqual(['c']);
  });

  it('rejects clearly when the database refuses, and the others of the turn succeed', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    const database = new Database(path);
    database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON entries WHEN new.key = 'bad'
      BEGIN SELECT RAISE(ABORT, 'refused'); END`);
    database.close();

    const [bad, good] = await Promise.allSettled([
      store.set('bad', { value: 1, createdAt: 0 }),
      store.set('good', { value: 2, createdAt: 0 }),
    ]);

    expect(bad).toMatchObject({
      status: 'rejected',
      reason: {
        code: 'ERR_STORE_WRITE',
        store: 'sqlite',
        message: expect.stringContaining('refused') as string,
      },
    });
    expect(good.status).toBe('fulfilled');
    expect((await store.get('good'))?.value).toBe(2);
    expect(await store.get('bad')).toBeUndefined();
    await store.close();
  });

  it('gives up waiting when its signal aborts', async () => {
    const store = await SqliteStore.open({ path: ':memory:' });
    const controller = new AbortController();
    const reason = new Error('enough');
    const write = store.set('a', { value: 1, createdAt: 0 }, { signal: controller.signal });
    controller.abort(reason);

    await expect(write).rejects.toBe(reason);
    await expect(async () => store.get('a', { signal: controller.signal })).rejects.toBe(reason);
    await store.close();
  });
});

describe('SqliteStore.close', () => {
  it('commits what is on its way', async () => {
    const path = newPath();
    const store = await SqliteStore.open({ path });
    const write = store.set('a', { value: 1, createdAt: 0 });
    await store.close();
    await write;

    const again = await SqliteStore.open({ path });
    expect((await again.get('a'))?.value).toBe(1);
    await again.close();
  });

  it('ends a listing under way', async () => {
    const store = await SqliteStore.open({ path: newPath() });
    await store.setMany(['a', 'b'].map((key) => [key, { value: 1, createdAt: 0 }]));
    const keys = store.keys();
    await keys.next();
    await store.close();

    await expect(keys.next()).rejects.toMatchObject({ code: 'ERR_CLOSED' });
  });
});

describe('SqliteStore with compression', () => {
  it.each(['deflate', 'zstd', 'brotli', 'fflate'] as const)(
    'takes less room by %s',
    async (compression) => {
      const path = newPath();
      const value = { text: 'the same again '.repeat(1_000) };
      const store = await SqliteStore.open({ path, compression });
      await store.set('a', { value, createdAt: 0 });

      expect((await store.stats()).bytes).toBeLessThan(1_500);
      const plain = await SqliteStore.open({ path });
      expect((await plain.get('a'))?.value).toEqual(value);
      await Promise.all([store.close(), plain.close()]);
    },
  );
});
