import type { Awaitable } from './awaitable.ts';
import type { KeyPattern } from './key-pattern.ts';
import type { Store } from './store.ts';

/** In which order a query answers. */
export type EntryOrder = 'key' | 'oldest' | 'newest' | 'largest' | 'expiry';

/** Which entries {@link PersistentStore.query} answers; all conditions must hold. */
export interface EntryQuery {
  /** Only keys that match. */
  readonly pattern?: KeyPattern | undefined;
  /** Only entries that carry at least one of these. */
  readonly tags?: readonly string[] | undefined;
  /** Only entries that were created before this time, epoch ms. */
  readonly createdBefore?: number | undefined;
  /** Only entries of at least so many bytes. @defaultValue 0 */
  readonly minBytes?: number | undefined;
  /**
   * `'key'` by the characters of the key, as the store compares them, `'oldest'` and `'newest'` by
   * `createdAt`, `'largest'` by bytes, `'expiry'` by deadline, entries without one last.
   * @defaultValue `'key'`
   */
  readonly orderBy?: EntryOrder | undefined;
  /** Most entries to answer, at least 1. @defaultValue 1,000 */
  readonly limit?: number | undefined;
}

/** An entry without its value. */
export interface EntryInfo {
  readonly key: string;
  /** As they count in `stats`. */
  readonly bytes: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly staleAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly tags: readonly string[];
}

/**
 * What a purge removes first: what has expired, what was longest not written, what was not read since
 * the eviction last came by (the oldest of it first), or what takes most room.
 */
export type PurgeStrategy = 'expired' | 'oldest' | 'least-used' | 'largest';

/** What {@link PersistentStore.purge} removes, and how much. */
export interface PurgeRequest {
  readonly by: PurgeStrategy;
  /** Most entries to remove: a whole number of at least 0. @defaultValue `Infinity` */
  readonly limit?: number | undefined;
  /** Ends when no more entries are left. Not for `'expired'`. @defaultValue none */
  readonly maxEntries?: number | undefined;
  /** Ends when entries take no more bytes, as `stats` counts them. Not for `'expired'`. @defaultValue none */
  readonly maxBytes?: number | undefined;
}

/** What {@link PersistentStore.verify} found and put right. */
export interface Verification {
  /** Entries left, intact. */
  readonly entries: number;
  /** Entries that were not what had been written; they are removed. */
  readonly damaged: number;
}

/** Entries were removed to stay within `maxEntries` or `maxBytes`. */
export interface EvictEvent {
  /** How many. */
  readonly entries: number;
}

/** A purge has ended. */
export interface PurgeEvent {
  readonly by: PurgeStrategy;
  /** How many entries it removed. */
  readonly entries: number;
}

/** The events that every persistent store has. */
export interface PersistentStoreEvents {
  /** Entries were removed to stay within a bound. */
  readonly evict: EvictEvent;
  /** A purge removed entries. */
  readonly purge: PurgeEvent;
}

/** A store whose entries outlive the process, and what it takes to look after them. */
export interface PersistentStore<V = unknown> extends Store<V> {
  /**
   * What is known of the entries that match, without their values.
   *
   * @throws TypeError or RangeError when the query is wrong
   */
  query(query?: EntryQuery): Awaitable<readonly EntryInfo[]>;
  /**
   * Removes entries by a strategy, in slices between which reads and writes get their turn.
   *
   * @returns how many
   * @throws TypeError or RangeError when the request is wrong, or would remove everything by oversight
   */
  purge(request: PurgeRequest): Awaitable<number>;
  /** Holds every entry against its checksum and removes those that are damaged. */
  verify(): Awaitable<Verification>;
  /** Removes what nobody can read any more, and gives unused room back to the medium. */
  compact(): Awaitable<void>;
}
