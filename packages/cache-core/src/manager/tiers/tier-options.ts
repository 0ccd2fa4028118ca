import {
  checkOptionNames,
  numberOption,
  type OptionNames,
  seconds,
  type Store,
} from '@x/interfaces';
import { checkTtl, misnamedTimes } from '../../call-options.ts';
import { checkStore } from './check-store.ts';

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
  const given = isTier(tier) ? tier : { store: tier };
  checkStore(isTier(tier) ? `${name}.store` : name, given.store);
  checkOptionNames(given, optionNames);
  const ttlMs = checkTtl(given.ttlMs, Infinity);
  if (ttlMs === 0) throw new RangeError(`ttlMs of ${name} must be above 0, got 0`);
  return {
    store: given.store,
    ttlMs,
    storeTimeoutMs: checkStoreTimeout(given.storeTimeoutMs, storeTimeoutMs),
  };
}

/** Whether it is a store with what belongs to it. */
function isTier(tier: Store | CacheTier | null): tier is CacheTier {
  return typeof tier === 'object' && tier !== null && 'store' in tier && !('get' in tier);
}
