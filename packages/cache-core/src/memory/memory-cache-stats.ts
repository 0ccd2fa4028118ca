/** What a `MemoryCache` holds and did since it was made. */
export interface MemoryCacheStats {
  /** Entries held; expired ones that are not collected yet count. */
  readonly entries: number;
  /** The sum of what `sizeOf` counted for them; 0 without `sizeOf`. */
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  /** Hits by all reads; 0 before the first read. */
  readonly hitRatio: number;
  /** Entries removed to stay within a bound. */
  readonly evictions: number;
  /** Entries removed because their time was over. */
  readonly expirations: number;
}

/** A value and how long it will still be served. */
export interface MemoryCacheEntry<V> {
  readonly value: V;
  /** Milliseconds left; `Infinity` for a value that does not expire. */
  readonly ttlMs: number;
}
