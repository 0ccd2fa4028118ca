import {
  type Clock,
  describeValue,
  hours,
  type Logger,
  type Meter,
  minutes,
  noopMeter,
  numberOption,
  type Store,
  systemClock,
  textOption,
} from '@x/interfaces';
import { checkTtl } from '../memory/memory-cache-options.ts';
import { MemoryStore } from '../memory-store.ts';

export interface CacheManagerOptions {
  /** Where entries are kept. @defaultValue a `MemoryStore` of 1000 entries */
  readonly store?: Store | undefined;
  /** Several stores instead of one, the quickest first; each keeps everything it can. */
  readonly tiers?: readonly Store[] | undefined;
  /** Milliseconds for which a value is fresh; 0 keeps nothing, `Infinity` has no end. @defaultValue 1 hour */
  readonly ttlMs?: number | undefined;
  /** Milliseconds between purges of expired entries; `Infinity` for none. @defaultValue 5 minutes */
  readonly cleanupIntervalMs?: number | undefined;
  /** Whether a read that fails in a store rejects, instead of counting as a miss. @defaultValue `false` */
  readonly throwOnStoreError?: boolean | undefined;
  /** Whether `close` also closes the stores. @defaultValue `true` */
  readonly closeStores?: boolean | undefined;
  /** Names the cache in messages, events and metrics. @defaultValue `'cache'` */
  readonly name?: string | undefined;
  readonly meter?: Meter | undefined;
  readonly logger?: Logger | undefined;
  /** Source of time. Pass your own to test without waiting. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

export interface ResolvedCacheManagerOptions {
  readonly stores: readonly [Store, ...Store[]];
  readonly ttlMs: number;
  readonly cleanupIntervalMs: number;
  readonly throwOnStoreError: boolean;
  readonly closeStores: boolean;
  readonly name: string;
  readonly meter: Meter;
  readonly logger: Logger | undefined;
  readonly clock: Clock;
}

export function resolveCacheManagerOptions(
  options: CacheManagerOptions,
): ResolvedCacheManagerOptions {
  const clock = options.clock ?? systemClock;
  return {
    ttlMs: checkTtl(options.ttlMs, hours(1)),
    cleanupIntervalMs: numberOption('cleanupIntervalMs', options.cleanupIntervalMs, minutes(5), {
      above: 0,
    }),
    throwOnStoreError: options.throwOnStoreError ?? false,
    closeStores: options.closeStores ?? true,
    name: textOption('name', options.name, 'cache'),
    meter: options.meter ?? noopMeter,
    logger: options.logger,
    clock,
    stores: storesOf(options, clock),
  };
}

function storesOf(options: CacheManagerOptions, clock: Clock): readonly [Store, ...Store[]] {
  const { store, tiers } = options;
  if (store !== undefined && tiers !== undefined) {
    throw new TypeError('store and tiers were both given; a cache takes one of them');
  }
  if (store !== undefined) return [checkStore('store', store)];
  if (tiers === undefined) return [new MemoryStore({ clock, logger: options.logger })];
  if (!Array.isArray(tiers)) {
    throw new TypeError(`tiers must be an array of stores, got ${describeValue(tiers)}`);
  }
  const [first, ...lower] = (tiers as readonly Store[]).map((tier, index) =>
    checkStore(`tiers[${index}]`, tier),
  );
  if (first === undefined) throw new TypeError('tiers must have at least one store, got none');
  return [first, ...lower];
}

function checkStore(name: string, store: Store): Store {
  if (typeof (store as Partial<Store> | null)?.get === 'function') return store;
  throw new TypeError(`${name} must be a store, got ${describeValue(store)}`);
}
