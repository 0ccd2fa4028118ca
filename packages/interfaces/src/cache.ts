import type { Entry } from './entry.ts';
import type { NameList } from './option-names.ts';

/** What a loader is told about the load it does. */
export interface LoaderContext {
  /** The key that is missing. */
  readonly key: string;
  /** Aborts when nobody waits for the result any more, or the cache closes. */
  readonly signal: AbortSignal;
  /** What was kept before, stale or about to be, for example for a conditional request. */
  readonly previous: Entry | undefined;
  /** Says how the result is to be kept, before the loader ends. It goes before the call's options. */
  readonly keep: (options: CacheSetOptions) => void;
}

/** Makes the value that a cache is missing. */
export type Loader<V> = (context: LoaderContext) => V | Promise<V>;

/** How long a stale value may still be of use, in the words of RFC 5861. Both begin with the ttl's end. */
export interface StaleOptions {
  /** Milliseconds for which a stale value is served while it is refreshed behind. @defaultValue 0 */
  readonly staleWhileRevalidateMs?: number | undefined;
  /** Milliseconds for which a stale value is served when its load fails or is slow. @defaultValue 0 */
  readonly staleIfErrorMs?: number | undefined;
}

/** How one value is kept. */
export interface CacheSetOptions extends StaleOptions {
  /**
   * Milliseconds for which the value is fresh. 0 means do not store, `Infinity` no expiry.
   * @defaultValue the cache's own `ttlMs`
   */
  readonly ttlMs?: number | undefined;
  /** Names under which the value can be invalidated together with others. */
  readonly tags?: readonly string[] | undefined;
}

/** How values are loaded, apart from what concerns a single call. */
export interface LoadOptions extends StaleOptions {
  /**
   * Milliseconds after which a caller gets a stale value within `staleIfErrorMs` instead of waiting
   * on; the load goes on. Without such a value it changes nothing. @defaultValue `Infinity`
   */
  readonly softTimeoutMs?: number | undefined;
  /**
   * Milliseconds after which a caller is rejected, or gets a stale value within `staleIfErrorMs`;
   * the load goes on and its result is kept. @defaultValue `Infinity`
   */
  readonly hardTimeoutMs?: number | undefined;
  /**
   * Share of the ttl after which a hit refreshes the value behind, from above 0 to 1.
   * @defaultValue 1, never before it is stale
   */
  readonly refreshAfterRatio?: number | undefined;
  /**
   * Refreshes early at random, the likelier the nearer the end and the longer the last load took
   * (Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, VLDB 2015).
   * 1 is the paper's choice, more is earlier. @defaultValue 0, never
   */
  readonly xfetchBeta?: number | undefined;
  /**
   * The largest share by which a ttl is shortened at random, from 0 to 1, so that what was kept
   * together does not end together. @defaultValue 0
   */
  readonly ttlJitterRatio?: number | undefined;
  /** Milliseconds for which the error of a failed load is kept and thrown again. @defaultValue 0 */
  readonly errorTtlMs?: number | undefined;
  /**
   * Milliseconds after a failed load in which a stale value is served without another attempt; they
   * double with each failure in a row, up to 32 times. @defaultValue 1 second
   */
  readonly errorBackoffMs?: number | undefined;
  /** Whether `undefined` is kept, as `null` is. @defaultValue `false` */
  readonly cacheUndefined?: boolean | undefined;
}

/** The names of {@link LoadOptions}, for the options of whatever loads. */
export const loadOptionNames: NameList<LoadOptions> = {
  staleWhileRevalidateMs: true,
  staleIfErrorMs: true,
  softTimeoutMs: true,
  hardTimeoutMs: true,
  refreshAfterRatio: true,
  xfetchBeta: true,
  ttlJitterRatio: true,
  errorTtlMs: true,
  errorBackoffMs: true,
  cacheUndefined: true,
};

/** How one value is read or made. */
export interface GetOrSetOptions<V = unknown> extends LoadOptions {
  /**
   * Milliseconds for which the value is fresh, or how to tell them from it. 0 means do not store,
   * `Infinity` no expiry.
   * @defaultValue the cache's own `ttlMs`
   */
  readonly ttlMs?: number | ((value: V) => number) | undefined;
  /** Names under which the value can be invalidated together with others. */
  readonly tags?: readonly string[] | undefined;
  /** Stops this caller's wait; the load goes on while anybody else waits for it. */
  readonly signal?: AbortSignal | undefined;
}

/** What to invalidate: keys that match a glob, or entries that carry one of the tags. */
export type CacheInvalidation =
  | { readonly pattern: string; readonly tags?: undefined }
  | { readonly tags: readonly string[]; readonly pattern?: undefined };

/** A cache whose answers may take time. */
export interface Cache {
  /** Never there: it tells a {@link SyncCache} from it. */
  readonly answersAtOnce?: undefined;
  /** The value at `key`, or `undefined`. */
  get<V = unknown>(key: string): Promise<V | undefined>;
  /** Keeps `value` at `key`. */
  set(key: string, value: unknown, options?: CacheSetOptions): Promise<void>;
  /**
   * The value at `key`, or else what `loader` makes, which is then kept. One load at a time per key.
   * An `undefined` result is answered; a `CacheManager` keeps it only with `cacheUndefined`.
   */
  getOrSet<V>(key: string, loader: Loader<V>, options?: GetOrSetOptions<V>): Promise<V>;
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
  /** Tells it from a {@link Cache}, whose answers take time. */
  readonly answersAtOnce: true;
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
