import type { SqliteDatabase, SqlValue } from './driver.ts';

/** Marks our files: "cach" in ASCII. */
const applicationId = 0x63_61_63_68;
const formatVersion = 1;

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
 * no WITHOUT ROWID one, since rows with large values make its tree deep and twice as slow.
 */
const entrySchema = `
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
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
  CREATE INDEX entries_by_expiry ON entries (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE entry_tags (
    tag BLOB NOT NULL,
    entry_id INTEGER NOT NULL,
    PRIMARY KEY (tag, entry_id)
  ) WITHOUT ROWID;
  CREATE INDEX entry_tags_by_entry ON entry_tags (entry_id);
  CREATE TRIGGER entry_added AFTER INSERT ON entries BEGIN
    UPDATE totals SET entries = entries + 1, bytes = bytes + new.size;
  END;
  CREATE TRIGGER entry_replaced AFTER UPDATE OF size ON entries BEGIN
    UPDATE totals SET bytes = bytes + new.size - old.size;
  END;
  CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN
    UPDATE totals SET entries = entries - 1, bytes = bytes - old.size;
  END;
  CREATE TRIGGER entry_untagged AFTER DELETE ON entries WHEN old.tags IS NOT NULL BEGIN
    DELETE FROM entry_tags WHERE entry_id = old.id;
  END;
  CREATE TRIGGER entry_retagged AFTER UPDATE OF tags ON entries WHEN old.tags IS NOT NULL BEGIN
    DELETE FROM entry_tags WHERE entry_id = old.id;
  END;
`;

const totalsSchema = `
  CREATE TABLE totals (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    entries INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  );
  INSERT INTO totals VALUES (1, 0, 0);
`;

/** Empties the tables in a fraction of the time that deleting row by row takes. */
export const clearSql: string = `
  DROP TABLE entries;
  DROP TABLE entry_tags;
  UPDATE totals SET entries = 0, bytes = 0;
  ${entrySchema}
`;

/**
 * Makes an open database ready for use: creates the tables in an empty one and sets it up.
 *
 * @throws UnusableDatabaseError when it belongs to another program or has a newer format; it is left
 * as it was
 * @throws IncompleteDatabaseError when it is ours and damaged
 * @throws errors of the driver, for example when the file is no database
 */
export function prepareDatabase(database: SqliteDatabase): void {
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0');
  const isNew = isEmpty(database);
  if (isNew) database.exec('PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL');
  else checkOwner(database);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = 200;
    PRAGMA journal_size_limit = 4194304;
    PRAGMA cache_size = -16000;
    PRAGMA temp_store = MEMORY;
  `);
  if (isNew) create(database);
  else checkWritable(database);
}

/** Fails for a file that the system lets us write and SQLite does not: its head is damaged. */
function checkWritable(database: SqliteDatabase): void {
  database.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${formatVersion}; ROLLBACK`);
}

function create(database: SqliteDatabase): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been quicker.
    if (isEmpty(database)) {
      database.exec(`${totalsSchema}${entrySchema}`);
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

function isEmpty(database: SqliteDatabase): boolean {
  return ask(database, 'SELECT count(*) FROM sqlite_schema') === 0;
}

function checkOwner(database: SqliteDatabase): void {
  const tables = ask(
    database,
    "SELECT count(*) FROM sqlite_schema WHERE name IN ('entries', 'entry_tags', 'totals')",
  );
  if (ask(database, 'PRAGMA application_id') !== applicationId) {
    if (tables === 3) throw new IncompleteDatabaseError('the mark of the file is damaged');
    throw new UnusableDatabaseError('it is a database of another program');
  }
  const version = ask(database, 'PRAGMA user_version');
  if (typeof version === 'number' && version > formatVersion) {
    throw new UnusableDatabaseError(
      `its format ${version} is newer than ${formatVersion}, the newest that this version reads`,
    );
  }
  if (version !== formatVersion || tables !== 3) {
    throw new IncompleteDatabaseError('the tables are damaged');
  }
}

function ask(database: SqliteDatabase, sql: string): SqlValue | undefined {
  return database.prepare(sql).get()?.[0];
}
