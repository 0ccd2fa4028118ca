import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore, describeStoreBytes } from '@x/testkit';
import { afterAll } from 'vitest';
import { FileStore } from '../src/index.ts';
import { passing } from './clocks.ts';

const folders: string[] = [];
let last = '';

function newFolder(): string {
  last = mkdtempSync(join(tmpdir(), 'cache-fs-'));
  folders.push(last);
  return last;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describeStore(
  'FileStore',
  (clock) => FileStore.open({ directory: newFolder(), clock }),
  (clock) => FileStore.open({ directory: last, clock }),
);

describeStore(
  'FileStore while time passes',
  (clock) => FileStore.open({ directory: newFolder(), clock: passing(clock) }),
  (clock) => FileStore.open({ directory: last, clock: passing(clock) }),
);

describeStore(
  'FileStore with compression and bounds',
  (clock) =>
    FileStore.open({
      directory: newFolder(),
      clock,
      compression: 'zstd',
      compressionThresholdBytes: 0,
      maxEntries: 10_000,
      maxBytes: 100_000_000,
    }),
  (clock) => FileStore.open({ directory: last, clock, maxEntries: 10_000 }),
);

describeStoreBytes('FileStore', (options) =>
  FileStore.open({ directory: newFolder(), ...options }),
);
