import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore, describeStoreBytes } from '@x/testkit';
import { afterAll } from 'vitest';
import { SqliteStore } from '../src/index.ts';

const folders: string[] = [];

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cache-sqlite-'));
  folders.push(folder);
  return join(folder, 'cache.db');
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

let path = '';

describeStore(
  'SqliteStore',
  (clock) => SqliteStore.open({ path: (path = newPath()), clock }),
  (clock) => SqliteStore.open({ path, clock }),
);

describeStore('SqliteStore in memory', (clock) => SqliteStore.open({ path: ':memory:', clock }));

describeStore(
  'SqliteStore with compression and bounds',
  (clock) =>
    SqliteStore.open({
      path: (path = newPath()),
      clock,
      compression: 'zstd',
      compressionThresholdBytes: 0,
      maxEntries: 10_000,
      maxBytes: 100_000_000,
    }),
  (clock) => SqliteStore.open({ path, clock, maxEntries: 10_000 }),
);

describeStore(
  'SqliteStore over node:sqlite',
  (clock) => SqliteStore.open({ path: (path = newPath()), clock, driver: 'node:sqlite' }),
  (clock) => SqliteStore.open({ path, clock, driver: 'better-sqlite3' }),
);

describeStoreBytes('SqliteStore', (options) => SqliteStore.open({ path: newPath(), ...options }));
