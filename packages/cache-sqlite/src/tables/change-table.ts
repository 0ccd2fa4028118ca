import type { SqliteDatabase, SqliteStatement, SqlValue } from '../database/driver.ts';
import { stateChecksum, stateColumns, type StoreState, toState } from '../changes/store-state.ts';
import { fromStoredKey, type StoredKey } from './stored-key.ts';

/*
 * Changes in order: which entry each wrote and when that expires, or which key it removed. Of a key the
 * last one counts; earlier ones are left for a trim, because taking them out at once would put another
 * page into the log of every write. The newest row, which is always there, also has the state of the
 * store, so that this needs no page of its own.
 */
export const changeSchema = `
  CREATE TABLE changes (
    position INTEGER PRIMARY KEY,
    entry_id INTEGER,
    expires_at INTEGER,
    removed BLOB,
    entries INTEGER,
    bytes INTEGER,
    horizon INTEGER,
    stamped_at INTEGER,
    sweeps INTEGER,
    hand INTEGER,
    trimmed_up_to INTEGER,
    checksum INTEGER
  );
  CREATE INDEX changes_by_removed ON changes (removed) WHERE removed IS NOT NULL;
  CREATE INDEX changes_without_entry ON changes (position) WHERE entry_id IS NULL;
`;

/** Where a statement finds the position of the newest stamp. */
export const newestStamp = 'SELECT stamped_at FROM changes ORDER BY position DESC LIMIT 1';

/** How many changes one statement adds: half of what eight statements take. */
const changesAtOnce = 8;

/** What a change did: it wrote an entry, removed a key, or neither. */
export interface Change {
  readonly entryId: number | null;
  readonly expiresAt: number | null;
  readonly removed: StoredKey | null;
}

/** A key and the position of its last change. */
export interface ChangedKey {
  readonly key: string;
  readonly position: number;
}

/** The statements over the changes. */
export class ChangeTable {
  readonly #add: SqliteStatement;
  readonly #addMany: SqliteStatement;
  readonly #addLast: SqliteStatement;
  readonly #writeState: SqliteStatement;
  readonly #readState: SqliteStatement;
  readonly #position: SqliteStatement;
  readonly #remove: SqliteStatement;
  readonly #turnIntoRemoval: SqliteStatement;
  readonly #removedAt: SqliteStatement;
  readonly #keys: SqliteStatement;
  readonly #newestWithoutEntry: SqliteStatement;
  readonly #removeWithoutEntry: SqliteStatement;
  readonly #positionAt: SqliteStatement;
  readonly #removeOvertaken: SqliteStatement;
  readonly #clear: SqliteStatement;

