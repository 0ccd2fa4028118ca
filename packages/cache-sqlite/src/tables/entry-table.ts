import type { SqliteDatabase, SqliteStatement, SqlValue } from '../database/driver.ts';
import { newestStamp } from './change-table.ts';
import { columns, type EntryRow, fromColumns, toColumns } from './entry-row.ts';
import { fromStoredKey, type KeyRange, type StoredKey, toStoredKey } from './stored-key.ts';

/** What a read finds under a key. */
export interface FoundRow {
  readonly id: number;
  readonly position: number;
  /** The position of the last stamp at the time of the read. */
  readonly stampedAt: number;
  /** `undefined` when the row is not what had been written. */
  readonly row: EntryRow | undefined;
}

/** What is known of a row without its value. */
export interface RowHead {
  readonly id: number;
  readonly position: number;
  readonly size: number;
  readonly expiresAt: number | null;
  /** The tags as JSON. */
  readonly tags: string | null;
}

/** The head of a row that was found by other means than its key. */
export interface ListedRow extends RowHead {
  readonly createdAt: number;
  readonly staleAt: number | null;
  readonly stored: StoredKey;
  readonly key: string;
}

/** The statements over the entries, prepared once. Transactions are the caller's. */
export class EntryTable {
  readonly #find: SqliteStatement;
  readonly #head: SqliteStatement;
  readonly #insert: SqliteStatement;
  readonly #update: SqliteStatement;
  readonly #remove: SqliteStatement;
  readonly #clear: SqliteStatement;
  readonly #expired: SqliteStatement;
  readonly #list: SqliteStatement;
  readonly #listToEnd: SqliteStatement;
  readonly #after: SqliteStatement;
  readonly #oldest: SqliteStatement;
  readonly #whole: SqliteStatement;
  readonly #totals: SqliteStatement;

  constructor(database: SqliteDatabase) {
    const head = 'id, position, size, expires_at, tags';
    const listed = `SELECT ${head}, key, created_at, stale_at FROM entries`;
    // Row and state come from one statement, so that they are of one moment.
    this.#find = database.prepare(
      `SELECT ${columns}, id, (${newestStamp}) FROM entries WHERE key = ?`,
    );
    this.#head = database.prepare(`SELECT ${head} FROM entries WHERE key = ?`);
    this.#insert = database.prepare(
      `INSERT INTO entries (key, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = database.prepare(`
      UPDATE entries SET
        position = ?, created_at = ?, stale_at = ?, expires_at = ?, load_ms = ?, is_error = ?,
        tags = ?, value = ?, size = ?, checksum = ?
      WHERE id = ?`);
    this.#remove = database.prepare('DELETE FROM entries WHERE id = ?');
    this.#clear = database.prepare('DELETE FROM entries');
    const changed = `
      SELECT ${`${head}, key, created_at, stale_at`.replaceAll(/\w+/g, 'e.$&')}
      FROM changes AS c CROSS JOIN entries AS e ON e.id = c.entry_id AND e.position = c.position`;
    this.#expired = database.prepare(`
      ${changed} WHERE c.position > ? AND c.position <= ? AND c.expires_at <= ?
      ORDER BY c.position LIMIT ?`);
    this.#list = database.prepare(`${listed} WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`);
    this.#listToEnd = database.prepare(`${listed} WHERE key >= ? ORDER BY key LIMIT ?`);
    this.#after = database.prepare(`${listed} WHERE id > ? ORDER BY id LIMIT ?`);
    this.#oldest = database.prepare(`${changed} ORDER BY c.position LIMIT ?`);
    this.#whole = database.prepare(
      `SELECT ${columns}, id, key FROM entries WHERE id > ? ORDER BY id LIMIT ?`,
    );
    this.#totals = database.prepare('SELECT count(*), total(size) FROM entries');
  }

  find(key: string): FoundRow | undefined {
    const stored = toStoredKey(key);
    const result = this.#find.get(stored);
    if (result === undefined) return undefined;
    return {
      id: result[10] as number,
      position: result[0] as number,
      stampedAt: result[11] as number,
      row: fromColumns(key, stored, result),
    };
  }

  head(stored: StoredKey): RowHead | undefined {
    const result = this.#head.get(stored);
    return result && toHead(result);
  }

  /** Answers the id of the new row. */
  insert(row: EntryRow, position: number): number {
    return Number(this.#insert.run(row.stored, ...toColumns(row, position)).lastInsertRowid);
  }

  /** Replaces the row `id`, whose key stays. */
  update(id: number, row: EntryRow, position: number): void {
    this.#update.run(...toColumns(row, position), id);
  }

  remove(id: number): void {
    this.#remove.run(id);
  }

  /** Removes all rows, in a fraction of the time that removing each would take. */
  clear(): void {
    this.#clear.run();
  }

  /** Up to `limit` rows written after one position and up to another whose time is over at `now`. */
  expired(now: number, after: number, upTo: number, limit: number): ListedRow[] {
    return this.#expired.all(after, upTo, now, limit).map(toListed);
  }

  /** Up to `limit` rows of a range, in the order of the stored keys. */
  list({ from, to }: KeyRange, limit: number): ListedRow[] {
    const results =
      to === undefined ? this.#listToEnd.all(from, limit) : this.#list.all(from, to, limit);
    return results.map(toListed);
  }

  /** Up to `limit` rows with an id above `id`, the oldest first. */
  after(id: number, limit: number): ListedRow[] {
    return this.#after.all(id, limit).map(toListed);
  }

  /** Up to `limit` rows, those that were longest not written first. */
  oldest(limit: number): ListedRow[] {
    return this.#oldest.all(limit).map(toListed);
  }

  /** Up to `limit` rows with an id above `id`, each held against its checksum. */
  checked(id: number, limit: number): CheckedRow[] {
    return this.#whole.all(id, limit).map((result) => {
      const stored = result[11] as StoredKey;
      const key = fromStoredKey(stored);
      const isIntact = fromColumns(key, stored, result) !== undefined;
      return { key, id: result[10] as number, position: result[0] as number, isIntact };
    });
  }

  /** Rows and their bytes, counted one by one. */
  totals(): { entries: number; bytes: number } {
    const [entries = 0, bytes = 0] = (this.#totals.get() ?? []) as readonly number[];
    return { entries, bytes };
  }
}

/** A row that was held against its checksum. */
export interface CheckedRow {
  readonly key: string;
  readonly id: number;
  readonly position: number;
  readonly isIntact: boolean;
}

function toHead([id, position, size, expiresAt, tags]: readonly SqlValue[]): RowHead {
  return { id, position, size, expiresAt, tags } as RowHead;
}

function toListed(result: readonly SqlValue[]): ListedRow {
  const stored = result[5] as StoredKey;
  const [, , , , , , createdAt, staleAt] = result;
  return { ...toHead(result), stored, key: fromStoredKey(stored), createdAt, staleAt } as ListedRow;
}
