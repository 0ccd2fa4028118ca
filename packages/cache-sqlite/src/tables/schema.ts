import type { SqliteDatabase, SqlValue } from '../database/driver.ts';
import { changeSchema, ChangeTable } from './change-table.ts';
import { stampSchema } from './stamp-table.ts';
import { visitSchema } from './visited-rows.ts';

/** Marks our files: "cach" in ASCII. */
const applicationId = 0x63_61_63_68;
const formatVersion = 2;

/** A file that is intact and not ours to use. */
export class UnusableDatabaseError extends Error {
  override readonly name: string = 'UnusableDatabaseError';
}

/** A file that says it is ours and lacks what ours have. */
export class IncompleteDatabaseError extends Error {
  override readonly name: string = 'IncompleteDatabaseError';
}

/*
 * `id` ascends, so that it also tells age. `key` has no type: TEXT and BLOB keep apart. The table is
 * no WITHOUT ROWID one, since rows with large values make its tree deep and twice as slow. It has no
 * further index: the changes tell what was written when and what expires, and a write touches fewer pages.
 */
const entrySchema = `
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    stale_at INTEGER,
    expires_at INTEGER,
    load_ms REAL,
    is_error INTEGER NOT NULL,
    tags TEXT,
    size INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    value BLOB NOT NULL
  );
`;

const schema = `${changeSchema}${entrySchema}${stampSchema}${visitSchema}`;
const tables = ['changes', 'entries', 'stamps', 'visits'];

/**
 * Makes an open database ready for use: creates the tables in an empty one, or anew in one of an older
 * format, and sets it up.
 *
 * @param now - epoch ms. The sequence of a new database begins there, in microseconds, so that it is
 * ahead of any earlier database in the same place.
 * @throws UnusableDatabaseError when it belongs to another program or has a newer format; it is left
 * as it was
 * @throws IncompleteDatabaseError when it is ours and damaged
 * @throws errors of the driver, for example when the file is no database
 */
export function prepareDatabase(database: SqliteDatabase, now: number): void {
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0');
  const isNew = isEmpty(database);
  if (isNew) database.exec('PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL');
  const isOlder = !isNew && checkOwner(database) < formatVersion;
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = 1000;
    PRAGMA journal_size_limit = 8388608;
    PRAGMA cache_size = -16000;
    PRAGMA temp_store = MEMORY;
  `);
  if (isNew || isOlder) create(database, now);
  else checkWritable(database);
}

/** Fails for a file that the system lets us write and SQLite does not: its head is damaged. */
function checkWritable(database: SqliteDatabase): void {
  database.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${formatVersion}; ROLLBACK`);
}

function create(database: SqliteDatabase, now: number): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been quicker.
    if (isEmpty(database) || checkOwner(database) < formatVersion) {
      dropAll(database);
      database.exec(schema);
      const position = Math.max(0, Math.floor(now * 1_000));
      new ChangeTable(database).writeState({
        position,
        entries: 0,
        bytes: 0,
        horizon: position,
        stampedAt: 0,
        sweeps: 0,
        hand: 0,
        trimmedUpTo: 0,
      });
      database.exec(`PRAGMA application_id = ${applicationId}`);
      database.exec(`PRAGMA user_version = ${formatVersion}`);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
  checkOwner(database);
}

/** Takes the tables of an older format away: what a cache held can be loaded again. */
function dropAll(database: SqliteDatabase): void {
  const found = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")
    .all();
  for (const [name] of found) database.exec(`DROP TABLE "${String(name).replaceAll('"', '""')}"`);
}

function isEmpty(database: SqliteDatabase): boolean {
  return ask(database, 'SELECT count(*) FROM sqlite_schema') === 0;
}

/** Answers the version of the format. */
function checkOwner(database: SqliteDatabase): number {
  const names = tables.map((name) => `'${name}'`).join(', ');
  const found = ask(database, `SELECT count(*) FROM sqlite_schema WHERE name IN (${names})`);
  const isWhole = found === tables.length;
  if (ask(database, 'PRAGMA application_id') !== applicationId) {
    if (isWhole) throw new IncompleteDatabaseError('the mark of the file is damaged');
    throw new UnusableDatabaseError('it is a database of another program');
  }
  const version = ask(database, 'PRAGMA user_version');
  if (typeof version === 'number' && version > formatVersion) {
    throw new UnusableDatabaseError(
      `its format ${version} is newer than ${formatVersion}, the newest that this version reads`,
    );
  }
  if (typeof version !== 'number' || version < 1 || (version === formatVersion && !isWhole)) {
    throw new IncompleteDatabaseError('the tables are damaged');
  }
  return version;
}

function ask(database: SqliteDatabase, sql: string): SqlValue | undefined {
  return database.prepare(sql).get()?.[0];
}
