import type { CircuitState, StoreStats } from '@x/interfaces';

/** What one tier holds, and what was read from it. */
export interface TierStats extends StoreStats {
  /** Name of the store. */
  readonly tier: string;
  readonly hits: number;
  readonly misses: number;
  /** Calls that failed. */
  readonly errors: number;
  /** `'open'` while the store is left alone because it kept failing. */
  readonly circuit: CircuitState;
  /** Changes that the store has still to make up for. */
  readonly missedChanges: number;
}

/** What a cache holds, and what it did since it was made. */
export interface CacheStats {
  /** Reads that found a value. */
  readonly hits: number;
  /** Stale values served: hits among them, and callers whose load was slow or failed. */
  readonly staleServed: number;
  /** Reads that found none; of `getOrSet` also those that waited for another caller's load. */
  readonly misses: number;
  /** Hits by all reads; 0 before the first read. */
  readonly hitRatio: number;
  /** Loaders that ended, in whatever way. */
  readonly loads: number;
  /** Loaders that threw or rejected, unless they were aborted. */
  readonly loadFailures: number;
  /** Callers who waited for another caller's load. */
  readonly coalesced: number;
  /** Values kept, by `set` and after loads. */
  readonly sets: number;
  /** Keys that `delete` and `deleteMany` removed. */
  readonly deletes: number;
  /** Calls of a store that failed. */
  readonly errors: number;
  /** Entries in the last tier, the one that keeps the most. */
  readonly entries: number;
  /** Bytes in the last tier. */
  readonly bytes: number;
  /** Entries that tiers removed to stay within their bounds, in all tiers together. */
  readonly evictions: number;
  /** Entries removed because their time was over, in all tiers together. */
  readonly expirations: number;
  readonly tiers: readonly TierStats[];
}

/** How a cache is set up, and what it holds now. */
export interface CacheInfo {
  readonly name: string;
  readonly ttlMs: number;
  readonly cleanupIntervalMs: number;
  readonly throwOnStoreError: boolean;
  /** Loads under way. */
  readonly loading: number;
  readonly tiers: readonly {
    /** Name of the store. */
    readonly tier: string;
    readonly entries: number;
    readonly bytes: number;
  }[];
}
