import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore } from '@x/testkit';
import { afterAll } from 'vitest';
import { FileStore } from '../src/index.ts';

const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cache-fs-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describeStore('FileStore', (clock) => FileStore.open({ directory: newFolder(), clock }));

describeStore('FileStore with compression and bounds', (clock) =>
  FileStore.open({
    directory: newFolder(),
    clock,
    compression: 'zstd',
    compressionThresholdBytes: 0,
    maxEntries: 10_000,
    maxBytes: 100_000_000,
  }),
);
