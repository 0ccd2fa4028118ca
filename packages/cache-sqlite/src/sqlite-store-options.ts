import { type Codec, type CodecOptions, createCodec } from '@x/codec';
import {
  choiceOption,
  type Clock,
  type Logger,
  numberOption,
  type StoreStats,
  systemClock,
  textOption,
} from '@x/interfaces';
import type { PurgeStrategy } from './purge.ts';

/** The library that talks to SQLite. */
export type DriverName = 'better-sqlite3' | 'node:sqlite';

/** Options of {@link SqliteStore.open}. */
export interface SqliteStoreOptions extends CodecOptions {
  /**
   * The database file; it and the folders above it are created when missing. A leading `~/` is the
   * home directory, `:memory:` keeps everything in memory. Several processes may share the file, on
   * a local disk.
   */
  readonly path: string;
  /**
   * Most entries kept; beyond it the oldest go that were not read lately. At least 1.
   * @defaultValue `Infinity`
   */
  readonly maxEntries?: number | undefined;
  /**
   * Most bytes of all keys, tags and values together; beyond it the oldest go that were not read
   * lately. The file takes somewhat more. A larger single entry is not kept. At least 1.
   * @defaultValue `Infinity`
   */
  readonly maxBytes?: number | undefined;
  /** @defaultValue `'better-sqlite3'` */
  readonly driver?: DriverName | undefined;
  /** Names the store in messages. @defaultValue `'sqlite'` */
  readonly name?: string | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Told of damage. @defaultValue none */
  readonly logger?: Logger | undefined;
}

/** A row that was not what had been written, and has been removed. */
export interface DamagedRowEvent {
  /** The key under which it was found. */
  readonly key: string;
  /** What was wrong with it. */
  readonly reason: string;
}

/** A database file that could not be used was put aside or removed, and a new one begun. */
export interface DatabaseReplacedEvent {
  readonly path: string;
  /** Where the old file is now; `undefined` when it was removed, because the disk is full. */
  readonly movedTo: string | undefined;
  /** The error that showed the damage, or that the disk is full. */
  readonly cause: unknown;
}

/** Entries were removed to stay within `maxEntries` or `maxBytes`. */
export interface EvictedEvent {
  /** How many. */
  readonly entries: number;
}

/** A purge has ended. */
export interface PurgedEvent {
  readonly by: PurgeStrategy;
  /** How many entries it removed. */
  readonly entries: number;
}

/** What a {@link SqliteStore} holds now. */
export interface SqliteStoreStats extends StoreStats {
  /** Bytes of the database file and its log; 0 for `:memory:`. */
  readonly fileBytes: number;
}

/** The events of a {@link SqliteStore}. */
export interface SqliteStoreEvents {
  /** A damaged row was met. */
  readonly damaged: DamagedRowEvent;
  /** A file was replaced by an empty one. */
  readonly replaced: DatabaseReplacedEvent;
  /** Entries were removed to stay within a bound. */
  readonly evicted: EvictedEvent;
  /** A purge removed entries. */
  readonly purged: PurgedEvent;
}

/** Options with their defaults filled in. */
export interface CheckedOptions {
  readonly path: string;
  readonly name: string;
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly driver: DriverName;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  readonly codec: Codec;
}

const drivers: readonly DriverName[] = ['better-sqlite3', 'node:sqlite'];

/** @throws TypeError or RangeError when an option is wrong */
export function checkOptions(options: SqliteStoreOptions): CheckedOptions {
  const path = textOption('path', options.path, '');
  if (path === '') throw new TypeError('path must be given');
  return {
    path,
    name: textOption('name', options.name, 'sqlite'),
    maxEntries: numberOption('maxEntries', options.maxEntries, Infinity, { min: 1, integer: true }),
    maxBytes: numberOption('maxBytes', options.maxBytes, Infinity, { min: 1 }),
    driver: choiceOption('driver', options.driver, 'better-sqlite3', drivers),
    clock: options.clock ?? systemClock,
    logger: options.logger,
    codec: createCodec(options),
  };
}
