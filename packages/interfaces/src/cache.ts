/** What a loader is told about the load it does. */
export interface LoaderContext {
  /** The key that is missing. */
  readonly key: string;
  /** Aborts when nobody waits for the result any more, or the cache closes. */
  readonly signal: AbortSignal;
}

/** Makes the value that a cache is missing. */
export type Loader<V> = (context: LoaderContext) => V | Promise<V>;

/** How one value is kept. */
export interface CacheSetOptions {
  /**
   * Milliseconds for which the value is fresh. 0 means do not store, `Infinity` no expiry.
   * @defaultValue the cache's own `ttlMs`
   */
  readonly ttlMs?: number | undefined;
  /** Names under which the value can be invalidated together with others. */
  readonly tags?: readonly string[] | undefined;
}

/** How one value is read or made. */
export interface GetOrSetOptions extends CacheSetOptions {
  /** Stops this caller's wait; the load goes on while anybody else waits for it. */
  readonly signal?: AbortSignal | undefined;
}

/** What to invalidate: keys that match a glob, or entries that carry one of the tags. */
export type CacheInvalidation =
  | { readonly pattern: string; readonly tags?: undefined }
  | { readonly tags: readonly string[]; readonly pattern?: undefined };

/** A cache whose answers may take time. */
export interface Cache {
  /** The value at `key`, or `undefined`. */
  get<V = unknown>(key: string): Promise<V | undefined>;
  /** Keeps `value` at `key`. */
  set(key: string, value: unknown, options?: CacheSetOptions): Promise<void>;
  /**
   * The value at `key`, or else what `loader` makes, which is then kept. One load at a time per key.
   * An `undefined` result is answered; a `CacheManager` does not keep it, so the next call loads again.
   */
  getOrSet<V>(key: string, loader: Loader<V>, options?: GetOrSetOptions): Promise<V>;
  /** Removes `key`; `true` when there was something to remove. */
  delete(key: string): Promise<boolean>;
  /** Removes what `target` selects; answers how many where that is known. */
  invalidate(target: CacheInvalidation): Promise<number | undefined>;
}

/** How one value is kept by a {@link SyncCache}. */
export interface SyncCacheSetOptions {
  /**
   * Milliseconds for which the value is served. 0 means do not store, `Infinity` no expiry.
   * @defaultValue the cache's own `ttlMs`
   */
  readonly ttlMs?: number | undefined;
}

/** A cache that answers at once, so that synchronous code stays synchronous. */
export interface SyncCache<K = string, V = unknown> {
  /** The value at `key`, or `undefined`. */
  get(key: K): V | undefined;
  /** Whether there is a value at `key`; tells a cached `undefined` from none. Counts as no use. */
  has(key: K): boolean;
  /** Keeps `value` at `key`. */
  set(key: K, value: V, options?: SyncCacheSetOptions): void;
  /** The value at `key`, or else what `loader` makes, which is then kept, also when it is `undefined`. */
  getOrSet<T extends V>(key: K, loader: (key: K) => T, options?: SyncCacheSetOptions): T;
  /** Removes `key`; `true` when there was something to remove. */
  delete(key: K): boolean;
  /** Removes everything. */
  clear(): void;
}
