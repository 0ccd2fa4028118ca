import type { EntryInfo, EntryQuery } from '@x/interfaces';
import { type PurgeSettings, querySettings } from '@x/store-kit';
import type { EntryFolder } from './entries/entry-folder.ts';
import type { IndexedEntry } from './state/store-state.ts';

const entriesPerSlice = 200;
const orphanSweepMs = 3_600_000;

/** What concerns many entries of a folder at once. */
export class Sweeper {
  readonly #folder: EntryFolder;
  #expirations = 0;
  #orphansSweptAt = -Infinity;
  #bounding: Promise<void> | undefined;

  constructor(folder: EntryFolder) {
    this.#folder = folder;
  }

  /** Entries removed because their time was over. */
  get expirations(): number {
    return this.#expirations;
  }

  /** Removes up to `limit` expired entries, and what was invalidated; answers how many were expired. */
  async removeExpired(limit: number): Promise<number> {
    const folder = this.#folder;
    await folder.settle();
    const removed = await this.#removeWhere((entry) => folder.access.isExpired(entry), limit);
    this.#expirations += removed;
    if (removed >= limit) return removed;
    await this.sweep();
    if (folder.isBounded) await this.#writeVisitsBack();
    const now = folder.settings.clock.monotonic();
    if (now - this.#orphansSweptAt >= orphanSweepMs) {
      this.#orphansSweptAt = now;
      // What a purge is for is done; the next one to come in an hour may do this too.
      const { onLost } = folder.settings;
      await this.removeOrphans().catch((error: unknown) => onLost('could not sweep files', error));
    }
    return removed;
  }

  /** Carries every invalidation out. */
  async sweep(): Promise<void> {
    const folder = this.#folder;
    if (folder.state.stamps.size === 0) return;
    const upTo = folder.state.position;
    await this.#removeWhere((entry) => folder.state.isHidden(entry), Infinity);
    await folder.access.append([{ type: 'unstamp', upTo, tags: true }]);
  }

  /** Carries invalidations out as far as there are too many. */
  boundStamps(): Promise<void> {
    this.#bounding ??= this.#boundStamps().finally(() => (this.#bounding = undefined));
    return this.#bounding;
  }

  /**
   * Removes files that no entry has.
   *
   * @throws StoreReadError when the folder cannot be listed
   */
  async removeOrphans(): Promise<number> {
    const { files, journal, access } = this.#folder;
    const isKnown = async (): Promise<(name: string) => boolean> => {
      await this.#folder.settle();
      const names = new Set<string>();
      for (const entry of journal.state.entries.values()) names.add(files.name(entry));
      return (name) => names.has(name);
    };
    try {
      return await files.removeOrphans(isKnown);
    } catch (error) {
      throw access.readError(error);
    }
  }

  /** Removes entries by a strategy other than `'expired'`; answers how many. */
  async purge({ by, limit, bounds }: PurgeSettings): Promise<number> {
    const folder = this.#folder;
    await folder.settle();
    if (by === 'least-used') return this.#purgeLeastUsed(limit, bounds);
    const entries = Array.from(folder.state.entries.values());
    if (by === 'largest') entries.sort((one, other) => other.size - one.size);
    let removed = 0;
    for (const entry of entries) {
      if (removed >= limit || folder.state.isWithin(bounds)) break;
      removed += await folder.removal.removeEntries([entry]);
    }
    return removed;
  }

  /** What is known of the entries that a query asks for. */
  async query(query: EntryQuery): Promise<EntryInfo[]> {
    const { limit, compare, matches } = querySettings(query);
    const folder = this.#folder;
    await folder.settle();
    const found: EntryInfo[] = [];
    await folder.budget.forEach(Array.from(folder.state.entries.values()), (entry) => {
      const info = toInfo(entry);
      if (folder.access.isLive(entry) && matches(info)) found.push(info);
    });
    return found.sort(compare).slice(0, limit);
  }

  /**
   * Lists what can be served.
   *
   * @yields each key that begins with `prefix`
   */
  async *keys(prefix: string): AsyncGenerator<string> {
    const folder = this.#folder;
    await folder.settle();
    for (const key of Array.from(folder.state.entries.keys())) {
      if (!folder.budget.hasTime()) await folder.budget.nextTurn();
      if (!key.startsWith(prefix)) continue;
      const entry = folder.state.entries.get(key);
      if (entry !== undefined && folder.access.isLive(entry)) yield key;
    }
  }

  async #purgeLeastUsed(limit: number, bounds: PurgeSettings['bounds']): Promise<number> {
    const folder = this.#folder;
    let removed = 0;
    while (removed < limit && !folder.state.isWithin(bounds)) {
      const most = Math.min(entriesPerSlice, limit - removed);
      const chosen = folder.eviction.choose(folder.state, bounds, most, (entry) =>
        folder.access.isLive(entry),
      );
      if (chosen.length === 0) break;
      removed += await folder.removal.removeEntries(chosen);
    }
    return removed;
  }

  async #removeWhere(matches: (entry: IndexedEntry) => boolean, limit: number): Promise<number> {
    const folder = this.#folder;
    let removed = 0;
    let some: IndexedEntry[] = [];
    for (const entry of Array.from(folder.state.entries.values())) {
      if (removed + some.length >= limit) break;
      if (!folder.budget.hasTime()) await folder.budget.nextTurn();
      if (matches(entry)) some.push(entry);
      if (some.length < entriesPerSlice) continue;
      removed += await folder.removal.removeEntries(some);
      some = [];
    }
    return removed + (await folder.removal.removeEntries(some));
  }

  async #boundStamps(): Promise<void> {
    const folder = this.#folder;
    for (;;) {
      const { stamps } = folder.state;
      const { excess } = stamps;
      const oldest = stamps.oldestPattern();
      // Tags are carried out all at once, of patterns only the oldest.
      if (excess === 'tags') await this.sweep();
      else if (excess === 'patterns' && oldest !== undefined) {
        const { pattern, position } = oldest;
        await this.#removeWhere(
          ({ key, since }) => since < position && pattern.matches(key),
          Infinity,
        );
        await folder.access.append([{ type: 'unstamp', upTo: position, tags: false }]);
      } else return;
    }
  }

  /** Writes down which entries were read, for the evictions of other processes and of later ones. */
  async #writeVisitsBack(): Promise<void> {
    const positions: number[] = [];
    for (const { isVisited, position } of this.#folder.state.entries.values()) {
      if (isVisited) positions.push(position);
    }
    if (positions.length > 0) await this.#folder.access.append([{ type: 'visits', positions }]);
  }
}

function toInfo({ key, size, createdAt, staleAt, expiresAt, tags }: IndexedEntry): EntryInfo {
  return { key, bytes: size, createdAt, staleAt, expiresAt, tags: tags ?? [] };
}
