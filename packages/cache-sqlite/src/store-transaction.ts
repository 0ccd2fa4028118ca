import { type EntryRow, tagsOf } from './entry-row.ts';
import type { RowHead } from './entry-table.ts';
import { StampSet } from './stamp-set.ts';
import type { StampTarget } from './stamp.ts';
import type { StoreState } from './store-state.ts';
import type { StoreTables } from './store-tables.ts';
import { toStoredKey } from './stored-key.ts';

/** Removals are remembered until so many changes came after them. */
const rememberedChanges = 10_000;
const changesPerTrim = 1_000;
/** A removal of a longer key is not worth its room. */
const longestRememberedKey = 1_024;

/** Where a row was found. */
export interface FoundHead {
  readonly key: string;
  readonly id: number;
  readonly position: number;
}

/**
 * Changes within one transaction: the tables, and the state that goes with them. Each change takes
 * the next position.
 */
export class StoreTransaction {
  readonly tables: StoreTables;
  readonly state: StoreState;
  /** The position of the last change before this transaction. */
  readonly begin: number;
  readonly #known: StampSet;
  /** Stamps that nobody knows yet, should the transaction fail. */
  readonly #added = new StampSet();

  constructor(tables: StoreTables) {
    this.tables = tables;
    this.state = tables.state.read();
    this.begin = this.state.position;
    this.#known = tables.knownStamps(this.state);
  }

  /** Writes the state back: the last step before the commit. */
  end(): void {
    const { position } = this.state;
    if (Math.trunc(position / changesPerTrim) !== Math.trunc(this.begin / changesPerTrim)) {
      this.#forget(position - rememberedChanges);
    }
    this.tables.state.write(this.state);
  }

  /**
   * Puts `row` in its place.
   *
   * @param since - a change after this position wins, and nothing is written
   */
  put(row: EntryRow, since: number | undefined): void {
    const { entries } = this.tables;
    const before = entries.head(row.stored);
    if (since !== undefined && this.#isOvertaken(row, before, since)) return;
    const position = ++this.state.position;
    this.state.bytes += row.size;
    if (before === undefined) {
      this.state.entries++;
      entries.insert(row, position);
    } else {
      this.state.bytes -= before.size;
      entries.update(before.id, row, position);
    }
  }

  /** Takes away what `row`, for which there is no room, would have replaced. */
  displace(row: EntryRow, since: number | undefined): void {
    const before = this.tables.entries.head(row.stored);
    if (since !== undefined && this.#isOvertaken(row, before, since)) return;
    this.#remember(row.key, ++this.state.position);
    if (before !== undefined) this.#remove(before);
  }

  /** Removes `key`; `true` when it could have been read until now. */
  removeKey(key: string, now: number): boolean {
    const before = this.tables.entries.head(toStoredKey(key));
    const position = ++this.state.position;
    this.#remember(key, position);
    if (before === undefined) return false;
    this.#remove(before);
    return !this.isHidden(key, before) && (before.expiresAt === null || before.expiresAt > now);
  }

  /** Takes a row out whose removal is no change: its time is over, or there is no room for it. */
  discard(key: string, row: RowHead): void {
    // A later write that is older than this row must still not come in.
    if (row.position > this.state.horizon) this.#remember(key, row.position);
    this.#remove(row);
  }

  /** Discards a row unless it has been replaced since it was found; `false` then. */
  discardUnchanged({ key, id, position }: FoundHead): boolean {
    const row = this.tables.entries.head(toStoredKey(key));
    if (row?.id !== id || row.position !== position) return false;
    this.discard(key, row);
    return true;
  }

  /** Makes what `target` matches unreadable; answers the position of the stamp. */
  stamp(target: StampTarget): number {
    const position = ++this.state.position;
    const stamp = { ...target, position };
    this.state.stampedAt = position;
    this.tables.stamps.put(stamp);
    this.#added.add(stamp);
    return position;
  }

  /** Removes the stamp at `position`, whose rows are gone. */
  dropStamp(position: number): void {
    this.tables.stamps.remove(position);
    this.state.sweeps++;
    this.state.horizon = Math.max(this.state.horizon, position);
  }

  /** Removes the stamps up to `position`, whose rows are gone. */
  dropStamps(position: number): void {
    const newest = this.tables.stamps.removeUpTo(position);
    if (newest === undefined) return;
    this.state.sweeps++;
    this.state.horizon = Math.max(this.state.horizon, newest);
  }

  clear(): void {
    const { entries, removals, stamps, visits } = this.tables;
    const position = ++this.state.position;
    entries.clear();
    removals.clear();
    visits.clear();
    if (stamps.removeUpTo(position) !== undefined) this.state.sweeps++;
    this.state.entries = 0;
    this.state.bytes = 0;
    this.state.hand = 0;
    this.state.horizon = position;
  }

  /** Whether a row was invalidated since it was written. */
  isHidden(key: string, { tags, position }: RowHead): boolean {
    if (position >= this.state.stampedAt) return false;
    const names = tagsOf(tags);
    return this.#known.hides(key, names, position) || this.#added.hides(key, names, position);
  }

  #isOvertaken(row: EntryRow, before: RowHead | undefined, since: number): boolean {
    const { horizon, position } = this.state;
    if (since < horizon || since > position) return true;
    const changedAt = before?.position ?? this.tables.removals.position(row.key) ?? 0;
    if (changedAt > since) return true;
    const names = tagsOf(row.tags);
    return this.#known.hides(row.key, names, since) || this.#added.hides(row.key, names, since);
  }

  #remove({ id, size }: RowHead): void {
    this.tables.entries.remove(id);
    this.state.entries--;
    this.state.bytes -= size;
  }

  #remember(key: string, position: number): void {
    const { state } = this;
    const isRecent = position > state.position - rememberedChanges;
    if (isRecent && key.length <= longestRememberedKey) this.tables.removals.put(key, position);
    else state.horizon = Math.max(state.horizon, position);
  }

  #forget(position: number): void {
    const newest = this.tables.removals.forgetUpTo(position);
    if (newest !== undefined) this.state.horizon = Math.max(this.state.horizon, newest);
  }
}
