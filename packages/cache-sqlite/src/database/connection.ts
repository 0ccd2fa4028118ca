import { type Clock, ClosedError } from '@x/interfaces';
import { busyTimeoutMs, retryWhileBusy } from './busy-retry.ts';
import type { DatabaseFile } from './database-file.ts';
import type { SqliteDatabase, SqliteDriver, SqliteFailure, SqliteStatement } from './driver.ts';
import { ReadSnapshot } from './read-snapshot.ts';
import { rollBack } from './roll-back.ts';
import { IncompleteDatabaseError } from '../tables/schema.ts';
import type { DatabaseReplaceEvent } from '../sqlite-store-options.ts';
import { DamagedStateError } from '../changes/store-state.ts';

/** How often to look whether the file at the path is still the one that is open. */
const identityCheckMs = 1_000;

/** What a connection needs to know of its owner. */
export interface ConnectionSettings<Tables> {
  readonly driver: SqliteDriver;
  readonly file: DatabaseFile;
  readonly clock: Clock;
  /** Makes an open database ready for use. */
  prepare(database: SqliteDatabase): Tables;
  /** Told that a damaged file was put aside. */
  onReplaced(event: DatabaseReplaceEvent): void;
}

interface Session<Tables> {
  readonly database: SqliteDatabase;
  readonly tables: Tables;
  readonly begin: SqliteStatement;
  readonly commit: SqliteStatement;
  readonly snapshot: ReadSnapshot;
  /** Which file this is. */
  readonly identity: string | undefined;
}

/**
 * The connection to the database. It begins a new file when the old one is damaged or was removed
 * under it.
 */
export class Connection<Tables> {
  readonly #settings: ConnectionSettings<Tables>;
  #session: Session<Tables> | undefined;
  #checkedAt: number;
  #isClosed = false;

  /** @throws errors of the file system, of the driver, or UnusableDatabaseError */
  static async open<Tables>(settings: ConnectionSettings<Tables>): Promise<Connection<Tables>> {
    await settings.file.makeFolders();
    const connection = new Connection(settings);
    const isBusy = (error: unknown): boolean => connection.failureOf(error) === 'busy';
    await retryWhileBusy(() => connection.#use(), isBusy, settings.clock);
    return connection;
  }

  private constructor(settings: ConnectionSettings<Tables>) {
    this.#settings = settings;
    this.#checkedAt = settings.clock.monotonic();
  }

  /** Runs `use` against the tables, outside of a transaction. */
  read<T>(use: (tables: Tables) => T): T {
    return use(this.#useAlone().tables);
  }

  /** As {@link read}, at the moment of an earlier look in the same callback of the event loop. */
  look<T>(use: (tables: Tables) => T): T {
    const now = this.#settings.clock.monotonic();
    const { snapshot, tables } = this.#use(now);
    snapshot.enter(now);
    return use(tables);
  }

  /** Runs `use` as one transaction: all of it is there afterwards, or nothing. */
  transaction<T>(use: (tables: Tables) => T): T {
    const { database, tables, begin, commit } = this.#useAlone();
    begin.run();
    try {
      const result = use(tables);
      commit.run();
      return result;
    } catch (error) {
      rollBack(database);
      throw error;
    }
  }

  /** Gives up to `pages` unused pages back to the file system; answers how many are left. */
  shrink(pages: number): number {
    const { database } = this.#useAlone();
    database.exec(`PRAGMA incremental_vacuum(${pages})`);
    return database.prepare('PRAGMA freelist_count').get()?.[0] as number;
  }

  /** Brings the log into the database file and empties it, unless others are in the way. */
  checkpoint(): void {
    this.#useAlone().database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** Bytes of the file and its log. */
  get fileBytes(): number {
    return this.#settings.file.bytes();
  }

  /** Lets go of a file that is damaged or no longer in its place; `true` when `error` says so. */
  recover(error: unknown): boolean {
    const failure = this.failureOf(error);
    if (failure !== 'damaged' && failure !== 'moved') return false;
    const identity = this.#session?.identity;
    this.#release();
    // Another process may have put the file aside already.
    if (failure === 'damaged' && this.#settings.file.identity() === identity) {
      this.#quarantine(error);
    }
    return true;
  }

  /** Removes the file and begins a new one: there is no other way to make room on a full disk. */
  beginAnew(cause: unknown): void {
    const { file } = this.#settings;
    this.#release();
    if (!file.isInMemory) file.remove();
    this.#settings.onReplaced({ path: file.path, movedTo: undefined, cause });
  }

  failureOf(error: unknown): SqliteFailure {
    if (error instanceof IncompleteDatabaseError || error instanceof DamagedStateError) {
      return 'damaged';
    }
    return this.#settings.driver.failureOf(error);
  }

  /** Lets go of the file for good. */
  close(): void {
    this.#isClosed = true;
    this.#release();
  }

  #release(): void {
    this.#session?.database.close();
    this.#session = undefined;
  }

  #useAlone(): Session<Tables> {
    const session = this.#use();
    session.snapshot.end();
    return session;
  }

  #use(now: number = this.#settings.clock.monotonic()): Session<Tables> {
    if (this.#isClosed) throw new ClosedError(`database ${this.#settings.file.path}`);
    if (now - this.#checkedAt >= identityCheckMs) {
      this.#checkedAt = now;
      if (this.#session?.identity !== this.#settings.file.identity()) this.#release();
    }
    this.#session ??= this.#connect();
    return this.#session;
  }

  #connect(): Session<Tables> {
    try {
      return this.#connectOnce();
    } catch (error) {
      if (this.failureOf(error) !== 'damaged') throw error;
      this.#quarantine(error);
      return this.#connectOnce();
    }
  }

  #connectOnce(): Session<Tables> {
    const { driver, file } = this.#settings;
    file.create();
    const database = driver.open(file.path, busyTimeoutMs);
    try {
      return {
        database,
        tables: this.#settings.prepare(database),
        begin: database.prepare('BEGIN IMMEDIATE'),
        commit: database.prepare('COMMIT'),
        snapshot: new ReadSnapshot(database),
        identity: file.identity(),
      };
    } catch (cause) {
      database.close();
      // Our statements are always the same: what they do not fit is not what we made.
      if (this.failureOf(cause) !== 'mismatch') throw cause;
      throw new IncompleteDatabaseError('the tables are damaged', { cause });
    }
  }

  #quarantine(cause: unknown): void {
    const { file, clock } = this.#settings;
    if (file.isInMemory) return;
    const movedTo = file.quarantine(clock.now());
    this.#settings.onReplaced({ path: file.path, movedTo, cause });
  }
}
