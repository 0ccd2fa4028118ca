import { crc32 } from 'node:zlib';
import { patternOf, type Stamp } from '@x/store-kit';
import type { SqliteDatabase, SqliteStatement, SqlRow } from '../database/driver.ts';
import { fromStoredKey, type StoredKey, toStoredKey } from './stored-key.ts';

/* A stamp with a prefix is a pattern, one without is a tag. */
export const stampSchema = `
  CREATE TABLE stamps (
    position INTEGER PRIMARY KEY,
    target BLOB NOT NULL,
    prefix BLOB,
    flags TEXT NOT NULL,
    checksum INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX stamps_by_target ON stamps (target, flags, prefix IS NULL);
`;

const columns = 'position, target, prefix, flags, checksum';

/** The statements over the stamps. */
export class StampTable {
  readonly #put: SqliteStatement;
  readonly #after: SqliteStatement;
  readonly #oldestPattern: SqliteStatement;
  readonly #remove: SqliteStatement;
  readonly #newestUpTo: SqliteStatement;
  readonly #removeUpTo: SqliteStatement;

  constructor(database: SqliteDatabase) {
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO stamps (${columns}) VALUES (?, ?, ?, ?, ?)`,
    );
    this.#after = database.prepare(
      `SELECT ${columns} FROM stamps WHERE position > ? ORDER BY position`,
    );
    this.#oldestPattern = database.prepare(
      `SELECT ${columns} FROM stamps WHERE prefix IS NOT NULL ORDER BY position LIMIT 1`,
    );
    this.#remove = database.prepare('DELETE FROM stamps WHERE position = ?');
    this.#newestUpTo = database.prepare('SELECT max(position) FROM stamps WHERE position <= ?');
    this.#removeUpTo = database.prepare('DELETE FROM stamps WHERE position <= ?');
  }

  /** Adds a stamp in the place of an earlier one with the same target. */
  put({ position, tag, pattern }: Stamp): void {
    const target = tag ?? pattern.regexSource;
    const prefix = pattern?.literalPrefix;
    const flags = pattern?.regexFlags ?? '';
    const checksum = checksumOf(position, target, prefix, flags);
    this.#put.run(
      position,
      toStoredKey(target),
      prefix === undefined ? null : toStoredKey(prefix),
      flags,
      checksum,
    );
  }

  /** The stamps after `position`, in order. */
  after(position: number): Stamp[] {
    return this.#after.all(position).map((row) => toStamp(row));
  }

  oldestPattern(): Stamp | undefined {
    const row = this.#oldestPattern.get();
    return row && toStamp(row);
  }

  remove(position: number): void {
    this.#remove.run(position);
  }

  /** Removes the stamps up to `position`; answers the position of the newest of them. */
  removeUpTo(position: number): number | undefined {
    const newest = this.#newestUpTo.get(position)?.[0];
    if (typeof newest !== 'number') return undefined;
    this.#removeUpTo.run(position);
    return newest;
  }
}

function toStamp([position, storedTarget, storedPrefix, flags, checksum]: SqlRow): Stamp {
  const at = position as number;
  const target = fromStoredKey(storedTarget as StoredKey);
  const prefix = storedPrefix === null ? undefined : fromStoredKey(storedPrefix as StoredKey);
  if (checksumOf(at, target, prefix, flags as string) !== checksum) {
    // Nobody knows what it was to hide: everything, then.
    return { position: at, pattern: patternOf('', '', '') };
  }
  if (prefix === undefined) return { position: at, tag: target };
  return { position: at, pattern: patternOf(prefix, target, flags as string) };
}

function checksumOf(
  position: number,
  target: string,
  prefix: string | undefined,
  flags: string,
): number {
  return crc32(JSON.stringify([position, target, prefix, flags]));
}
