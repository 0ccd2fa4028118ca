import type { SqliteDatabase, SqliteStatement, SqlValue } from './driver.ts';
import { columns, type EntryRow, fromColumns, toColumns } from './entry-row.ts';
import type { ChangedKey } from './removal-table.ts';
import { fromStoredKey, type KeyRange, type StoredKey, toStoredKey } from './stored-key.ts';

/** What a read finds under a key. */
export interface FoundRow {
  readonly id: number;
  readonly position: number;
  /** The position of the last stamp at the time of the read. */
  readonly stampedAt: number;
  /** What the row says of itself, right or wrong. */
  readonly checksum: SqlValue;
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
  readonly #changed: SqliteStatement;
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
    this.#find = database.prepare(`
      SELECT ${columns.replaceAll(/\w+/g, 'e.$&')}, e.id, s.stamped_at
      FROM state AS s CROSS JOIN entries AS e WHERE e.key = ?`);
    this.#head = database.prepare(`SELECT ${head} FROM entries WHERE key = ?`);
    this.#insert = database.prepare(
      `INSERT INTO entries (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = database.prepare(`
      UPDATE entries SET
        position = ?, created_at = ?, stale_at = ?, expires_at = ?, load_ms = ?, is_error = ?,
        tags = ?, value = ?, size = ?, checksum = ?
      WHERE id = ?`);
    this.#remove = database.prepare('DELETE FROM entries WHERE id = ?');
    this.#clear = database.prepare('DELETE FROM entries');
    this.#changed = database.prepare(
      'SELECT key, position FROM entries WHERE position > ? AND position <= ? LIMIT ?',
    );
    this.#expired = database.prepare(`${listed} WHERE expires_at <= ? ORDER BY expires_at LIMIT ?`);
    this.#list = database.prepare(`${listed} WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`);
    this.#listToEnd = database.prepare(`${listed} WHERE key >= ? ORDER BY key LIMIT ?`);
    this.#after = database.prepare(`${listed} WHERE id > ? ORDER BY id LIMIT ?`);
    this.#oldest = database.prepare(`${listed} ORDER BY position LIMIT ?`);
    this.#whole = database.prepare(
      `SELECT ${columns}, id FROM entries WHERE id > ? ORDER BY id LIMIT ?`,
    );
    this.#totals = database.prepare('SELECT count(*), total(size) FROM entries');
  }

  find(key: string): FoundRow | undefined {
    const result = this.#find.get(toStoredKey(key));
    if (result === undefined) return undefined;
    return {
      id: result[11] as number,
      position: result[1] as number,
      stampedAt: result[12] as number,
      checksum: result[10] ?? null,
      row: fromColumns(key, result),
    };
  }

  head(key: string): RowHead | undefined {
    const result = this.#head.get(toStoredKey(key));
    return result && toHead(result);
  }

  insert(row: EntryRow, position: number): void {
    this.#insert.run(...toColumns(row, position));
  }

  /** Replaces the row `id`, whose key stays. */
  update(id: number, row: EntryRow, position: number): void {
    const [, ...values] = toColumns(row, position);
    this.#update.run(...values, id);
  }

  remove(id: number): void {
    this.#remove.run(id);
  }

  /** Removes all rows, in a fraction of the time that removing each would take. */
  clear(): void {
    this.#clear.run();
  }

  /** Up to `limit` keys whose last change lies after one position and up to another. */
  changed(after: number, upTo: number, limit: number): ChangedKey[] {
    return this.#changed.all(after, upTo, limit).map(([key, position]) => ({
      key: fromStoredKey(key as StoredKey),
      position: position as number,
    }));
  }

  /** Up to `limit` rows whose time is over at `now`. */
  expired(now: number, limit: number): ListedRow[] {
    return this.#expired.all(now, limit).map((result) => toListed(result));
  }

  /** Up to `limit` rows of a range, in the order of the stored keys. */
  list({ from, to }: KeyRange, limit: number): ListedRow[] {
    const results =
      to === undefined ? this.#listToEnd.all(from, limit) : this.#list.all(from, to, limit);
    return results.map((result) => toListed(result));
  }

  /** Up to `limit` rows with an id above `id`, the oldest first. */
  after(id: number, limit: number): ListedRow[] {
    return this.#after.all(id, limit).map((result) => toListed(result));
  }

  /** Up to `limit` rows, those that were longest not written first. */
  oldest(limit: number): ListedRow[] {
    return this.#oldest.all(limit).map((result) => toListed(result));
  }

  /** Up to `limit` rows with an id above `id`, each held against its checksum. */
  checked(id: number, limit: number): CheckedRow[] {
    return this.#whole.all(id, limit).map((result) => {
      const key = fromStoredKey(result[0] as StoredKey);
      const isIntact = fromColumns(key, result) !== undefined;
      return { key, id: result[11] as number, position: result[1] as number, isIntact };
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
