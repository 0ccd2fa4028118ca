import type { Awaitable } from './awaitable.ts';
import type { Entry } from './entry.ts';
import type { KeyPattern } from './key-pattern.ts';

/** Options of a single call to a store. */
export interface CallOptions {
  /** Gives up waiting when it aborts; the call rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a write. */
export interface SetOptions extends CallOptions {
  /**
   * A position from {@link Store.mark}. A write, delete, invalidation or clear of the same key after
   * it, from any process, wins over this write, which is then dropped. A store that has forgotten what
   * happened since drops it as well. Until it has settled, reads answer what was there before.
   */
  readonly since?: number | undefined;
}

/** Which entries to invalidate: all that match a pattern, or all that carry one of the tags. */
export type InvalidationTarget =
  | { readonly pattern: KeyPattern; readonly tags?: undefined }
  | { readonly tags: readonly string[]; readonly pattern?: undefined };

/** Which keys to list. */
export interface KeysOptions extends CallOptions {
  /** Only keys that begin with it. @defaultValue `''`, every key */
  readonly prefix?: string | undefined;
}

/** How much one purge may do. */
export interface PurgeOptions extends CallOptions {
  /** Most entries to remove in this call: a whole number of at least 0. @defaultValue `Infinity` */
  readonly limit?: number | undefined;
}

/** What a store holds now. */
export interface StoreStats {
  /** Entries held. Expired and invalidated entries that are not collected yet may count. */
  readonly entries: number;
  /** Bytes held, keys included; what the store cannot know exactly it estimates. */
  readonly bytes: number;
  /** Entries removed to stay within a bound, since the store was opened. */
  readonly evictions: number;
  /** Entries removed because their time was over, since the store was opened. */
  readonly expirations: number;
}

/** What others changed since a position: other store objects over the same medium. */
export interface StoreChanges {
  /** The position to ask from next time. */
  readonly cursor: number;
  /**
   * The keys that were written or deleted, or `'all'` when the store cannot tell them apart. It may
   * tell more than was changed, never less.
   */
  readonly keys: readonly string[] | 'all';
}

/** A store's promise that nobody else loads a key until `deadline`. */
export interface StoreLease extends AsyncDisposable {
  /** Epoch milliseconds at which the lease ends by itself. */
  readonly deadline: number;
  /** Moves the deadline to `ttlMs` from now; `false` when the lease was lost. */
  renew(ttlMs: number): Awaitable<boolean>;
  /** Gives the lease back. Safe to call twice, and after it was lost. */
  release(): Awaitable<void>;
}

/**
 * Keeps entries by key. It decides no policy: time-to-live, staleness and single flight belong to
 * the cache in front of it. Methods answer at once or later, as the medium allows; any string is a
 * key. What `set` acknowledged is there for the next `get`; changes of one key take effect in the order
 * in which they were called, also when nobody waits for one before calling the next.
 *
 * `mark`, `changesSince` and `lease` are optional capabilities, declared by being present.
 */
export interface Store<V = unknown> extends AsyncDisposable {
  /** Names the store in messages, events and metrics, for example `memory`. */
  readonly name: string;

  /** The entry at `key`, or `undefined`. Never one past its `expiresAt`, never a damaged one. */
  get(key: string, options?: CallOptions): Awaitable<Entry<V> | undefined>;
  /** The entries at `keys`, in their order, `undefined` where there is none. */
  getMany(keys: readonly string[], options?: CallOptions): Awaitable<(Entry<V> | undefined)[]>;

  /**
   * Replaces what is at `key`. A deadline already past is accepted and never served.
   *
   * @throws TypeError when `entry` is no {@link Entry}, or the store cannot keep this kind of value
   */
  set(key: string, entry: Entry<V>, options?: SetOptions): Awaitable<void>;
  /** As many `set`s, in order, as one step where the medium allows. */
  setMany(
    entries: Iterable<readonly [key: string, entry: Entry<V>]>,
    options?: SetOptions,
  ): Awaitable<void>;

  /** Removes `key`; `true` when there was something to remove. */
  delete(key: string, options?: CallOptions): Awaitable<boolean>;
  /** Removes `keys`; answers how many of them were there. */
  deleteMany(keys: readonly string[], options?: CallOptions): Awaitable<number>;

  /**
   * Makes every matching entry invisible, in every process that shares the store, by the time it
   * settles. Removal from the medium may come later.
   *
   * @returns how many entries matched, or `undefined` where that would need a scan
   */
  invalidate(target: InvalidationTarget, options?: CallOptions): Awaitable<number | undefined>;

  /** The keys held, in no particular order, read page by page. */
  keys(options?: KeysOptions): AsyncIterable<string>;
  /** Removes everything. */
  clear(options?: CallOptions): Awaitable<void>;
  /**
   * Removes expired entries from the medium; answers how many.
   *
   * @throws TypeError or RangeError when `options` is no object, or its `limit` no whole number of at least 0
   */
  purgeExpired(options?: PurgeOptions): Awaitable<number>;
  /** What the store holds now. */
  stats(): Awaitable<StoreStats>;

  /**
   * Finishes writes under way and lets go of files, handles and timers. Safe to call twice. Any
   * other call afterwards fails with code `ERR_CLOSED`.
   */
  close(): Awaitable<void>;

  /**
   * The current position of the store-wide sequence of changes, for {@link SetOptions.since}. Changes
   * of this store that are on their way lie before it.
   */
  mark?(): Awaitable<number>;
  /** What other users of the store changed since `cursor`. */
  changesSince?(cursor: number): Awaitable<StoreChanges>;
  /**
   * The right to load `key` alone, for at most `ttlMs`; `undefined` while somebody else has it.
   * Leases never count as changes.
   */
  lease?(key: string, ttlMs: number): Awaitable<StoreLease | undefined>;
}
