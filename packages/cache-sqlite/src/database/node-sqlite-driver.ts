import type { DatabaseSync } from 'node:sqlite';
import {
  failureOfCode,
  type SqliteDatabase,
  type SqliteDriver,
  type SqliteStatement,
} from './driver.ts';

/**
 * Loads the SQLite that is part of Node; Node 22 prints a warning that it is experimental.
 *
 * @throws Error when this Node was built without it
 */
export function loadNodeSqlite(): SqliteDriver {
  // An import would not survive build tools that drop the `node:`, without which there is no module.
  const sqlite = process.getBuiltinModule('node:sqlite');
  if (sqlite === undefined) throw new Error('this Node has no node:sqlite');
  return {
    open: (path, busyTimeoutMs) =>
      new NodeSqliteDatabase(new sqlite.DatabaseSync(path, { timeout: busyTimeoutMs })),
    failureOf: (error) => {
      const code = (error as { readonly errcode?: unknown } | undefined)?.errcode;
      return typeof code === 'number' ? failureOfCode(code) : 'other';
    },
  };
}

class NodeSqliteDatabase implements SqliteDatabase {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return {
      run: statement.run.bind(statement),
      get: statement.get.bind(statement) as unknown as SqliteStatement['get'],
      all: statement.all.bind(statement) as unknown as SqliteStatement['all'],
    };
  }

  close(): void {
    this.#database.close();
  }
}
