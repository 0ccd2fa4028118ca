import { choiceOption, numberOption } from '@x/interfaces';
import type { Bounds } from './eviction.ts';

/**
 * What a purge removes first: what has expired, what was longest not written, what was not read since
 * the eviction last came by (the oldest of it first), or what takes most room.
 */
export type PurgeStrategy = 'expired' | 'oldest' | 'least-used' | 'largest';

/** What {@link FileStore.purge} removes, and how much. */
export interface PurgeRequest {
  readonly by: PurgeStrategy;
  /** Most entries to remove, at least 0. @defaultValue `Infinity` */
  readonly limit?: number | undefined;
  /** Ends when no more entries are left. Not for `'expired'`. @defaultValue none */
  readonly maxEntries?: number | undefined;
  /** Ends when the files of entries take no more bytes. Not for `'expired'`. @defaultValue none */
  readonly maxBytes?: number | undefined;
}

/** A purge with its defaults filled in. */
export interface CheckedPurge {
  readonly by: PurgeStrategy;
  readonly limit: number;
  /** Removal ends when the store is within. */
  readonly bounds: Bounds;
}

const strategies: readonly PurgeStrategy[] = ['expired', 'oldest', 'least-used', 'largest'];

/** @throws TypeError or RangeError when it is wrong, or would remove everything by oversight */
export function checkPurge(request: PurgeRequest): CheckedPurge {
  const by = choiceOption('by', request.by, request.by, strategies);
  const { limit, maxEntries, maxBytes } = request;
  if (by === undefined) throw new TypeError('by must be given');
  if (by !== 'expired' && (limit ?? maxEntries ?? maxBytes) === undefined) {
    throw new TypeError(`a purge by "${by}" needs limit, maxEntries or maxBytes`);
  }
  const isLimitedAlone = maxEntries === undefined && maxBytes === undefined;
  const fallback = isLimitedAlone ? -1 : Infinity;
  return {
    by,
    limit: numberOption('limit', limit, Infinity, { min: 0 }),
    bounds: {
      maxEntries: numberOption('maxEntries', maxEntries, fallback, { min: 0 }),
      maxBytes: numberOption('maxBytes', maxBytes, fallback, { min: 0 }),
    },
  };
}
