import { StampSet } from '@x/store-kit';
import type { SqliteDatabase, SqliteStatement } from '../database/driver.ts';
import { ChangeTable } from './change-table.ts';
import { ChangeReader, type ChangeSource } from '../changes/change-reader.ts';
import { CommitWatch } from '../changes/commit-watch.ts';
import { tagsOf } from './entry-row.ts';
import { EntryTable, type FoundRow, type ListedRow } from './entry-table.ts';
import { OwnChanges } from '../changes/own-changes.ts';
import { PageLimit } from '../database/page-limit.ts';
import { StampTable } from './stamp-table.ts';
import type { StoreState } from '../changes/store-state.ts';
import type { KeyRange } from './stored-key.ts';
import { VisitTable } from './visited-rows.ts';

/** Some rows of a listing. */
export interface RowPage {
  readonly visible: readonly ListedRow[];
  /** Rows that were invalidated since they were written. */
  readonly hidden: readonly ListedRow[];
  /** After it the next page begins; `undefined` when there is none. */
  readonly last: ListedRow | undefined;
}

/** The tables of an open database, and its stamps as they are known in memory. */
export class StoreTables implements ChangeSource {
  readonly entries: EntryTable;
  readonly stamps: StampTable;
  readonly visits: VisitTable;
  readonly changes: ChangeTable;
  readonly own: OwnChanges = new OwnChanges();
  readonly changesOfOthers: ChangeReader;
  readonly pageLimit: PageLimit;
  readonly #check: SqliteStatement;
  readonly #dataVersion: SqliteStatement;
  readonly #commits: CommitWatch | undefined;
  #lastVersion = 0;
  readonly #known = new StampSet();
  #sweeps = 0;
  #learnedUpTo = 0;

  /**
   * @param path - of the database
   * @param maxBytes - of all entries, which bounds the file as well
   */
  constructor(database: SqliteDatabase, path: string, maxBytes: number) {
    this.entries = new EntryTable(database);
    this.stamps = new StampTable(database);
    this.visits = new VisitTable(database);
    this.changes = new ChangeTable(database);
    this.changesOfOthers = new ChangeReader(this);
    this.pageLimit = new PageLimit(database, maxBytes);
    this.#check = database.prepare('PRAGMA quick_check(10)');
    this.#dataVersion = database.prepare('PRAGMA data_version');
    this.#commits = CommitWatch.over(path);
  }

  dataVersion(): number {
    if (this.#commits?.isQuiet() !== true)
      this.#lastVersion = this.#dataVersion.get()?.[0] as number;
    return this.#lastVersion;
  }

  /** What is wrong with the file. Takes about a millisecond for each megabyte. */
  problems(): string[] {
    return this.#check
      .all()
      .map(([problem]) => String(problem))
      .filter((problem) => problem !== 'ok');
  }

  /** The row at `key`, unless it was invalidated since it was written. */
  find(key: string): FoundRow | undefined {
    for (;;) {
      const found = this.entries.find(key);
      if (found === undefined) return undefined;
      if (found.stampedAt <= this.#learnedUpTo)
        return this.#isHidden(key, found) ? undefined : found;
      // Whoever carries a stamp out removes its rows as well, so the row must be the younger one.
      this.knownStamps(this.changes.readState());
    }
  }

  /** Up to `limit` rows of a range, in the order of the stored keys. */
  list(range: KeyRange, limit: number): RowPage {
    return this.#page(this.entries.list(range, limit));
  }

  /** Up to `limit` rows with an id above `id`, the oldest first. */
  after(id: number, limit: number): RowPage {
    return this.#page(this.entries.after(id, limit));
  }

  /** @param state - the state as it was just read */
  knownStamps(state: StoreState): StampSet {
    if (this.#sweeps !== state.sweeps) {
      this.#sweeps = state.sweeps;
      this.#known.clear();
      this.#learnedUpTo = 0;
    }
    if (this.#learnedUpTo < state.stampedAt) {
      for (const stamp of this.stamps.after(this.#learnedUpTo)) this.#known.add(stamp);
      this.#learnedUpTo = Math.max(this.#known.last, state.stampedAt);
    }
    return this.#known;
  }

  #page(rows: readonly ListedRow[]): RowPage {
    const stamps = this.knownStamps(this.changes.readState());
    const visible: ListedRow[] = [];
    const hidden: ListedRow[] = [];
    for (const row of rows) {
      const isHidden =
        row.position < stamps.last && stamps.hides(row.key, tagsOf(row.tags), row.position);
      (isHidden ? hidden : visible).push(row);
    }
    return { visible, hidden, last: rows.at(-1) };
  }

  #isHidden(key: string, { row, position }: FoundRow): boolean {
    if (this.#known.last <= position) return false;
    return this.#known.hides(key, tagsOf(row?.tags ?? null), position);
  }
}
