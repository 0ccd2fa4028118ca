import { type Codec, type CodecOptions, createCodec } from '@x/codec';
import {
  type Clock,
  clockOption,
  type Logger,
  loggerOption,
  numberOption,
  type OptionNames,
  textOption,
} from '@x/interfaces';
import type { Bounds } from './bounds.ts';

/** Options that every persistent store has. */
export interface PersistentStoreOptions extends CodecOptions {
  /**
   * Most entries kept; beyond it the oldest go that were not read lately. At least 1.
   * @defaultValue `Infinity`
   */
  readonly maxEntries?: number | undefined;
  /**
   * Most bytes of all entries together, as `stats` counts them; beyond it the oldest go that were not
   * read lately. A larger single entry is not kept. At least 1.
   * @defaultValue `Infinity`
   */
  readonly maxBytes?: number | undefined;
  /** Names the store in messages. @defaultValue its kind, such as `'sqlite'` */
  readonly name?: string | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Told of damage and of failed background work. @defaultValue none */
  readonly logger?: Logger | undefined;
}

const ofCache = 'ttlMs of the cache over the store: new CacheManager({ store, ttlMs })';

/** The names of {@link PersistentStoreOptions}, here and with other stores. */
export const storeOptionNames: Required<Omit<OptionNames<PersistentStoreOptions>, 'note'>> = {
  known: {
    compression: true,
    compressionThresholdBytes: true,
    maxEntryBytes: true,
    serializer: true,
    maxEntries: true,
    maxBytes: true,
    name: true,
    clock: true,
    logger: true,
  },
  misnamed: {
    ttl: ofCache,
    ttlMs: ofCache,
    defaultTtlMs: ofCache,
    max: 'maxEntries',
    maxSize: 'maxEntries, or maxBytes',
  },
};

/** {@link PersistentStoreOptions} as checked, with their defaults. */
export interface StoreSettings extends Bounds {
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  readonly codec: Codec;
}

/** @throws TypeError or RangeError when an option is wrong */
export function storeSettings(options: PersistentStoreOptions, defaultName: string): StoreSettings {
  const { compression, compressionThresholdBytes, maxEntryBytes, serializer } = options;
  return {
    name: textOption('name', options.name, defaultName),
    maxEntries: numberOption('maxEntries', options.maxEntries, Infinity, { min: 1, integer: true }),
    maxBytes: numberOption('maxBytes', options.maxBytes, Infinity, { min: 1 }),
    clock: clockOption(options.clock),
    logger: loggerOption(options.logger),
    codec: createCodec({ compression, compressionThresholdBytes, maxEntryBytes, serializer }),
  };
}
