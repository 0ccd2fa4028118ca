/** One entry of a dump. */
export interface DumpedEntry<K, V> {
  readonly key: K;
  readonly value: V;
  /** Epoch milliseconds from which it must not be served; absent for an entry without an end. */
  readonly expiresAt?: number | undefined;
  /** How it was used, for a cache with the same policy. */
  readonly use: number;
}

/** What a `MemoryCache` held: plain data, which can be kept as JSON where keys and values can. */
export interface MemoryCacheDump<K, V> {
  readonly policy: string;
  /** From the entry to be evicted first to the one to be kept longest. */
  readonly entries: readonly DumpedEntry<K, V>[];
}
