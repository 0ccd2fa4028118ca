import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expandHome, makeFolder } from '../src/index.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'store-kit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('makeFolder', () => {
  it('makes the folder and those above it, for the owner alone', async () => {
    const root = temporaryFolder();
    await makeFolder(join(root, 'a', 'b'));

    expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'a', 'b')).mode & 0o777).toBe(0o700);
  });

  it('leaves a folder that is there as it is', async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'kept'), '');
    await makeFolder(root);

    expect(statSync(join(root, 'kept')).isFile()).toBe(true);
  });

  it('rejects where a file is in the way', async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'file'), '');

    await expect(makeFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(root, 'file', 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.runIf(process.platform === 'linux')('rejects where no folder can be made', async () => {
    await expect(makeFolder('/proc/none/such')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('expandHome', () => {
  it('takes a leading ~ for the home directory', () => {
    expect(expandHome('~')).toBe(homedir());
    expect(expandHome('~/cache')).toBe(join(homedir(), 'cache'));
  });

  it('leaves every other path as it is', () => {
    for (const path of ['/a/~/b', '~other/a', 'a~', './~', '']) expect(expandHome(path)).toBe(path);
  });
});
