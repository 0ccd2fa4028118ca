import { choiceOption, type KeyPattern, numberOption } from '@x/interfaces';
import type { IndexedEntry } from './store-state.ts';

/** In which order a query answers. */
export type EntryOrder = 'key' | 'oldest' | 'newest' | 'largest' | 'expiry';

/** Which entries {@link FileStore.query} answers; all conditions must hold. */
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
   * `'key'` by the UTF-16 units of the key, `'oldest'` and `'newest'` by `createdAt`, `'largest'` by
   * bytes, `'expiry'` by deadline, entries without one last.
   * @defaultValue `'key'`
   */
  readonly orderBy?: EntryOrder | undefined;
  /** Most entries to answer, at least 1. @defaultValue 1,000 */
  readonly limit?: number | undefined;
}

/** An entry without its value. */
export interface EntryInfo {
  readonly key: string;
  /** Of its file. */
  readonly bytes: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly staleAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly tags: readonly string[];
}

type Comparison = (one: IndexedEntry, other: IndexedEntry) => number;

const orders: Record<EntryOrder, Comparison> = {
  key: (one, other) => (one.key < other.key ? -1 : 1),
  oldest: (one, other) => one.createdAt - other.createdAt,
  newest: (one, other) => other.createdAt - one.createdAt,
  largest: (one, other) => other.bytes - one.bytes,
  expiry: (one, other) => (one.expiresAt ?? Infinity) - (other.expiresAt ?? Infinity) || 0,
};
const orderNames = Object.keys(orders) as EntryOrder[];

/** A query with its defaults filled in. */
export interface CheckedQuery {
  readonly limit: number;
  readonly compare: Comparison;
  readonly matches: (entry: IndexedEntry) => boolean;
}

/** @throws TypeError or RangeError when the query is wrong */
export function checkQuery(query: EntryQuery): CheckedQuery {
  const { pattern, tags } = query;
  const minBytes = numberOption('minBytes', query.minBytes, 0);
  const before = numberOption('createdBefore', query.createdBefore, Infinity);
  return {
    limit: numberOption('limit', query.limit, 1_000, { min: 1, integer: true }),
    compare: orders[choiceOption('orderBy', query.orderBy, 'key', orderNames)],
    matches: (entry) =>
      entry.bytes >= minBytes &&
      entry.createdAt < before &&
      (pattern?.matches(entry.key) ?? true) &&
      (tags === undefined || (entry.tags?.some((tag) => tags.includes(tag)) ?? false)),
  };
}

export function toInfo(entry: IndexedEntry): EntryInfo {
  const { key, bytes, createdAt, staleAt, expiresAt, tags } = entry;
  return { key, bytes, createdAt, staleAt, expiresAt, tags: tags ?? [] };
}
