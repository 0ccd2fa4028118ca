import type * as fileSystem from 'node:fs';
import type * as fileSystemPromises from 'node:fs/promises';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@x/interfaces';
import { ManualClock, temporaryFolder } from '@x/testkit';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type * as fileRetry from '../src/files/file-retry.ts';
import { FileStore } from '../src/index.ts';
import { entriesIn } from './folders.ts';

/** Which calls of the file system are refused, and how often still; and what the store takes the system for. */
const held = vi.hoisted(() => {
  const state = { platform: 'win32', call: '', name: /$/u, code: '', times: 0 };
  const pass = (call: string, path: unknown): void => {
    if (call !== state.call || state.times === 0 || !state.name.test(String(path))) return;
    state.times--;
    throw Object.assign(new Error(`${state.code}: ${call}`), { code: state.code });
  };
  return { state, pass };
});

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof fileSystem>();
  return {
    ...original,
    openSync: (path: string, flags: string, mode?: number) => {
      held.pass('open', path);
      return original.openSync(path, flags, mode);
    },
    unlinkSync: (path: string) => {
      held.pass('unlink', path);
      original.unlinkSync(path);
    },
  };
});

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof fileSystemPromises>();
  return {
    ...original,
    open: async (path: string, flags: string, mode?: number) => {
      held.pass('open', path);
      return original.open(path, flags, mode);
    },
    readdir: async (path: string, options?: { withFileTypes: true }) => {
      held.pass('readdir', path);
      return options === undefined ? original.readdir(path) : original.readdir(path, options);
    },
    rename: async (from: string, to: string) => {
      held.pass('rename', to);
      return original.rename(from, to);
    },
    unlink: async (path: string) => {
      held.pass('unlink', path);
      return original.unlink(path);
    },
  };
});

vi.mock('../src/files/file-retry.ts', async (importOriginal) => {
  const { FileRetry } = await importOriginal<typeof fileRetry>();
  return {
    FileRetry: class extends FileRetry {
      constructor(clock: Clock) {
        super(clock, held.state.platform as NodeJS.Platform);
      }
    },
  };
});

/** Another program holds files: `times` calls are refused. */
function hold(
  call: 'open' | 'readdir' | 'rename' | 'unlink',
  name: RegExp,
  code: string,
  times: number,
): void {
  Object.assign(held.state, { call, name, code, times });
}

const entry = (value: unknown) => ({ value, createdAt: 0 });
const entryFile = /\.entry$/u;

async function opened(): Promise<{
  store: FileStore;
  directory: string;
  clock: ManualClock;
  warnings: string[];
}> {
  const directory = temporaryFolder();
  const clock = new ManualClock();
  const warnings: string[] = [];
  const logger = { ...console, warn: (message: string) => void warnings.push(message) };
  const store = await FileStore.open({ directory, clock, logger });
  onTestFinished(() => store.close());
  return { store, directory, clock, warnings };
}

/** Ends the next pause, of `ms`, once what is under way comes to it. */
async function endPause(clock: ManualClock, ms: number): Promise<void> {
  await until(() => clock.pending.foreground + clock.pending.background > 0);
  await clock.advanceAsync(ms);
}

/** What `result` comes to when time goes on, whatever pauses it takes. */
async function afterPauses<T>(clock: ManualClock, result: T | Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = Promise.resolve(result).finally(() => (isSettled = true));
  await until(() => {
    clock.advance(1);
    return isSettled;
  });
  return settled;
}

/** Waits for real files as long as the test may. */
async function until(isSo: () => boolean): Promise<void> {
  const test = new AbortController();
  onTestFinished(() => test.abort());
  while (!isSo() && !test.signal.aborted) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => hold('open', /$/u, '', 0));

