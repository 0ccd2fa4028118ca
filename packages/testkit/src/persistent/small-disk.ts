import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * A file system of its own, until the test ends. The test is skipped where none may be mounted.
 *
 * @param megabytes - its size
 */
export function smallDisk(context: TestContext, megabytes: number): string {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  const mount = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder];
  try {
    execFileSync('mount', mount, { stdio: 'ignore' });
  } catch {
    context.skip('no file system can be mounted here');
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

/** Makes a file system from {@link smallDisk} refuse writes, or take them again. */
export function remount(folder: string, mode: 'ro' | 'rw'): void {
  execFileSync('mount', ['-o', `remount,${mode}`, folder]);
}
