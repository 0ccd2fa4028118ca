import type { FileRetry } from '../files/file-retry.ts';
import type { EntryFiles, FileId } from './entry-files.ts';
import type { FolderSettings } from '../folder-settings.ts';
import type { NewRecord } from '../journal/journal.ts';
import type { JournalAccess } from '../journal/journal-access.ts';
import type { IndexedEntry, Outcome } from '../state/store-state.ts';
import { isCode } from '../files/system-error.ts';
import type { TurnBudget } from '../turn-budget.ts';

/** On a full disk so many entries go at first to make room for a change that must not be lost. */
const entriesForRoom = 8;
const entriesPerRecord = 200;

/** What an {@link EntryRemoval} works on. */
export interface EntryRemovalParts {
  readonly access: JournalAccess;
  readonly files: EntryFiles;
  readonly budget: TurnBudget;
  readonly retry: FileRetry;
  readonly onLost: FolderSettings['onLost'];
}

/** How entries and their files go. */
export class EntryRemoval {
  readonly #access: JournalAccess;
  readonly #files: EntryFiles;
  readonly #budget: TurnBudget;
  readonly #retry: FileRetry;
  readonly #onLost: FolderSettings['onLost'];

  constructor({ access, files, budget, retry, onLost }: EntryRemovalParts) {
    this.#access = access;
    this.#files = files;
    this.#budget = budget;
    this.#retry = retry;
    this.#onLost = onLost;
  }

  /** Removes entries unless they were replaced meanwhile; answers how many went. */
  async removeEntries(entries: readonly IndexedEntry[]): Promise<number> {
    let count = 0;
    for (let start = 0; start < entries.length; start += entriesPerRecord) {
      const some = entries.slice(start, start + entriesPerRecord);
      const [outcome] = await this.#access.append([removalOf(some)]);
      const removed = outcome?.removed ?? [];
      count += removed.length;
      await this.removeFiles(removed);
    }
    return count;
  }

  /** Appends what must not be lost: on a full disk entries go to make room for it. */
  async appendSurely(records: readonly NewRecord[]): Promise<readonly Outcome[]> {
    let victims: IndexedEntry[] | undefined;
    const sacrificed: IndexedEntry[] = [];
    for (;;) {
      try {
        const outcomes = await this.#access.append(records);
        if (sacrificed.length > 0) await this.removeEntries(sacrificed);
        return outcomes;
      } catch (error) {
        const isFull = isCode((error as Error).cause, 'ENOSPC', 'EDQUOT');
        victims ??= Array.from(this.#access.journal.state.entries.values());
        // Twice as many each time: what was written of the records takes room as well.
        const some = victims.splice(0, Math.max(entriesForRoom, sacrificed.length));
        if (!isFull || some.length === 0) throw error;
        for (const entry of some) this.removeFile(entry);
        sacrificed.push(...some);
      }
    }
  }

  /** Removes files that nobody needs, with pauses for others. */
  removeFiles(entries: readonly IndexedEntry[]): Promise<void> {
    return this.#budget.forEach(entries, (entry) => this.removeFile(entry));
  }

  /** Removes the file of an entry that nobody needs; nobody waits for it. */
  removeFile(file: FileId): void {
    const lost = (error: unknown): void => this.#onLost('could not remove a file', error);
    try {
      this.#files.removeNow(file);
    } catch (error) {
      if (this.#retry.mayHelp(error, 1)) void this.#removeLater(file).catch(lost);
      else lost(error);
    }
  }

  /** Tries for a while; what is left of a process that ends meanwhile is swept one day. */
  async #removeLater(file: FileId): Promise<void> {
    const background = { background: true };
    await this.#retry.pause(1, background);
    await this.#retry.run(async () => this.#files.removeNow(file), background);
  }

  /** Removes an entry that has no file any more. Nobody waits for it. */
  forget(entry: IndexedEntry): void {
    const lost = (error: unknown): void => this.#onLost('could not forget a file', error);
    try {
      const done = this.#access.append([removalOf([entry])]);
      if (done instanceof Promise) done.catch(lost);
    } catch (error) {
      lost(error);
    }
  }
}

function removalOf(entries: readonly IndexedEntry[]): NewRecord {
  return { type: 'remove', entries: entries.map(({ key, position }) => [key, position] as const) };
}
