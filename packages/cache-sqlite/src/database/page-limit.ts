import type { SqliteDatabase, SqliteStatement } from './driver.ts';

/*
 * A file holds more than `maxBytes` counts: heads of rows, an index over the keys, pages that are half full,
 * changes and removals that are remembered. Only what goes far beyond that is to meet the limit.
 */
const bytesPerEntryByte = 4;
const bytesBeside = 16 * 1_024 * 1_024;
/** What removals may take before they give pages back. */
const reservedBytes = 1_024 * 1_024;
/** The most that SQLite can count. */
const mostPages = 4_294_967_294;

/** Keeps the file of a database from growing far beyond the entries that it may have. */
export class PageLimit {
  readonly #database: SqliteDatabase;
  readonly #used: SqliteStatement;
  readonly #pages: number;
  readonly #reserved: number;

  /** @param maxBytes - of all entries */
  constructor(database: SqliteDatabase, maxBytes: number) {
    const pageBytes = database.prepare('PRAGMA page_size').get()?.[0] as number;
    const pages = Math.ceil((maxBytes * bytesPerEntryByte + bytesBeside) / pageBytes);
    this.#pages = Math.min(pages, mostPages);
    this.#reserved = Math.min(this.#pages + Math.ceil(reservedBytes / pageBytes), mostPages);
    this.#database = database;
    this.#used = database.prepare(
      'SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count',
    );
    this.apply();
  }

  /** To be called again when the file has become smaller: SQLite limits none to less than it has. */
  apply(): void {
    this.#limitTo(this.#pages);
  }

  /** Lets `use` go a little beyond the limit. */
  lift<T>(use: () => T): T {
    this.#limitTo(this.#reserved);
    try {
      return use();
    } finally {
      this.apply();
    }
  }

  /** Whether at least the `share` of the limit is free. */
  isFree(share: number): boolean {
    return (this.#used.get()?.[0] as number) <= this.#pages * (1 - share);
  }

  #limitTo(pages: number): void {
    this.#database.exec(`PRAGMA max_page_count = ${pages}`);
  }
}
