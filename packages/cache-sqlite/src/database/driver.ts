/** What SQLite keeps in a column. */
export type SqlValue = string | number | Uint8Array | null;

/** A row, its columns in the order of the query. */
export type SqlRow = readonly SqlValue[];

/** What a statement did. */
export interface SqliteEffect {
  /** How many rows it changed. */
  readonly changes: number | bigint;
  /** The id of the last row that it added. */
  readonly lastInsertRowid: number | bigint;
}

/** A prepared statement. */
export interface SqliteStatement {
  /** Runs it; tells what it did. */
  run(...params: readonly SqlValue[]): SqliteEffect;
  /** Its first row. */
  get(...params: readonly SqlValue[]): SqlRow | undefined;
  /** All its rows. */
  all(...params: readonly SqlValue[]): readonly SqlRow[];
}

/** An open database. Every method throws the library's own errors. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  /** Whether a transaction is open. */
  readonly inTransaction: boolean;
  close(): void;
}

/**
 * What a library's error says: another process holds the lock, the file is damaged, the file is no
 * longer at its path, the statement does not fit the database, the disk is full, or something else.
 */
export type SqliteFailure = 'busy' | 'damaged' | 'moved' | 'mismatch' | 'full' | 'other';

/** A library that talks to SQLite. */
export interface SqliteDriver {
  /** Opens or creates the database at `path`; a statement waits up to `busyTimeoutMs` for a lock. */
  open(path: string, busyTimeoutMs: number): SqliteDatabase;
  /** Sorts an error that the library threw. */
  failureOf(error: unknown): SqliteFailure;
}

/** SQLite's result codes, without the extension bits. */
const codes = {
  error: 1,
  busy: 5,
  locked: 6,
  readonly: 8,
  corrupt: 11,
  full: 13,
  notADatabase: 26,
} as const;
const readonlyDatabaseMoved = 8 | (4 << 8);
const ioErrorShortRead = 10 | (2 << 8);

/** Sorts SQLite's extended result code. */
export function failureOfCode(code: number): SqliteFailure {
  if (code === readonlyDatabaseMoved) return 'moved';
  if (code === ioErrorShortRead) return 'damaged';
  if (code === codes.readonly) return 'mismatch';
  switch (code & 0xff) {
    case codes.busy:
    case codes.locked:
      return 'busy';
    case codes.corrupt:
    case codes.notADatabase:
      return 'damaged';
    case codes.full:
      return 'full';
    case codes.error:
      return 'mismatch';
    default:
      return 'other';
  }
}
