import type { SqliteDatabase, SqliteStatement } from '../database/driver.ts';
import { toStoredKey } from './stored-key.ts';

/** A process may wait so long between a look at the clock and its write, in milliseconds. */
const longestDelayMs = 5_000;

/** Who holds a lease: a store, and which of its leases. */
export interface LeaseHolder {
  readonly store: string;
  readonly number: number;
}

/**
 * The leases of all processes. A lease whose deadline is over counts as free, as does one that was
 * taken well in the future: the clock went back since.
 */
export class LeaseTable {
  readonly #take: SqliteStatement;
  readonly #renew: SqliteStatement;
  readonly #release: SqliteStatement;
  readonly #releaseAll: SqliteStatement;
  readonly #removeExpired: SqliteStatement;

  /** Sets an open database up and creates the table when it is missing. */
  constructor(database: SqliteDatabase) {
    // What a power failure takes away was worth nothing: no holder survives it.
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = OFF;
      PRAGMA journal_size_limit = 1048576;
      CREATE TABLE IF NOT EXISTS leases (
        key BLOB PRIMARY KEY,
        store TEXT NOT NULL,
        number INTEGER NOT NULL,
        taken_at INTEGER NOT NULL,
        deadline INTEGER NOT NULL
      ) WITHOUT ROWID;
    `);
    this.#take = database.prepare(`
      INSERT INTO leases VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET
        store = excluded.store, number = excluded.number,
        taken_at = excluded.taken_at, deadline = excluded.deadline
      WHERE deadline <= excluded.taken_at OR taken_at > excluded.taken_at + ${longestDelayMs}`);
    const held = 'key = ? AND store = ? AND number = ?';
    this.#renew = database.prepare(
      `UPDATE leases SET taken_at = ?, deadline = ? WHERE deadline > ? AND ${held}`,
    );
    this.#release = database.prepare(`DELETE FROM leases WHERE ${held}`);
    this.#releaseAll = database.prepare('DELETE FROM leases WHERE store = ?');
    this.#removeExpired = database.prepare('DELETE FROM leases WHERE deadline <= ?');
  }

  /** Takes the lease from `now` to `deadline` (epoch ms); `false` while another has it. */
  take(key: string, { store, number }: LeaseHolder, now: number, deadline: number): boolean {
    return this.#take.run(toStoredKey(key), store, number, now, deadline).changes === 1;
  }

  /** Moves the deadline; `false` when the lease was lost. */
  renew(key: string, { store, number }: LeaseHolder, now: number, deadline: number): boolean {
    return this.#renew.run(now, deadline, now, toStoredKey(key), store, number).changes === 1;
  }

  release(key: string, { store, number }: LeaseHolder): void {
    this.#release.run(toStoredKey(key), store, number);
  }

  /** Gives all leases of a store back. */
  releaseAll(store: string): void {
    this.#releaseAll.run(store);
  }

  removeExpired(now: number): void {
    this.#removeExpired.run(now);
  }
}
