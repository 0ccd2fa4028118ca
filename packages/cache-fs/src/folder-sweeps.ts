import { setImmediate } from 'node:timers/promises';
import type { EntryFolder } from './entry-folder.ts';
import type { EntryHead } from './entry-image.ts';
import { WorkGroup } from './work-group.ts';

/** Entries looked at before other work gets its turn. */
const entriesPerTurn = 64;

/** What concerns many entries of a folder at once, those of other processes among them. */
export class FolderSweeps {
  readonly #folder: EntryFolder;
  #expirations = 0;

  constructor(folder: EntryFolder) {
    this.#folder = folder;
  }

  /** Entries removed because their time was over. */
  get expirations(): number {
    return this.#expirations;
  }

  /** Removes everything that is here when it is called. */
  async removeAll(): Promise<void> {
    const removals = new WorkGroup();
    await this.#folder.visit((id) => removals.add(this.#folder.removeId(id)));
    await removals.settle();
  }

  /**
   * Removes the entries that match and are here when it is called.
   *
   * @param matchesKey - asked first where the key is known, to spare reading the head
   * @returns how many could have been served
   */
  async removeWhere(
    matches: (head: EntryHead) => boolean,
    matchesKey: (key: string) => boolean = () => true,
  ): Promise<number> {
    const removals = new WorkGroup();
    let served = 0;
    await this.#folder.visit((id) => {
      const known = this.#folder.index.get(id);
      if (known !== undefined && !matchesKey(known.key)) return;
      const head = this.#folder.head(id);
      if (head === undefined || !matches(head)) return;
      if (!this.#folder.isExpired(head)) served++;
      removals.add(this.#folder.removeId(id));
    });
    await removals.settle();
    return served;
  }

  /** Removes up to `limit` expired entries; answers how many. */
  async removeExpired(limit: number): Promise<number> {
    await this.#folder.refreshIndex();
    const removals = new WorkGroup();
    let removed = 0;
    let visited = 0;
    for (const [id, entry] of Array.from(this.#folder.index)) {
      if (removed >= limit) break;
      if (!this.#folder.isExpired(entry)) continue;
      if (++visited % entriesPerTurn === 0) await setImmediate();
      const head = this.#folder.relearn(id);
      if (head === undefined || !this.#folder.isExpired(head)) continue;
      removed++;
      removals.add(this.#folder.removeId(id));
    }
    await Promise.all([removals.settle(), this.#folder.evict()]);
    this.#expirations += removed;
    return removed;
  }

  /**
   * Lists what can be served.
   *
   * @yields each key that begins with `prefix`
   */
  async *keys(prefix: string): AsyncGenerator<string> {
    await this.#folder.refreshIndex();
    let visited = 0;
    for (const id of Array.from(this.#folder.index, ([id]) => id)) {
      if (++visited % entriesPerTurn === 0) await setImmediate();
      const entry = this.#folder.index.get(id);
      if (!entry?.key.startsWith(prefix)) continue;
      const current = this.#folder.isExpired(entry) ? this.#folder.relearn(id) : entry;
      if (current !== undefined && !this.#folder.isExpired(current)) yield entry.key;
    }
  }
}