  constructor(database: SqliteDatabase) {
    const change = 'entry_id, expires_at, removed';
    const [, ...written] = stateColumns.split(', ');
    // Without a position SQLite takes the next one, and puts the row behind the newest that it finds.
    this.#add = database.prepare(`INSERT INTO changes (${change}) VALUES (?, ?, ?)`);
    // A failure ends the transaction: nothing need be kept to undo half a statement.
    const rows = Array.from({ length: changesAtOnce }, () => '(?, ?, ?)').join(', ');
    this.#addMany = database.prepare(`INSERT OR FAIL INTO changes (${change}) VALUES ${rows}`);
    this.#addLast = database.prepare(`
      INSERT INTO changes (${change}, ${written.join(', ')})
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#writeState = database.prepare(`
      INSERT INTO changes (${stateColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (position) DO UPDATE SET
        ${written.map((column) => `${column} = excluded.${column}`).join(', ')}`);
    const newest = 'FROM changes ORDER BY position DESC LIMIT 1';
    this.#readState = database.prepare(`SELECT ${stateColumns} ${newest}`);
    this.#position = database.prepare(`SELECT position ${newest}`);
    this.#remove = database.prepare('DELETE FROM changes WHERE position = ?');
    this.#turnIntoRemoval = database.prepare(
      'UPDATE changes SET entry_id = NULL, expires_at = NULL, removed = ? WHERE position = ?',
    );
    this.#removedAt = database.prepare('SELECT max(position) FROM changes WHERE removed = ?');
    this.#keys = database.prepare(`
      SELECT coalesce(c.removed, e.key), c.position
      FROM changes AS c LEFT JOIN entries AS e ON e.id = c.entry_id
      WHERE c.position > ? AND c.position <= ? LIMIT ?`);
    const withoutEntry = 'FROM changes WHERE entry_id IS NULL AND position <= ?';
    this.#newestWithoutEntry = database.prepare(`SELECT max(position) ${withoutEntry}`);
    this.#removeWithoutEntry = database.prepare(`DELETE ${withoutEntry}`);
    this.#positionAt = database.prepare(
      'SELECT position FROM changes WHERE position > ? ORDER BY position LIMIT 1 OFFSET ?',
    );
    this.#removeOvertaken = database.prepare(`
      DELETE FROM changes
      WHERE position > ? AND position <= ? AND entry_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM entries AS e WHERE e.id = entry_id AND e.position = changes.position)`);
    this.#clear = database.prepare('DELETE FROM changes');
  }

  /** Adds changes that are not the last of their transaction, at the next positions. */
  add(changes: readonly Change[]): void {
    let next = 0;
    while (next + changesAtOnce <= changes.length) {
      const end = next + changesAtOnce;
      const values: SqlValue[] = [];
      for (; next < end; next++) {
        const { entryId, expiresAt, removed } = changes[next] as Change;
        values.push(entryId, expiresAt, removed);
      }
      this.#addMany.run(...values);
    }
    for (; next < changes.length; next++) {
      const { entryId, expiresAt, removed } = changes[next] as Change;
      this.#add.run(entryId, expiresAt, removed);
    }
  }

  /** Adds the last change of a transaction, and the state after it; answers the position that it took. */
  addLast({ entryId, expiresAt, removed }: Change, state: StoreState): number {
    const values = valuesOf(state);
    const { lastInsertRowid } = this.#addLast.run(entryId, expiresAt, removed, ...values);
    return Number(lastInsertRowid);
  }

  /** Writes the state where no change goes with it. */
  writeState(state: StoreState): void {
    this.#writeState.run(state.position, ...valuesOf(state));
  }

  /** @throws DamagedStateError when it is not what had been written */
  readState(): StoreState {
    return toState(this.#readState.get());
  }

  /** The position of the last change. */
  position(): number {
    return (this.#position.get()?.[0] ?? 0) as number;
  }

  remove(position: number): void {
    this.#remove.run(position);
  }

  /** The entry that the change wrote is gone; `removed` is its key if that is to be remembered. */
  turnIntoRemoval(position: number, removed: StoredKey | null): void {
    this.#turnIntoRemoval.run(removed, position);
  }

  /** The position of the last removal of a key. */
  removedAt(key: StoredKey): number | undefined {
    return (this.#removedAt.get(key)?.[0] ?? undefined) as number | undefined;
  }

  /** Up to `limit` keys whose last change lies after one position and up to another. */
  keys(after: number, upTo: number, limit: number): ChangedKey[] {
    return this.#keys
      .all(after, upTo, limit)
      .filter(([key]) => key !== null)
      .map(([key, position]) => ({
        key: fromStoredKey(key as StoredKey),
        position: position as number,
      }));
  }

  /** Forgets the changes up to `position` that wrote no entry; answers the newest of them. */
  forgetUpTo(position: number): number | undefined {
    const newest = this.#newestWithoutEntry.get(position)?.[0];
    if (typeof newest !== 'number') return undefined;
    this.#removeWithoutEntry.run(position);
    return newest;
  }

  /** The position of the change that comes `count` changes after the next one. */
  positionAt(after: number, count: number): number | undefined {
    return this.#positionAt.get(after, count)?.[0] as number | undefined;
  }

  /** Removes the changes after one position and up to another after which the same key was changed. */
  removeOvertaken(after: number, upTo: number): void {
    this.#removeOvertaken.run(after, upTo);
  }

  clear(): void {
    this.#clear.run();
  }
}

/** The columns of a state after its position. */
function valuesOf(state: StoreState): number[] {
  const { entries, bytes, horizon, stampedAt, sweeps, hand, trimmedUpTo } = state;
  const checksum = stateChecksum(state);
  return [entries, bytes, horizon, stampedAt, sweeps, hand, trimmedUpTo, checksum];
}
