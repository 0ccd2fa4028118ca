import type { Verification } from '@x/interfaces';
import type { EntryFolder } from './entries/entry-folder.ts';
import type { Sweeper } from './sweeper.ts';

/** What {@link FileStore.verify} found and put right. An entry whose file is missing is damaged. */
export interface FolderVerification extends Verification {
  /** Files that no entry had, left by processes that died; they are removed. */
  readonly orphans: number;
}

/**
 * Reads every file.
 *
 * @param check - reads a frame
 */
export async function verify(
  folder: EntryFolder,
  sweeper: Sweeper,
  check: (frame: Buffer) => void,
): Promise<FolderVerification> {
  let damaged = 0;
  await folder.settle();
  for (const entry of Array.from(folder.state.entries.values())) {
    if (!folder.budget.hasTime()) await folder.budget.nextTurn();
    if (folder.state.entries.get(entry.key) !== entry) continue;
    if (!(await folder.reader.isIntact(entry, check))) damaged++;
  }
  const orphans = await sweeper.removeOrphans();
  await folder.settle();
  return { entries: folder.state.entries.size, damaged, orphans };
}
