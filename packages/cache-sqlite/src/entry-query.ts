import type { EntryInfo, EntryQuery } from '@x/interfaces';
import { querySettings } from '@x/store-kit';
import type { DatabaseAccess } from './database/database-access.ts';
import { tagsOf } from './tables/entry-row.ts';
import type { ListedRow } from './tables/entry-table.ts';
import { endOfTurn } from './event-loop.ts';
import type { RowPage } from './tables/store-tables.ts';
import { keyAfter, rangesOf, type StoredKey } from './tables/stored-key.ts';

const rowsPerPage = 500;

/** What a query found. */
export interface FoundEntry {
  readonly info: EntryInfo;
  readonly row: ListedRow;
}

/**
 * The entries that a query asks for. It looks at the rows page by page, between which others get their
 * turn, so that it sees changes that are made meanwhile or does not.
 *
 * @param now - epoch ms, asked for row by row; without it entries that nobody can read any more are found too
 * @throws TypeError or RangeError when the query is wrong
 */
export async function findEntries(
  access: DatabaseAccess,
  query: EntryQuery,
  now?: () => number,
): Promise<FoundEntry[]> {
  const { orderBy, limit, compare, matches } = querySettings(query);
  // Rows come in the order of keys as the database compares them.
  const isInOrder = orderBy === 'key';
  const inOrder = (entries: FoundEntry[]): FoundEntry[] =>
    isInOrder ? entries : entries.sort((one, other) => compare(one.info, other.info));

  let found: FoundEntry[] = [];
  for await (const { visible, hidden } of pages(access, query.pattern?.literalPrefix ?? '')) {
    const rows = now === undefined ? [...visible, ...hidden] : visible;
    for (const row of rows) {
      if (now !== undefined && row.expiresAt !== null && row.expiresAt <= now()) continue;
      const info = toInfo(row);
      if (matches(info)) found.push({ info, row });
    }
    if (isInOrder && found.length >= limit) break;
    if (found.length >= limit * 2) found = inOrder(found).slice(0, limit);
  }
  return inOrder(found).slice(0, limit);
}

function toInfo({ key, size, createdAt, staleAt, expiresAt, tags }: ListedRow): EntryInfo {
  return {
    key,
    bytes: size,
    createdAt,
    staleAt: staleAt ?? undefined,
    expiresAt: expiresAt ?? undefined,
    tags: tagsOf(tags) ?? [],
  };
}

/**
 * All rows whose keys may begin with `prefix`, in the order of their keys.
 *
 * @yields some rows at a time
 */
async function* pages(access: DatabaseAccess, prefix: string): AsyncGenerator<RowPage> {
  for (const { from, to } of rangesOf(prefix)) {
    for (let next: StoredKey | undefined = from; next !== undefined;) {
      const start: StoredKey = next;
      const page: RowPage = await access.read((tables) =>
        tables.list({ from: start, to }, rowsPerPage),
      );
      yield page;
      next = page.last && keyAfter(page.last.stored);
      await endOfTurn();
    }
  }
}
