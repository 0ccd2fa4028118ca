import type Database from 'better-sqlite3';
import type {
  SqliteDatabase,
  SqliteDriver,
  SqliteFailure,
  SqliteStatement,
  SqlRow,
  SqlValue,
} from './driver.ts';

/** The library's native part ends the process of an older Node with a segmentation fault. */
const oldestNode = [22, 19] as const;

/**
 * Loads better-sqlite3.
 *
 * @param nodeVersion - the version of the running Node
 * @throws Error when this Node is too old for it, before anything is loaded, or when its native part is
 * not there
 */
export async function loadBetterSqlite3(
  nodeVersion: string = process.versions.node,
): Promise<SqliteDriver> {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    throw new Error(`it needs Node ${oldestNode.join('.')} or newer, this is ${nodeVersion}`);
  }
  const { default: open } = await import('better-sqlite3');
  // Loads the native part, which the import does not: without it, it is not the path that is wrong.
  new open(':memory:').close();
  return {
    open: (path, busyTimeoutMs) =>
      new BetterSqlite3Database(new open(path, { timeout: busyTimeoutMs })),
    failureOf,
  };
}

class BetterSqlite3Database implements SqliteDatabase {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.#database.prepare<SqlValue[], SqlRow>(sql);
    if (statement.reader) statement.raw(true);
    return {
      run: statement.run.bind(statement),
      get: statement.get.bind(statement),
      all: statement.all.bind(statement),
    };
  }

  close(): void {
    this.#database.close();
  }
}

function failureOf(error: unknown): SqliteFailure {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  if (typeof code !== 'string') return 'other';
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) return 'busy';
  if (/^SQLITE_(?:CORRUPT|NOTADB|IOERR_SHORT_READ)/.test(code)) return 'damaged';
  if (code === 'SQLITE_READONLY_DBMOVED') return 'moved';
  if (code === 'SQLITE_FULL') return 'full';
  return code === 'SQLITE_ERROR' || code === 'SQLITE_READONLY' ? 'mismatch' : 'other';
}
