import {
  booleanOption,
  checkOptionNames,
  type Clock,
  clockOption,
  days,
  describeValue,
  functionOption,
  hours,
  loadOptionNames,
  type LoadOptions,
  type Logger,
  loggerOption,
  type Meter,
  meterOption,
  minutes,
  noopMeter,
  numberOption,
  objectOption,
  type OptionNames,
  seconds,
  type Store,
  textOption,
} from '@x/interfaces';
import { checkTtl, misnamedWindows } from '../call-options.ts';
import { MemoryStore } from '../memory-store.ts';
import { refuseContainer } from '../refuse-container.ts';
import { type LoadPolicy, type LoadSettings, loadSettings } from './loads/load-policy.ts';
import {
  type CacheTier,
  checkStoreTimeout,
  defaultStoreTimeoutMs,
  type TierSettings,
  tierSettings,
} from './tiers/tier-options.ts';

/** Where a `CacheManager` keeps entries, for how long, and how it loads what is missing. */
export interface CacheManagerOptions extends LoadOptions {
  /** Where entries are kept. @defaultValue a `MemoryStore` of 1000 entries */
  readonly store?: Store | undefined;
  /** Several stores instead of one, the quickest first; each keeps everything it can. */
  readonly tiers?: readonly (Store | CacheTier)[] | undefined;
  /** Milliseconds for which a value is fresh; 0 keeps nothing, `Infinity` has no end. @defaultValue 1 hour */
  readonly ttlMs?: number | undefined;
  /** Milliseconds between purges of expired entries; `Infinity` for none. @defaultValue 5 minutes */
  readonly cleanupIntervalMs?: number | undefined;
  /**
   * Milliseconds that the cache waits for an answer of a store; then a read counts as failed, and a
   * change as missed. `Infinity` waits for ever. @defaultValue 1 second
   */
  readonly storeTimeoutMs?: number | undefined;
  /**
   * Milliseconds for which a process has the right to load a key alone, where a store has leases. It
   * is renewed while the load runs. Others wait for the result, at most as long, then load
   * themselves. At most a day; 0 for no leases. @defaultValue 10 seconds
   */
  readonly leaseTtlMs?: number | undefined;
  /** Whether a read that fails in a store rejects, instead of counting as a miss. @defaultValue `false` */
  readonly throwOnStoreError?: boolean | undefined;
  /** Whether `close` also closes the stores. @defaultValue `true` */
  readonly closeStores?: boolean | undefined;
  /** Names the cache in messages, events and metrics. @defaultValue `'cache'` */
  readonly name?: string | undefined;
  /** Where the cache measures itself. @defaultValue nowhere */
  readonly meter?: Meter | undefined;
  /** Told of stores that fail (warn) and recover (info), and of listeners that throw (error). @defaultValue none */
  readonly logger?: Logger | undefined;
  /** Numbers from 0 to below 1, for jitter and early refreshes. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
  /** Source of time. Pass your own to test without waiting. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

const inStore = 'one of the store: { store: new MemoryStore({ maxEntries }) }';
const inFile = 'one of a store: { store: await SqliteStore.open({ path }) }';
const inFolder = 'one of a store: { store: await FileStore.open({ directory }) }';

const optionNames: OptionNames<CacheManagerOptions> = {
  known: {
    ...loadOptionNames,
    store: true,
    tiers: true,
    ttlMs: true,
    cleanupIntervalMs: true,
    storeTimeoutMs: true,
    leaseTtlMs: true,
    throwOnStoreError: true,
    closeStores: true,
    name: true,
    meter: true,
    logger: true,
    random: true,
    clock: true,
  },
  misnamed: {
    ...misnamedWindows,
    max: inStore,
    maxSize: inStore,
    maxEntries: inStore,
    maxBytes: inStore,
    path: inFile,
    file: inFile,
    filename: inFile,
    driver: inFile,
    directory: inFolder,
    dir: inFolder,
    cacheDir: inFolder,
    compression: 'one of a store: { store: await SqliteStore.open({ path, compression }) }',
    serializer: 'one of a store: { store: await SqliteStore.open({ path, serializer }) }',
    backend: 'store, such as await SqliteStore.open({ path })',
    adapter: 'store, such as await SqliteStore.open({ path })',
    storage: 'store, such as await SqliteStore.open({ path })',
    namespace: 'cache.namespace(prefix)',
    stores: 'tiers',
    tier: 'tiers',
    primary: 'tiers, the quickest first',
    secondary: 'tiers, the quickest first',
    checkperiod: 'cleanupIntervalMs, in milliseconds',
  },
};

export interface CacheManagerSettings {
  readonly tiers: readonly [TierSettings, ...TierSettings[]];
  readonly defaults: LoadPolicy & LoadSettings;
  readonly leaseTtlMs: number;
  readonly random: () => number;
  readonly cleanupIntervalMs: number;
  readonly throwOnStoreError: boolean;
  readonly closeStores: boolean;
  readonly name: string;
  readonly meter: Meter;
  readonly logger: Logger | undefined;
  readonly clock: Clock;
}

export function cacheManagerSettings(options: CacheManagerOptions): CacheManagerSettings {
  objectOption('options', options, '{ ttlMs }');
  refuseContainer(options, '{ store }');
  checkOptionNames(options, optionNames);
  const clock = clockOption(options.clock);
  const ttlMs = checkTtl(options.ttlMs, hours(1));
  return {
    defaults: { ...loadSettings(options, ttlMs), tags: undefined },
    leaseTtlMs: numberOption('leaseTtlMs', options.leaseTtlMs, seconds(10), {
      min: 0,
      max: days(1),
    }),
    random: functionOption('random', options.random, Math.random),
    cleanupIntervalMs: numberOption('cleanupIntervalMs', options.cleanupIntervalMs, minutes(5), {
      above: 0,
    }),
    throwOnStoreError: booleanOption('throwOnStoreError', options.throwOnStoreError, false),
    closeStores: booleanOption('closeStores', options.closeStores, true),
    name: textOption('name', options.name, 'cache'),
    meter: meterOption(options.meter) ?? noopMeter,
    logger: loggerOption(options.logger),
    clock,
    tiers: tiersOf(options, clock),
  };
}

function tiersOf(
  options: CacheManagerOptions,
  clock: Clock,
): readonly [TierSettings, ...TierSettings[]] {
  const { store, tiers } = options;
  const timeoutMs = checkStoreTimeout(options.storeTimeoutMs, defaultStoreTimeoutMs);
  if (store !== undefined && tiers !== undefined) {
    throw new TypeError('store and tiers were both given; a cache takes one of them');
  }
  if (tiers === undefined) {
    const only = store === undefined ? new MemoryStore({ clock, logger: options.logger }) : store;
    return [tierSettings('store', only, timeoutMs)];
  }
  if (!Array.isArray(tiers)) {
    throw new TypeError(`tiers must be an array of stores, got ${describeValue(tiers)}`);
  }
  const [first, ...lower] = (tiers as readonly (Store | CacheTier)[]).map((tier, index) =>
    tierSettings(`tiers[${index}]`, tier, timeoutMs),
  );
  if (first === undefined) throw new TypeError('tiers must have at least one store, got none');
  return [first, ...lower];
}
