import type { SqliteDatabase, SqliteStatement } from '../database/driver.ts';
import type { StoreTransaction } from '../writes/store-transaction.ts';

/* Ids of rows that a process read since the eviction last came by. */
export const visitSchema = `
  CREATE TABLE visits (id INTEGER PRIMARY KEY);
`;

/** What one process remembers until it is written back; further reads are not remembered. */
const mostRemembered = 100_000;

/** The statements over the visits that were written back. */
export class VisitTable {
  readonly #add: SqliteStatement;
  readonly #between: SqliteStatement;
  readonly #remove: SqliteStatement;
  readonly #clear: SqliteStatement;

  constructor(database: SqliteDatabase) {
    this.#add = database.prepare('INSERT OR IGNORE INTO visits VALUES (?)');
    this.#between = database.prepare('SELECT id FROM visits WHERE id > ? AND id <= ?');
    this.#remove = database.prepare('DELETE FROM visits WHERE id > ? AND id <= ?');
    this.#clear = database.prepare('DELETE FROM visits');
  }

  add(id: number): void {
    this.#add.run(id);
  }

  /** The ids after one and up to another. */
  between(after: number, upTo: number): number[] {
    return this.#between.all(after, upTo).map(([id]) => id as number);
  }

  /** Forgets the visits after one id and up to another, also of rows that are gone. */
  remove(after: number, upTo: number): void {
    this.#remove.run(after, upTo);
  }

  clear(): void {
    this.#clear.run();
  }
}

/** Which rows were read: by this process in memory, so that reads never write, by all in a table. */
export class VisitedRows {
  readonly #ids = new Set<number>();

  add(id: number): void {
    if (this.#ids.size < mostRemembered) this.#ids.add(id);
  }

  /** Forgets that this process read a row; `false` when it did not. */
  take(id: number): boolean {
    return this.#ids.delete(id);
  }

  /** Writes up to `limit` visits back; answers how many. */
  writeBack({ tables }: StoreTransaction, limit: number): number {
    let written = 0;
    for (const id of this.#ids) {
      if (written === limit) break;
      tables.visits.add(id);
      this.#ids.delete(id);
      written++;
    }
    return written;
  }

  get size(): number {
    return this.#ids.size;
  }

  clear(): void {
    this.#ids.clear();
  }
}
