import {
  checkOptionNames,
  choiceOption,
  type NameList,
  objectOption,
  type OptionNames,
  type PersistentStoreEvents,
  type StoreStats,
  textOption,
} from '@x/interfaces';
import {
  type PersistentStoreOptions,
  storeOptionNames,
  type StoreSettings,
  storeSettings,
} from '@x/store-kit';

/** The library that talks to SQLite. */
export type DriverName = 'better-sqlite3' | 'node:sqlite';

/** Options of {@link SqliteStore.open}. The file takes somewhat more bytes than `maxBytes`. */
export interface SqliteStoreOptions extends PersistentStoreOptions {
  /**
   * The database file; it and the folders above it are created when missing. A leading `~/` is the
   * home directory, `:memory:` keeps everything in memory. Several processes may share the file, on
   * a local disk.
   */
  readonly path: string;
  /** @defaultValue `'better-sqlite3'` */
  readonly driver?: DriverName | undefined;
  /** Names the store in messages. @defaultValue `'sqlite'` */
  readonly name?: string | undefined;
}

/** A row that was not what had been written, and has been removed. */
export interface RowDamageEvent {
  /** The key under which it was found. */
  readonly key: string;
  /** What was wrong with it. */
  readonly reason: string;
}

/** A database file that could not be used was put aside or removed, and a new one begun. */
export interface DatabaseReplaceEvent {
  readonly path: string;
  /** Where the old file is now; `undefined` when it was removed, because the disk is full. */
  readonly movedTo: string | undefined;
  /** The error that showed the damage, or that the disk is full. */
  readonly cause: unknown;
}

/** What a {@link SqliteStore} holds now. */
export interface SqliteStoreStats extends StoreStats {
  /** Bytes of the database file and its log; 0 for `:memory:`. */
  readonly fileBytes: number;
}

/** The events of a {@link SqliteStore}. */
export interface SqliteStoreEvents extends PersistentStoreEvents {
  /** A damaged row was met. */
  readonly damage: RowDamageEvent;
  /** A file was replaced by an empty one. */
  readonly replace: DatabaseReplaceEvent;
}

export const sqliteStoreEventNames: NameList<SqliteStoreEvents> = {
  evict: true,
  purge: true,
  damage: true,
  replace: true,
};

/** Options as checked, with their defaults. */
export interface SqliteStoreSettings extends StoreSettings {
  readonly path: string;
  readonly driver: DriverName;
}

/** Somewhat less than SQLite takes in a row. */
const largestEntryBytes = 900_000_000;
const drivers: readonly DriverName[] = ['better-sqlite3', 'node:sqlite'];

const optionNames: OptionNames<SqliteStoreOptions> = {
  known: { ...storeOptionNames.known, path: true, driver: true },
  misnamed: {
    ...storeOptionNames.misnamed,
    file: 'path, the path of the database file',
    filename: 'path, the path of the database file',
    uri: 'path, the path of the database file',
    dir: 'path, the path of the database file',
    directory: 'path, the path of the database file',
  },
};

/** @throws TypeError or RangeError when an option is wrong */
export function sqliteStoreSettings(options: SqliteStoreOptions): SqliteStoreSettings {
  objectOption('options', options, '{ path }');
  checkOptionNames(options, optionNames);
  const path = textOption('path', options.path, '');
  if (path === '') throw new TypeError('path must be given');
  const isLarger = (options.maxEntryBytes ?? 0) > largestEntryBytes;
  return {
    path,
    driver: choiceOption('driver', options.driver, 'better-sqlite3', drivers),
    ...storeSettings(
      isLarger ? { ...options, maxEntryBytes: largestEntryBytes } : options,
      'sqlite',
    ),
  };
}
