import type { EntryFiles } from './entry-files.ts';
import type { EntryHead } from './entry-image.ts';
import type { EntryIndex } from './entry-index.ts';
import type { WriteQueue } from './write-queue.ts';

/** What {@link rebuildIndex} works on. */
export interface RebuildParts {
  readonly files: EntryFiles;
  readonly queue: WriteQueue;
  readonly index: EntryIndex;
  /** Reads a head from the disk; `undefined` when the file is gone or was damaged. */
  readHead(id: string): EntryHead | undefined;
}

/**
 * Makes the index agree with the folder: takes in files that other processes wrote, oldest first,
 * and forgets those that are gone. Entries written meanwhile stay as they are.
 *
 * @param sequence - the store's count of writes when this begins
 */
export async function rebuildIndex(parts: RebuildParts, sequence: number): Promise<void> {
  const { files, queue, index } = parts;
  const changing = new Set(queue.ids());
  const onDisk = new Set<string>();
  const found: [id: string, head: EntryHead][] = [];
  for await (const ids of files.ids()) {
    for (const id of ids) {
      onDisk.add(id);
      if (index.has(id) || queue.has(id)) continue;
      const head = parts.readHead(id);
      if (head !== undefined) found.push([id, head]);
    }
  }
  found.sort(([, a], [, b]) => a.createdAt - b.createdAt);
  for (const [id, { key, bytes, expiresAt }] of found) {
    if (index.has(id) || queue.has(id)) continue;
    index.put(id, { key, bytes, expiresAt, sequence: 0 });
  }
  for (const [id, entry] of index) {
    const isSettled = !changing.has(id) && !queue.has(id) && entry.sequence <= sequence;
    if (isSettled && !onDisk.has(id)) index.delete(id);
  }
}
