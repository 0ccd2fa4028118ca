import type { SqliteDatabase, SqliteStatement } from './driver.ts';
import { fromStoredKey, type StoredKey, toStoredKey } from './stored-key.ts';

/* Keys that are gone, and the position of their last change: what an entry tells while it is there. */
export const removalSchema = `
  CREATE TABLE removals (
    key BLOB PRIMARY KEY,
    position INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX removals_by_position ON removals (position);
`;

/** The statements over the removals. */
export class RemovalTable {
  readonly #put: SqliteStatement;
  readonly #position: SqliteStatement;
  readonly #between: SqliteStatement;
  readonly #newestUpTo: SqliteStatement;
  readonly #removeUpTo: SqliteStatement;
  readonly #clear: SqliteStatement;

  constructor(database: SqliteDatabase) {
    this.#put = database.prepare('INSERT OR REPLACE INTO removals VALUES (?, ?)');
    this.#position = database.prepare('SELECT position FROM removals WHERE key = ?');
    this.#between = database.prepare(
      'SELECT key, position FROM removals WHERE position > ? AND position <= ? LIMIT ?',
    );
    this.#newestUpTo = database.prepare('SELECT max(position) FROM removals WHERE position <= ?');
    this.#removeUpTo = database.prepare('DELETE FROM removals WHERE position <= ?');
    this.#clear = database.prepare('DELETE FROM removals');
  }

  put(key: string, position: number): void {
    this.#put.run(toStoredKey(key), position);
  }

  /** The position of the last change of a key that is gone. */
  position(key: string): number | undefined {
    return this.#position.get(toStoredKey(key))?.[0] as number | undefined;
  }

  between(after: number, upTo: number, limit: number): ChangedKey[] {
    return this.#between.all(after, upTo, limit).map(([key, position]) => ({
      key: fromStoredKey(key as StoredKey),
      position: position as number,
    }));
  }

  /** Forgets removals up to `position`; answers the newest of them. */
  forgetUpTo(position: number): number | undefined {
    const newest = this.#newestUpTo.get(position)?.[0];
    if (typeof newest !== 'number') return undefined;
    this.#removeUpTo.run(position);
    return newest;
  }

  clear(): void {
    this.#clear.run();
  }
}

/** A key and the position of its last change. */
export interface ChangedKey {
  readonly key: string;
  readonly position: number;
}
