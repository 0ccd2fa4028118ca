import type { SqliteDatabase, SqliteStatement } from './driver.ts';
import { nextTick } from '../event-loop.ts';
import { rollBack } from './roll-back.ts';

/** A callback that takes longer may have waited for another process, and has to see what that did. */
const longestMs = 1;

/**
 * Lets reads that follow each other within one callback of the event loop, and the promises that it
 * settles, see the database as of one moment: to take the lock and give it back for each read costs twice
 * what the read does. Nothing that another process sends can arrive in between.
 */
export class ReadSnapshot {
  readonly #database: SqliteDatabase;
  readonly #begin: SqliteStatement;
  readonly #commit: SqliteStatement;
  #isOpen = false;
  #openedAt = 0;
  /** There was a read in this callback. */
  #isFollowing = false;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#begin = database.prepare('BEGIN');
    this.#commit = database.prepare('COMMIT');
  }

  /**
   * Prepares a read. The first of a callback is left alone, since most are the only one.
   *
   * @param now - monotonic milliseconds
   */
  enter(now: number): void {
    if (this.#isOpen) {
      if (now - this.#openedAt < longestMs) return;
      this.end();
    } else if (!this.#isFollowing) {
      this.#isFollowing = true;
      nextTick(this.#leave);
      return;
    }
    this.#begin.run();
    this.#isOpen = true;
    this.#openedAt = now;
  }

  /** Lets the next read see what is new. */
  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#commit.run();
    } catch {
      // The connection may be closed, or in trouble that its next statement meets.
      rollBack(this.#database);
    }
  }

  readonly #leave = (): void => {
    this.#isFollowing = false;
    this.end();
  };
}
