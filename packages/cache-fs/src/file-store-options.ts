import { type Codec, type CodecOptions, createCodec } from '@x/codec';
import { type Clock, type Logger, numberOption, systemClock, textOption } from '@x/interfaces';
import type { PurgeStrategy } from './purge.ts';

/** Options of {@link FileStore.open}. */
export interface FileStoreOptions extends CodecOptions {
  /**
   * The folder that holds the entries; created when missing. A leading `~/` is the home directory.
   * Several processes may share it.
   */
  readonly directory: string;
  /**
   * Most entries kept; beyond it the oldest go that were not read lately. At least 1.
   * @defaultValue `Infinity`
   */
  readonly maxEntries?: number | undefined;
  /**
   * Most bytes of all entry files together; beyond it the oldest go that were not read lately. The
   * journal takes some more. A larger single entry is not kept. At least 1.
   * @defaultValue `Infinity`
   */
  readonly maxBytes?: number | undefined;
  /** Names the store in messages. @defaultValue `'filesystem'` */
  readonly name?: string | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Told of damage and of failed background work. @defaultValue none */
  readonly logger?: Logger | undefined;
}

/** A file that was no intact entry, and has been removed. */
export interface DamagedEntryEvent {
  /** Where it was. */
  readonly path: string;
  /** What was wrong with it. */
  readonly reason: string;
}

/** What a folder held is void: its journal was damaged or removed, or another folder took its place. */
export interface FolderReplacedEvent {
  /** The folder. */
  readonly directory: string;
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

/** The events of a {@link FileStore}. */
export interface FileStoreEvents {
  /** A damaged or foreign file was met in an entry's place. */
  readonly damaged: DamagedEntryEvent;
  /** The store goes on with what is in the folder now, which may be nothing. */
  readonly replaced: FolderReplacedEvent;
  /** Entries were removed to stay within a bound. */
  readonly evicted: EvictedEvent;
  /** A purge removed entries. */
  readonly purged: PurgedEvent;
}

/** Options with their defaults filled in. */
export interface CheckedOptions {
  readonly directory: string;
  readonly name: string;
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  readonly codec: Codec;
}

/** @throws TypeError or RangeError when an option is wrong */
export function checkOptions(options: FileStoreOptions): CheckedOptions {
  const directory = textOption('directory', options.directory, '');
  if (directory === '') throw new TypeError('directory must be given');
  return {
    directory,
    name: textOption('name', options.name, 'filesystem'),
    maxEntries: numberOption('maxEntries', options.maxEntries, Infinity, { min: 1, integer: true }),
    maxBytes: numberOption('maxBytes', options.maxBytes, Infinity, { min: 1 }),
    clock: options.clock ?? systemClock,
    logger: options.logger,
    codec: createCodec(options),
  };
}
