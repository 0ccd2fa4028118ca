import { setImmediate } from 'node:timers/promises';
import { choiceOption, type Clock, type KeyPattern, numberOption } from '@x/interfaces';
import type { DatabaseAccess } from './database-access.ts';
import { tagsOf } from './entry-row.ts';
import type { ListedRow } from './entry-table.ts';
import type { RowPage } from './store-tables.ts';
import { keyAfter, rangesOf, type StoredKey } from './stored-key.ts';

const rowsPerPage = 500;

/** In which order a query answers. */
export type EntryOrder = 'key' | 'oldest' | 'newest' | 'largest' | 'expiry';

/** Which entries {@link SqliteStore.query} answers; all conditions must hold. */
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
   * `'key'` by the bytes of the key, `'oldest'` and `'newest'` by `createdAt`, `'largest'` by bytes,
   * `'expiry'` by deadline, entries without one last.
   * @defaultValue `'key'`
   */
  readonly orderBy?: EntryOrder | undefined;
  /** Most entries to answer, at least 1. @defaultValue 1,000 */
  readonly limit?: number | undefined;
}

/** An entry without its value. */
export interface EntryInfo {
  readonly key: string;
  /** Of key, tags and value, as they are kept. */
  readonly bytes: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly staleAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly tags: readonly string[];
}

const orders: Record<EntryOrder, (one: ListedRow, other: ListedRow) => number> = {
  // Rows come in the order of keys where that is asked for.
  key: () => 0,
  oldest: (one, other) => one.createdAt - other.createdAt,
  newest: (one, other) => other.createdAt - one.createdAt,
  largest: (one, other) => other.size - one.size,
  expiry: (one, other) => (one.expiresAt ?? Infinity) - (other.expiresAt ?? Infinity) || 0,
};
const orderNames = Object.keys(orders) as EntryOrder[];

/**
 * The rows that a query asks for. It looks at the rows page by page, between which others get their
 * turn, so that it sees changes that are made meanwhile or does not.
 *
 * @throws TypeError or RangeError when the query is wrong
 */
export async function findRows(
  access: DatabaseAccess,
  clock: Clock,
  query: EntryQuery,
): Promise<ListedRow[]> {
  const orderBy = choiceOption('orderBy', query.orderBy, 'key', orderNames);
  const limit = numberOption('limit', query.limit, 1_000, { min: 1, integer: true });
  const minBytes = numberOption('minBytes', query.minBytes, 0);
  const before = numberOption('createdBefore', query.createdBefore, Infinity);
  const compare = orders[orderBy];
  const matches = (row: ListedRow): boolean =>
    row.size >= minBytes &&
    row.createdAt < before &&
    (query.pattern?.matches(row.key) ?? true) &&
    (query.tags === undefined || carriesOneOf(row, query.tags)) &&
    (row.expiresAt === null || row.expiresAt > clock.now());

  let found: ListedRow[] = [];
  for await (const rows of pages(access, query.pattern?.literalPrefix ?? '')) {
    for (const row of rows) if (matches(row)) found.push(row);
    if (orderBy === 'key' && found.length >= limit) break;
    if (found.length >= limit * 2) found = found.sort(compare).slice(0, limit);
  }
  return found.sort(compare).slice(0, limit);
}

export function toInfo(row: ListedRow): EntryInfo {
  return {
    key: row.key,
    bytes: row.size,
    createdAt: row.createdAt,
    staleAt: row.staleAt ?? undefined,
    expiresAt: row.expiresAt ?? undefined,
    tags: tagsOf(row.tags) ?? [],
  };
}

/**
 * Rows that can be read, in the order of their keys.
 *
 * @yields some rows at a time
 */
async function* pages(
  access: DatabaseAccess,
  prefix: string,
): AsyncGenerator<readonly ListedRow[]> {
  for (const { from, to } of rangesOf(prefix)) {
    for (let next: StoredKey | undefined = from; next !== undefined;) {
      const start: StoredKey = next;
      const page: RowPage = await access.read((tables) =>
        tables.list({ from: start, to }, rowsPerPage),
      );
      yield page.visible;
      next = page.last && keyAfter(page.last.stored);
      await setImmediate();
    }
  }
}

function carriesOneOf(row: ListedRow, tags: readonly string[]): boolean {
  return tagsOf(row.tags)?.some((tag) => tags.includes(tag)) ?? false;
}
