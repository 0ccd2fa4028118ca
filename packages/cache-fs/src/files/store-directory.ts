import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StoreOpenError } from '@x/interfaces';
import { expandHome, makeFolder } from '@x/store-kit';

/** The format of files below it; another format gets another folder. */
const formatFolder = 'v1';

/**
 * Makes sure that entries can be kept in `directory`.
 *
 * @returns the absolute path of the folder for entries of this format
 * @throws StoreOpenError when it is no folder, or may not be read or written
 */
export async function openDirectory(directory: string): Promise<string> {
  const root = join(resolve(expandHome(directory)), formatFolder);
  try {
    await makeFolder(root);
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new StoreOpenError('directory', directory, { cause });
  }
  return root;
}
