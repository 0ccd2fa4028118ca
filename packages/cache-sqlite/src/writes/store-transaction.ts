import { StampSet, type StampTarget } from '@x/store-kit';
import type { Change } from '../tables/change-table.ts';
import { type EntryRow, tagsOf } from '../tables/entry-row.ts';
import type { RowHead } from '../tables/entry-table.ts';
import { DamagedStateError, type StoreState } from '../changes/store-state.ts';
import type { StoreTables } from '../tables/store-tables.ts';
import { type StoredKey, toStoredKey } from '../tables/stored-key.ts';

/** Removals are remembered until so many changes came after them. */
const rememberedChanges = 10_000;
/** After so many changes twice as many are looked at, so that about a third can be overtaken ones. */
const changesPerTrim = 100;
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
  #added: StampSet | undefined;
  /** The changes up to the position of the state; the last is written with the state. */
  #unwritten: Change[] = [];

  constructor(tables: StoreTables) {
    this.tables = tables;
    this.state = tables.changes.readState();
    this.begin = this.state.position;
    this.#known = tables.knownStamps(this.state);
  }

  /** Writes the state: the last step before the commit. */
  end(): void {
    const { position } = this.state;
    if (Math.trunc(position / changesPerTrim) !== Math.trunc(this.begin / changesPerTrim)) {
      this.#trim();
    }
    // In a damaged tree it may go elsewhere, and everybody would go on reading an older state.
    if (this.#writeState() !== position) throw new DamagedStateError('changes are out of order');
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
      this.#add(entries.insert(row, position), row.expiresAt, null);
    } else {
      this.state.bytes -= before.size;
      entries.update(before.id, row, position);
      this.#add(before.id, row.expiresAt, null);
    }
  }

  /** Takes away what `row`, for which there is no room, would have replaced. */
  displace(row: EntryRow, since: number | undefined): void {
    const before = this.tables.entries.head(row.stored);
    if (since !== undefined && this.#isOvertaken(row, before, since)) return;
    this.#removeKey(row.stored, before);
  }

  /** Removes `key`; `true` when it could have been read until `now`. */
  removeKey(key: string, now: number): boolean {
    const stored = toStoredKey(key);
    const before = this.tables.entries.head(stored);
    this.#removeKey(stored, before);
    if (before === undefined || this.isHidden(key, before)) return false;
    return before.expiresAt === null || before.expiresAt > now;
  }

  /** Takes a row out whose removal is no change: its time is over, or there is no room for it. */
  discard(key: string, row: RowHead): void {
    const { horizon, position } = this.state;
    if (row.position > position - this.#unwritten.length) this.#writeChanges();
    // A later write that is older than this row must still not come in.
    if (row.position <= horizon && row.position < this.begin) {
      this.tables.changes.remove(row.position);
    } else {
      this.tables.changes.turnIntoRemoval(row.position, this.#remembered(toStoredKey(key), row));
    }
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
    this.#add(null, null, null);
    this.tables.stamps.put(stamp);
    (this.#added ??= new StampSet()).add(stamp);
    return position;
  }

  /** Removes the stamp at `position`, whose rows are gone. */
  dropStamp(position: number): void {
    this.tables.stamps.remove(position);
    this.state.sweeps++;
    this.#raiseHorizon(position);
  }

  /** Removes the stamps up to `position`, whose rows are gone. */
  dropStamps(position: number): void {
    const newest = this.tables.stamps.removeUpTo(position);
    if (newest === undefined) return;
    this.state.sweeps++;
    this.#raiseHorizon(newest);
  }

  clear(): void {
    const { changes, entries, stamps, visits } = this.tables;
    this.#unwritten = [];
    const position = ++this.state.position;
    entries.clear();
    changes.clear();
    visits.clear();
    if (stamps.removeUpTo(position) !== undefined) this.state.sweeps++;
    this.state.entries = 0;
    this.state.bytes = 0;
    this.state.hand = 0;
    this.state.trimmedUpTo = 0;
    this.state.horizon = position;
    changes.writeState(this.state);
  }

  /** Whether a row was invalidated since it was written. */
  isHidden(key: string, { tags, position }: RowHead): boolean {
    if (position >= this.state.stampedAt) return false;
    return this.#isStamped(key, tags, position);
  }

  #isOvertaken(row: EntryRow, before: RowHead | undefined, since: number): boolean {
    const { horizon, position } = this.state;
    if (since < horizon || since > position) return true;
    const changedAt = before?.position ?? this.#removedAt(row.stored);
    if (changedAt > since) return true;
    return this.#isStamped(row.key, row.tags, since);
  }

  #isStamped(key: string, tags: string | null, position: number): boolean {
    const names = tagsOf(tags);
    if (this.#known.hides(key, names, position)) return true;
    return this.#added?.hides(key, names, position) ?? false;
  }

  #removeKey(stored: StoredKey, before: RowHead | undefined): void {
    const position = ++this.state.position;
    this.#add(null, null, this.#remembered(stored, { position }));
    if (before !== undefined) this.#remove(before);
  }

  #remove({ id, size }: RowHead): void {
    this.tables.entries.remove(id);
    this.state.entries--;
    this.state.bytes -= size;
  }

  #removedAt(stored: StoredKey): number {
    this.#writeChanges();
    return this.tables.changes.removedAt(stored) ?? 0;
  }

  /** The key of a removal if that can be remembered; otherwise the horizon moves beyond it. */
  #remembered(stored: StoredKey, { position }: { readonly position: number }): StoredKey | null {
    const isRecent = position > this.state.position - rememberedChanges;
    if (isRecent && stored.length <= longestRememberedKey) return stored;
    this.#raiseHorizon(position);
    return null;
  }

  #trim(): void {
    const { changes } = this.tables;
    const { state, begin } = this;
    this.#raiseHorizon(changes.forgetUpTo(begin - rememberedChanges));
    const end = changes.positionAt(state.trimmedUpTo, changesPerTrim * 2);
    // The newest row stays, as the next position comes after it.
    changes.removeOvertaken(state.trimmedUpTo, Math.min(end ?? begin, begin - 1));
    state.trimmedUpTo = end ?? 0;
  }

  #raiseHorizon(position: number | undefined): void {
    if (position !== undefined) this.state.horizon = Math.max(this.state.horizon, position);
  }

  #add(entryId: number | null, expiresAt: number | null, removed: StoredKey | null): void {
    this.#unwritten.push({ entryId, expiresAt, removed });
  }

  #writeChanges(): void {
    if (this.#unwritten.length === 0) return;
    this.tables.changes.add(this.#unwritten);
    this.#unwritten = [];
  }

  /** Answers the position of the newest row after it. */
  #writeState(): number {
    const { changes } = this.tables;
    const last = this.#unwritten.pop();
    this.#writeChanges();
    if (last !== undefined) return changes.addLast(last, this.state);
    changes.writeState(this.state);
    return changes.position();
  }
}
