import type { SqliteDatabase, SqliteStatement, SqlValue } from './driver.ts';
import { columns, type EntryRow, fromColumns, toColumns } from './entry-row.ts';
import { clearSql } from './schema.ts';
import { fromStoredKey, type KeyRange, type StoredKey, toStoredKey } from './stored-key.ts';

/** What a read finds under a key. */
export interface FoundRow {
  readonly id: number;
  /** What the row says of itself, right or wrong. */
  readonly checksum: SqlValue;
  /** `undefined` when the row is not what had been written. */
  readonly row: EntryRow | undefined;
}

/** One line of a listing. */
export interface ListedKey {
  readonly id: number;
  readonly stored: StoredKey;
  readonly key: string;
  readonly expiresAt: number | null;
}

/** How much the table holds. */
export interface Totals {
  readonly entries: number;
  /** Bytes of keys, tags and values. */
  readonly bytes: number;
}

/** The statements of a store, prepared once. Transactions are the caller's. */
export class EntryTable {
  readonly #database: SqliteDatabase;
  readonly #find: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #removeKey: SqliteStatement;
  readonly #removeId: SqliteStatement;
  readonly #removeDamaged: SqliteStatement;
  readonly #removeExpired: SqliteStatement;
  readonly #addTag: SqliteStatement;
  readonly #tagged: SqliteStatement;
  readonly #list: SqliteStatement;
  readonly #listToEnd: SqliteStatement;
  readonly #oldest: SqliteStatement;
  readonly #totals: SqliteStatement;

  constructor(database: SqliteDatabase) {
    const listed = 'SELECT id, key, expires_at FROM entries WHERE key >= ?';
    this.#database = database;
    this.#find = database.prepare(`SELECT ${columns}, id FROM entries WHERE key = ?`);
    this.#put = database.prepare(`
      INSERT INTO entries (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET
        created_at = excluded.created_at, stale_at = excluded.stale_at,
        expires_at = excluded.expires_at, load_ms = excluded.load_ms,
        is_error = excluded.is_error, tags = excluded.tags, value = excluded.value,
        size = excluded.size, checksum = excluded.checksum
      RETURNING id`);
    this.#removeKey = database.prepare('DELETE FROM entries WHERE key = ? RETURNING expires_at');
    this.#removeId = database.prepare('DELETE FROM entries WHERE id = ?');
    this.#removeDamaged = database.prepare('DELETE FROM entries WHERE id = ? AND checksum IS ?');
    this.#removeExpired = database.prepare(`
      DELETE FROM entries
      WHERE id IN (SELECT id FROM entries WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`);
    this.#addTag = database.prepare('INSERT OR IGNORE INTO entry_tags VALUES (?, ?)');
    this.#tagged = database.prepare(`
      SELECT e.id, e.expires_at
      FROM entry_tags AS t JOIN entries AS e ON e.id = t.entry_id
      WHERE t.tag = ? LIMIT ?`);
    this.#list = database.prepare(`${listed} AND key < ? ORDER BY key LIMIT ?`);
    this.#listToEnd = database.prepare(`${listed} ORDER BY key LIMIT ?`);
    this.#oldest = database.prepare('SELECT id FROM entries WHERE id > ? ORDER BY id LIMIT ?');
    this.#totals = database.prepare('SELECT entries, bytes FROM totals');
  }

  find(key: string): FoundRow | undefined {
    const result = this.#find.get(toStoredKey(key));
    if (result === undefined) return undefined;
    const [checksum = null, id] = result.slice(-2);
    return { id: id as number, checksum, row: fromColumns(key, result) };
  }

  put(row: EntryRow): void {
    const id = this.#put.get(...toColumns(row))?.[0] as number;
    if (row.tags === null) return;
    for (const tag of JSON.parse(row.tags) as string[]) this.#addTag.run(toStoredKey(tag), id);
  }

  /** Removes `key`; answers its deadline, `undefined` when there was no row. */
  removeKey(key: string): number | null | undefined {
    return this.#removeKey.get(toStoredKey(key))?.[0] as number | null | undefined;
  }

  removeId(id: number): void {
    this.#removeId.run(id);
  }

  /** Removes a row unless it has been replaced since it was found. */
  removeDamaged({ id, checksum }: FoundRow): void {
    this.#removeDamaged.run(id, checksum);
  }

  /** Removes up to `limit` rows whose time is over at `now`; answers how many. */
  removeExpired(now: number, limit: number): number {
    return this.#removeExpired.run(now, limit);
  }

  /** Up to `limit` entries that carry `tag`. */
  tagged(tag: string, limit: number): Pick<ListedKey, 'id' | 'expiresAt'>[] {
    return this.#tagged.all(toStoredKey(tag), limit).map(([id, expiresAt]) => ({
      id: id as number,
      expiresAt: expiresAt as number | null,
    }));
  }

  /** Up to `limit` keys of a range, in the order of the stored keys. */
  list({ from, to }: KeyRange, limit: number): ListedKey[] {
    const results =
      to === undefined ? this.#listToEnd.all(from, limit) : this.#list.all(from, to, limit);
    return results.map(([id, key, expiresAt]) => {
      const stored = key as StoredKey;
      return {
        id: id as number,
        stored,
        key: fromStoredKey(stored),
        expiresAt: expiresAt as number | null,
      };
    });
  }

  /** Up to `limit` ids above `id`, the oldest first. */
  idsAfter(id: number, limit: number): number[] {
    return this.#oldest.all(id, limit).map(([found]) => found as number);
  }

  totals(): Totals {
    const [entries = 0, bytes = 0] = this.#totals.get() ?? [];
    return { entries: entries as number, bytes: bytes as number };
  }

  clear(): void {
    this.#database.exec(clearSql);
  }
}
