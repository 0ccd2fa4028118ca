import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes the folder `path`, and those above it, for the owner alone. Does what the `recursive` option
 * of Node's `mkdir` does, which never answers where a file system has no room for folders (`/proc`).
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isMade(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path, 0o700).catch((error: unknown) => passFolder(path, error));
}

/** Whether the folder is there now; `false` when those above it are missing. */
async function isMade(path: string): Promise<boolean> {
  try {
    await mkdir(path, 0o700);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && dirname(path) !== path) return false;
    await passFolder(path, error);
    return true;
  }
}

async function passFolder(path: string, error: unknown): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) throw error;
}
