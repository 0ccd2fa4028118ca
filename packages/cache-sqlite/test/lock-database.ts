import { DatabaseSync } from 'node:sqlite';
import Database from 'better-sqlite3';
import type { DriverName } from '../src/index.ts';

/** Locks a database against writes, by a connection of the same library; answers how to unlock it. */
export function lockDatabase(path: string, driver: DriverName): () => void {
  const database = driver === 'node:sqlite' ? new DatabaseSync(path) : new Database(path);
  database.exec('BEGIN IMMEDIATE');
  return () => {
    database.exec('COMMIT');
    database.close();
  };
}
