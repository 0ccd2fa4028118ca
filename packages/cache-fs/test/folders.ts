import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The paths of all entry files below `folder`. */
export async function entriesIn(folder: string): Promise<string[]> {
  return (await filesIn(folder)).filter((path) => path.endsWith('.entry'));
}

/** The paths of all files below `folder`. */
export async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}
