import type { SqliteDatabase } from './driver.ts';

/** Ends a transaction that failed, if it is still open. */
export function rollBack(database: SqliteDatabase): void {
  try {
    if (database.inTransaction) database.exec('ROLLBACK');
  } catch {
    // The error that led here says what is wrong.
  }
}
