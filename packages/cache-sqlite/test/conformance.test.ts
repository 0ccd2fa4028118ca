import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore } from '@x/testkit';
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

describeStore('SqliteStore', (clock) => SqliteStore.open({ path: newPath(), clock }));

describeStore('SqliteStore in memory', (clock) => SqliteStore.open({ path: ':memory:', clock }));

describeStore('SqliteStore with compression and bounds', (clock) =>
  SqliteStore.open({
    path: newPath(),
    clock,
    compression: 'zstd',
    compressionThresholdBytes: 0,
    maxEntries: 10_000,
    maxBytes: 100_000_000,
  }),
);

describeStore('SqliteStore over node:sqlite', (clock) =>
  SqliteStore.open({ path: newPath(), clock, driver: 'node:sqlite' }),
);
