import { CacheManager, type CacheManagerOptions, MemoryStore } from '@x/cache-core';
import { FileStore } from '@x/cache-fs';
import { SqliteStore } from '@x/cache-sqlite';
import { type Compression, compressions } from '@x/codec';
import {
  booleanOption,
  checkOptionNames,
  choiceOption,
  type Clock,
  describeValue,
  hours,
  loadOptionNames,
  type LoadOptions,
  type Logger,
  type Meter,
  minutes,
  numberOption,
  objectOption,
  type OptionNames,
  type Store,
  ToolkitError,
} from '@x/interfaces';
import { CacheOpenError } from './cache-open-error.ts';

/** Where a cache keeps its entries. */
export type CacheBackend = 'memory' | 'filesystem' | 'sqlite';

/** What {@link createCache} makes. */
export interface CreateCacheOptions extends LoadOptions {
  /**
   * Where entries are kept. Must be given where an option is that only a persistent backend has:
   * `directory`, `compression` or `maxMemoryEntries`.
   * @defaultValue `'memory'`
   */
  readonly backend?: CacheBackend | undefined;
  /**
   * The folder of a persistent backend; created when missing, a leading `~/` is the home folder.
   * Required for `'filesystem'` and `'sqlite'`.
   */
  readonly directory?: string | undefined;
  /** Milliseconds for which a value is fresh unless a call says otherwise. @defaultValue 1 hour */
  readonly defaultTtlMs?: number | undefined;
  /** Most entries kept; beyond it entries are evicted. @defaultValue 1,000 */
  readonly maxEntries?: number | undefined;
  /**
   * How a persistent backend compresses entries above 1 KiB; `true` is `'zstd'`.
   * @defaultValue `false`
   */
  readonly compression?: Compression | boolean | undefined;
  /** Milliseconds between removals of expired entries; `Infinity` for none. @defaultValue 5 minutes */
  readonly cleanupIntervalMs?: number | undefined;
  /**
   * Entries kept in memory in front of a persistent backend. What other processes change is seen in
   * the next turn of the event loop. 0 for none.
   * @defaultValue 0
   */
  readonly maxMemoryEntries?: number | undefined;
  /** Milliseconds that the cache waits for its backend. @defaultValue 1 second */
  readonly storeTimeoutMs?: number | undefined;
  /**
   * Milliseconds for which one of several processes over a persistent backend has the right to load a key
   * alone, renewed while it loads; 0 for no such rights. @defaultValue 10 seconds
   */
  readonly leaseTtlMs?: number | undefined;
  /** Whether the cache writes to `meter`; `cache.stats()` counts in any case. @defaultValue `true` */
  readonly stats?: boolean | undefined;
  /** Names the cache in messages and metrics. @defaultValue `'cache'` */
  readonly name?: string | undefined;
  /** Where the cache measures itself. @defaultValue nowhere */
  readonly meter?: Meter | undefined;
  /** Where the cache logs. @defaultValue nowhere */
  readonly logger?: Logger | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

const optionNames: OptionNames<CreateCacheOptions> = {
  known: {
    ...loadOptionNames,
    backend: true,
    directory: true,
    defaultTtlMs: true,
    maxEntries: true,
    compression: true,
    cleanupIntervalMs: true,
    maxMemoryEntries: true,
    storeTimeoutMs: true,
    leaseTtlMs: true,
    stats: true,
    name: true,
    meter: true,
    logger: true,
    clock: true,
  },
  misnamed: {
    ttl: 'defaultTtlMs, in milliseconds',
    ttlMs: 'defaultTtlMs',
    maxAge: 'defaultTtlMs, in milliseconds',
    max: 'maxEntries',
    maxSize: 'maxEntries',
    store: 'backend; new CacheManager({ store }) takes a store of your own',
    type: 'backend',
    dir: 'directory',
    path: 'directory',
    cacheDir: 'directory',
  },
};

export const backends: readonly CacheBackend[] = ['memory', 'filesystem', 'sqlite'];

/**
 * A cache over the chosen backend, ready for use. Close it when it is no longer needed.
 *
 * @throws TypeError or RangeError for wrong options
 * @throws an error with code `ERR_CACHE_OPEN` when the backend cannot be opened in `directory`
 */
export async function createCache(options: CreateCacheOptions = {}): Promise<CacheManager> {
  objectOption('options', options, '{ backend }');
  checkOptionNames(options, optionNames);
  const backend = choiceOption('backend', options.backend, 'memory', backends);
  const ttlMs = numberOption('defaultTtlMs', options.defaultTtlMs, hours(1), { min: 0 });
  const maxEntries = numberOption('maxEntries', options.maxEntries, 1_000, {
    min: 1,
    integer: true,
  });
  const maxMemoryEntries = numberOption('maxMemoryEntries', options.maxMemoryEntries, 0, {
    min: 0,
    integer: true,
  });
  const cleanupIntervalMs = numberOption(
    'cleanupIntervalMs',
    options.cleanupIntervalMs,
    minutes(5),
    { above: 0 },
  );
  const stats = booleanOption('stats', options.stats, true);
  const compression = compressionOption(options.compression);
  const { clock, logger, name, directory } = options;
  if (options.backend === undefined) {
    refuseOptionsOfOthers({
      directory,
      compression: compression !== 'none',
      maxMemoryEntries,
    });
  }

  const store = await openStore(backend, options, maxEntries, compression);
  try {
    return new CacheManager({
      ...loadOptionsOf(options),
      tiers: tiersOf(store, maxMemoryEntries, options),
      ttlMs,
      cleanupIntervalMs,
      name,
      meter: stats ? options.meter : undefined,
      logger,
      clock,
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Who names a folder means to keep entries there; `'memory'` itself may be what this environment wants. */
function refuseOptionsOfOthers(given: Readonly<Record<string, unknown>>): void {
  const name = Object.keys(given).find((option) => given[option]);
  if (name === undefined) return;
  throw new TypeError(
    `${name} needs backend 'filesystem' or 'sqlite'; without backend, entries are kept in memory alone`,
  );
}

function loadOptionsOf(options: CreateCacheOptions): CacheManagerOptions {
  return {
    staleWhileRevalidateMs: options.staleWhileRevalidateMs,
    staleIfErrorMs: options.staleIfErrorMs,
    softTimeoutMs: options.softTimeoutMs,
    hardTimeoutMs: options.hardTimeoutMs,
    refreshAfterRatio: options.refreshAfterRatio,
    xfetchBeta: options.xfetchBeta,
    ttlJitterRatio: options.ttlJitterRatio,
    errorTtlMs: options.errorTtlMs,
    errorBackoffMs: options.errorBackoffMs,
    cacheUndefined: options.cacheUndefined,
    storeTimeoutMs: options.storeTimeoutMs,
    leaseTtlMs: options.leaseTtlMs,
  };
}

function tiersOf(store: Store, maxMemoryEntries: number, options: CreateCacheOptions): Store[] {
  const { clock, logger } = options;
  const inMemory = store instanceof MemoryStore;
  if (inMemory || maxMemoryEntries === 0) return [store];
  return [new MemoryStore({ maxEntries: maxMemoryEntries, clock, logger }), store];
}

async function openStore(
  backend: CacheBackend,
  options: CreateCacheOptions,
  maxEntries: number,
  compression: Compression,
): Promise<Store> {
  const { clock, logger } = options;
  if (backend === 'memory') return new MemoryStore({ maxEntries, clock, logger });

  const { directory } = options;
  if (typeof directory !== 'string' || directory === '') {
    throw new TypeError(
      `directory must be the path of a folder for backend "${backend}", got ${describeValue(directory)}`,
    );
  }
  try {
    return backend === 'filesystem'
      ? await FileStore.open({ directory, maxEntries, compression, clock, logger })
      : await SqliteStore.open({
          path: `${directory}/cache.sqlite`,
          maxEntries,
          compression,
          clock,
          logger,
        });
  } catch (error) {
    if (!ToolkitError.isToolkitError(error)) throw error;
    throw new CacheOpenError(backend, directory, error);
  }
}

function compressionOption(compression: Compression | boolean = false): Compression {
  if (typeof compression === 'boolean') return compression ? 'zstd' : 'none';
  return choiceOption('compression', compression, 'none', compressions);
}
