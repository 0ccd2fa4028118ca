import {
  type Cache,
  checkOptionNames,
  describeValue,
  isThenable,
  numberOption,
  type OptionNames,
  seconds,
  type Store,
} from '@x/interfaces';
import { checkTtl, misnamedTimes } from '../../call-options.ts';
import { isCacheManager } from '../cache-brand.ts';

/** One tier of a cache, where it needs more than a store. */
export interface CacheTier {
  readonly store: Store;
  /**
   * The longest time an entry stays in this tier, in milliseconds, for example so that memory in
   * front of a shared store asks it again. @defaultValue `Infinity`, as long as the entry lasts
   */
  readonly ttlMs?: number | undefined;
  /** How long the cache waits for this store. @defaultValue the cache's `storeTimeoutMs` */
  readonly storeTimeoutMs?: number | undefined;
}

const optionNames: OptionNames<CacheTier> = {
  known: { store: true, ttlMs: true, storeTimeoutMs: true },
  misnamed: misnamedTimes,
};

export interface TierSettings {
  readonly store: Store;
  readonly ttlMs: number;
  readonly storeTimeoutMs: number;
}

export function checkStoreTimeout(timeoutMs: number | undefined, fallback: number): number {
  return numberOption('storeTimeoutMs', timeoutMs, fallback, { above: 0 });
}

export const defaultStoreTimeoutMs: number = seconds(1);

/** @param name - of the option, for messages */
export function tierSettings(
  name: string,
  tier: Store | CacheTier,
  storeTimeoutMs: number,
): TierSettings {
  if (isStore(tier)) return { store: tier, ttlMs: Infinity, storeTimeoutMs };
  const given: Partial<CacheTier> | null = tier;
  if (given === null || typeof given !== 'object' || !isStore(given.store)) {
    const got = isLikeCache(given?.store ?? given) ? 'a cache' : describeValue(tier);
    const hint = isThenable(tier) ? ': await it' : '';
    throw new TypeError(`${name} must be a store, got ${got}${hint}`);
  }
  checkOptionNames(tier, optionNames);
  const ttlMs = checkTtl(given.ttlMs, Infinity);
  if (ttlMs === 0) throw new RangeError(`ttlMs of ${name} must be above 0, got 0`);
  return {
    store: given.store,
    ttlMs,
    storeTimeoutMs: checkStoreTimeout(given.storeTimeoutMs, storeTimeoutMs),
  };
}

/** A `Map` has `get` as well, but not `getMany`. */
function isStore(value: unknown): value is Store {
  const { get, getMany } = (value ?? {}) as Partial<Store>;
  // A cache manager has these methods as well, and would keep entries where values belong.
  return typeof get === 'function' && typeof getMany === 'function' && !isCacheManager(value);
}

/** Whether to call what is no store a cache, as a `MemoryCache`. */
function isLikeCache(value: unknown): boolean {
  return typeof (value as Partial<Cache> | null)?.getOrSet === 'function';
}