describe.each(['EBUSY', 'EPERM', 'EACCES'])('FileStore on Windows, where %s', (code) => {
  beforeEach(() => (held.state.platform = 'win32'));

  it.each([
    ['small', 10],
    ['large', 400_000],
  ])('passes, reads a %s file later', async (_name, size) => {
    const { store, clock } = await opened();
    await store.set('a', entry('x'.repeat(size)));
    hold('open', entryFile, code, 3);

    const found = store.get('a');
    for (const pauseMs of [10, 20, 40]) await endPause(clock, pauseMs);
    expect((await found)?.value).toHaveLength(size);
    expect(held.state.times).toBe(0);
  });

  it('passes, reads what the key has by then', async () => {
    const { store, clock } = await opened();
    await store.set('a', entry('old'));
    hold('open', entryFile, code, 1);
    const found = store.get('a');
    await store.set('a', entry('new'));

    await endPause(clock, 10);
    expect((await found)?.value).toBe('new');
  });

  it('does not pass, says so after 1.3 seconds and keeps the entry', async () => {
    const { store, clock } = await opened();
    await store.set('a', entry('kept'));
    hold('open', entryFile, code, Infinity);

    const failed = expect(store.get('a')).rejects.toMatchObject({
      code: 'ERR_STORE_READ',
      cause: { code },
    });
    for (const pauseMs of [10, 20, 40, 80, 160, 320, 640]) await endPause(clock, pauseMs);
    await failed;
    hold('open', entryFile, code, 0);
    expect((await store.get('a'))?.value).toBe('kept');
  });

  it('passes, removes files later, and nobody waits', async () => {
    const { store, directory, clock, warnings } = await opened();
    await store.set('a', entry('old'));
    hold('unlink', entryFile, code, 3);

    await store.set('a', entry('new'));
    expect(await entriesIn(directory)).toHaveLength(2);
    expect(clock.pending.foreground).toBe(0);
    for (const pauseMs of [10, 10, 20]) await endPause(clock, pauseMs);
    expect(await entriesIn(directory)).toHaveLength(1);
    expect((await store.get('a'))?.value).toBe('new');
    expect(warnings).toEqual([]);
  });

  it('passes, takes a snapshot to its place later', async () => {
    const { store, directory, clock } = await opened();
    await store.set('a', entry(1));
    hold('rename', /snapshot/u, code, 2);

    const compacted = store.compact();
    for (const pauseMs of [10, 20]) await endPause(clock, pauseMs);
    await compacted;
    expect(readdirSync(join(directory, 'v1')).sort().slice(1)).toEqual(['journal-2', 'snapshot-2']);
  });

  it('passes, opens a journal later', async () => {
    const { store, directory, clock } = await opened();
    const other = await FileStore.open({ directory, clock });
    await store.set('a', entry(1));
    await store.compact();
    hold('open', /journal/u, code, 2);

    const found = other.get('a');
    const later = FileStore.open({ directory, clock });
    expect((await afterPauses(clock, found))?.value).toBe(1);
    expect((await (await afterPauses(clock, later)).get('a'))?.value).toBe(1);
  });

  it('passes, finds a file intact, and removes another that no entry has', async () => {
    const { store, directory, clock } = await opened();
    await store.set('a', entry(1));
    const [path = ''] = await entriesIn(directory);
    const orphan = path.replace(/[^/]*$/u, `00000000${'0'.repeat(20)}-1.entry`);
    writeFileSync(orphan, 'left');
    utimesSync(orphan, 0, 0);
    hold('open', entryFile, code, 1);
    const first = store.verify();
    await endPause(clock, 10);
    expect(await first).toEqual({ entries: 1, damaged: 0, orphans: 1 });

    writeFileSync(orphan, 'left');
    utimesSync(orphan, 0, 0);
    hold('unlink', entryFile, code, 1);
    const second = store.verify();
    await endPause(clock, 10);
    expect(await second).toEqual({ entries: 1, damaged: 0, orphans: 1 });
  });
});

describe('FileStore on other systems', () => {
  beforeEach(() => (held.state.platform = 'linux'));

  it('takes a refusal for what it is', async () => {
    const { store, clock, warnings } = await opened();
    await store.set('a', entry('old'));
    hold('open', entryFile, 'EACCES', 1);
    await expect(async () => store.get('a')).rejects.toMatchObject({ code: 'ERR_STORE_READ' });

    hold('unlink', entryFile, 'EBUSY', 1);
    await store.set('a', entry('new'));
    expect(warnings).toEqual([expect.stringContaining('could not remove a file') as string]);
    expect(clock.pending).toMatchObject({ background: 0, foreground: 0 });
  });

  it.each([
    ['small', 10],
    ['large', 400_000],
  ])(
    'reads and writes a %s file later when even the spare descriptor is gone',
    async (_name, size) => {
      const { store, clock } = await opened();
      const value = 'x'.repeat(size);
      hold('open', entryFile, 'EMFILE', 3);
      await afterPauses(clock, store.set('a', entry(value)));

      hold('open', entryFile, 'ENFILE', 3);
      expect((await afterPauses(clock, store.get('a')))?.value).toBe(value);
    },
  );

  it('purges although files cannot be listed', async () => {
    const { store, clock, warnings } = await opened();
    await store.set('a', { ...entry('old'), expiresAt: clock.now() + 1 });
    clock.advance(1);
    hold('readdir', /v1$/u, 'EMFILE', 1);

    expect(await store.purgeExpired()).toBe(1);
    expect(warnings).toEqual([expect.stringContaining('could not sweep files') as string]);
    hold('readdir', /v1$/u, 'EMFILE', 1);
    await expect(store.verify()).rejects.toMatchObject({ code: 'ERR_STORE_READ' });
  });
});
