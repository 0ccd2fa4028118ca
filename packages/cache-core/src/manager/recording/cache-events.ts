import type { NameList } from '@x/interfaces';
import type { StoreOperation } from '../../errors/cache-store-error.ts';

/** How a load ended; `'aborted'` when nobody waited any more or the cache closed. */
export type LoadOutcome = 'success' | 'failure' | 'aborted';

/** A loader ended. */
export interface LoadEvent {
  /** The key; the first one of a load of several. */
  readonly key: string;
  /** All keys of a load of several. */
  readonly keys: readonly string[] | undefined;
  readonly durationMs: number;
  readonly outcome: LoadOutcome;
  /** What the loader threw, unless it succeeded. */
  readonly error?: unknown;
}

/** A store failed. */
export interface StoreErrorEvent {
  readonly operation: StoreOperation;
  /** Name of the store. */
  readonly tier: string;
  /** The key, where the operation has one. */
  readonly key: string | undefined;
  readonly error: unknown;
}

/** The events of a cache, for `on`. Keys are whole, with the prefix of their namespace. */
export interface CacheEvents {
  /** A read found a value. */
  hit: { readonly key: string; readonly tier: string; readonly stale: boolean };
  /** A read found none. */
  miss: { readonly key: string };
  /** A stale value was served: at once, or because its load was slow or failed. */
  stale: { readonly key: string };
  /** A value was kept, by a `set` or after a load. */
  set: { readonly key: string; readonly expiresAt: number | undefined };
  /** A `delete` or `deleteMany` ended; `removed` of the keys were there. */
  delete: { readonly keys: readonly string[]; readonly removed: number };
  /** Entries were invalidated; `count` is `undefined` where a store cannot tell. */
  invalidate: {
    readonly pattern?: string | undefined;
    readonly tags?: readonly string[] | undefined;
    readonly count: number | undefined;
  };
  /** Everything was removed. */
  clear: Record<string, never>;
  load: LoadEvent;
  error: StoreErrorEvent;
  /** A store has made up for all the changes that it missed while it failed. */
  recover: { readonly tier: string; readonly changes: number };
}

export const cacheEventNames: NameList<CacheEvents> = {
  hit: true,
  miss: true,
  stale: true,
  set: true,
  delete: true,
  invalidate: true,
  clear: true,
  load: true,
  error: true,
  recover: true,
};
