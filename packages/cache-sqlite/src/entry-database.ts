import { setImmediate } from 'node:timers/promises';
import { FrameError } from '@x/codec';
import {
  type Awaitable,
  type Clock,
  ClosedError,
  type KeyPattern,
  type StoreStats,
  StoreReadError,
  StoreWriteError,
} from '@x/interfaces';
import { retryWhileBusy } from './busy-retry.ts';
import type { Connection } from './connection.ts';
import { type EntryRow, sizeOf } from './entry-row.ts';
import type { EntryTable, FoundRow, ListedKey } from './entry-table.ts';
import { Eviction } from './eviction.ts';
import type { CheckedOptions, DamagedRowEvent } from './sqlite-store-options.ts';
import { keyAfter, rangesOf, type StoredKey } from './stored-key.ts';
import { WriteQueue } from './write-queue.ts';

/** Rows that one transaction of a large removal looks at, between which others get their turn. */
const rowsPerSlice = 500;
const keysPerPage = 1_000;
const pagesPerShrink = 500;

/** Rows to remove in one transaction, and where the next one goes on. */
interface RemovalSlice {
  readonly rows: readonly Pick<ListedKey, 'id' | 'expiresAt'>[];
  readonly next: StoredKey | undefined;
}

/**
 * The entries of a database as rows: what is committed, what is on its way, and the bounds. The order
 * of calls is the order of effects.
 */
export class EntryDatabase {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #connection: Connection;
  readonly #queue: WriteQueue;
  readonly #eviction: Eviction;
  readonly #onDamaged: (event: DamagedRowEvent) => void;
  #evictions = 0;
  #expirations = 0;

  /** @param onDamaged - told of a row that was not what had been written and is removed */
  constructor(
    options: CheckedOptions,
    connection: Connection,
    onDamaged: (event: DamagedRowEvent) => void,
  ) {
    this.#name = options.name;
    this.#clock = options.clock;
    this.#connection = connection;
    this.#eviction = new Eviction(options.maxEntries, options.maxBytes);
    this.#queue = new WriteQueue((use) => this.#commit(use));
    this.#onDamaged = onDamaged;
  }

  /** What `reader` makes of the row at `key`; `undefined` when there is none, or none intact. */
  read<T>(key: string, reader: (row: EntryRow) => T): Awaitable<T | undefined> {
    const pending = this.#queue.pending(key);
    if (pending !== undefined) return pending === null ? undefined : reader(pending);
    const found = this.#read((table) => table.find(key));
    if (found instanceof Promise) return found.then((row) => this.#decode(key, row, reader));
    return this.#decode(key, found, reader);
  }

  /** Puts rows in their places, in order; settles when they are committed and the bounds hold. */
  async put(rows: readonly EntryRow[]): Promise<void> {
    await Promise.all(rows.map((row) => this.#put(row)));
  }

  /** Removes keys; answers how many rows could have been served. */
  async remove(keys: readonly string[]): Promise<number> {
    const now = this.#clock.now();
    const deadlines = await Promise.all(keys.map((key) => this.#queue.remove(key)));
    return deadlines.filter((deadline) => deadline !== undefined && isLive(deadline, now)).length;
  }

  /** Removes what carries one of the tags; answers how many rows could have been served. */
  removeTagged(tags: readonly string[]): Promise<number> {
    return this.#queue.exclusive(async () => {
      let served = 0;
      for (const tag of tags) {
        served += await this.#removeSlices((table) => {
          const rows = table.tagged(tag, rowsPerSlice);
          return { rows, next: rows.length < rowsPerSlice ? undefined : tag };
        });
      }
      return served;
    });
  }

  /** Removes what a pattern matches; answers how many rows could have been served. */
  removeMatching(pattern: KeyPattern): Promise<number> {
    return this.#queue.exclusive(async () => {
      let served = 0;
      for (const { from, to } of rangesOf(pattern.literalPrefix)) {
        served += await this.#removeSlices((table, start = from) => {
          const listed = table.list({ from: start, to }, rowsPerSlice);
          const last = listed.length < rowsPerSlice ? undefined : listed.at(-1);
          const rows = listed.filter(({ key }) => pattern.matches(key));
          return { rows, next: last && keyAfter(last.stored) };
        });
      }
      return served;
    });
  }

  /** Removes up to `limit` expired rows; answers how many. */
  removeExpired(limit: number): Promise<number> {
    return this.#queue.exclusive(async () => {
      let removed = 0;
      for (let isLast = false; !isLast && removed < limit;) {
        const slice = Math.min(rowsPerSlice, limit - removed);
        const count = await this.#change((table) => table.removeExpired(this.#clock.now(), slice));
        removed += count;
        isLast = count < slice;
        await setImmediate();
      }
      await this.#attempt(() => this.#connection.shrink(pagesPerShrink));
      this.#expirations += removed;
      return removed;
    });
  }

  clear(): Promise<void> {
    return this.#queue.exclusive(async () => {
      await this.#change((table) => table.clear());
      this.#eviction.reset();
    });
  }

  /**
   * Lists what can be served.
   *
   * @yields each key that begins with `prefix`
   */
  async *keys(prefix: string): AsyncGenerator<string> {
    await this.#queue.settled();
    for (const { from, to } of rangesOf(prefix)) {
      let next: StoredKey | undefined = from;
      while (next !== undefined) {
        const start: StoredKey = next;
        const page: readonly ListedKey[] =
          (await this.#read((table) => table.list({ from: start, to }, keysPerPage))) ?? [];
        for (const { key, expiresAt } of page) {
          if (key.startsWith(prefix) && isLive(expiresAt, this.#clock.now())) yield key;
        }
        const last = page.at(-1);
        next = last === undefined || page.length < keysPerPage ? undefined : keyAfter(last.stored);
      }
    }
  }

  async stats(): Promise<StoreStats> {
    await this.#queue.settled();
    const totals = await this.#read((table) => table.totals());
    const { entries, bytes } = totals ?? { entries: 0, bytes: 0 };
    return { entries, bytes, evictions: this.#evictions, expirations: this.#expirations };
  }

  /** Commits what is on its way and lets go of the file. */
  async close(): Promise<void> {
    await this.#queue.settled();
    this.#connection.close();
  }

  async #put(row: EntryRow): Promise<void> {
    if (this.#eviction.hasRoomFor(sizeOf(row))) return this.#queue.put(row);
    await this.#queue.remove(row.key);
    this.#evictions++;
  }

  #decode<T>(
    key: string,
    found: FoundRow | undefined,
    reader: (row: EntryRow) => T,
  ): T | undefined {
    if (found === undefined) return undefined;
    try {
      if (found.row === undefined) throw new FrameError('wrong checksum');
      const value = reader(found.row);
      this.#eviction.visit(found.id);
      return value;
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      // Nobody waits for it, and the next read will find the row again should it fail.
      void this.#queue.change((table) => table.removeDamaged(found)).catch(() => undefined);
      this.#onDamaged({ key, reason: error.reason });
      return undefined;
    }
  }

  /** Reads at once, or later when another process is in the way. A damaged database reads as empty. */
  #read<T>(use: (table: EntryTable) => T): Awaitable<T | undefined> {
    try {
      return this.#connection.read(use);
    } catch (error) {
      return this.#readAgain(error, use);
    }
  }

  async #readAgain<T>(error: unknown, use: (table: EntryTable) => T): Promise<T | undefined> {
    try {
      if (!this.#isBusy(error) && !this.#connection.recover(error)) throw error;
      return await this.#attempt(() => this.#connection.read(use));
    } catch (cause) {
      if (cause instanceof ClosedError) throw cause;
      throw new StoreReadError(this.#name, { cause });
    }
  }

  /** @param select - answers rows to remove, and where the next slice begins unless this is the last */
  async #removeSlices(
    select: (table: EntryTable, start: StoredKey | undefined) => RemovalSlice,
  ): Promise<number> {
    let served = 0;
    let start: StoredKey | undefined;
    do {
      const now = this.#clock.now();
      const from = start;
      const { rows, next } = await this.#change((table) => {
        const slice = select(table, from);
        for (const { id } of slice.rows) table.removeId(id);
        return slice;
      });
      served += rows.filter(({ expiresAt }) => isLive(expiresAt, now)).length;
      start = next;
      if (start !== undefined) await setImmediate();
    } while (start !== undefined);
    return served;
  }

  /** Commits changes of the queue and keeps the bounds in the same transaction. */
  async #commit(use: (table: EntryTable) => void): Promise<void> {
    this.#evictions += await this.#change((table) => {
      use(table);
      return this.#eviction.enforce(table);
    });
  }

  async #change<T>(use: (table: EntryTable) => T): Promise<T> {
    const attempt = (): Promise<T> => this.#attempt(() => this.#connection.transaction(use));
    try {
      return await attempt().catch((error: unknown) => {
        if (this.#connection.recover(error)) return attempt();
        throw error;
      });
    } catch (cause) {
      throw new StoreWriteError(this.#name, { cause });
    }
  }

  #attempt<T>(operation: () => T): Promise<T> {
    return retryWhileBusy(operation, (error) => this.#isBusy(error), this.#clock);
  }

  #isBusy(error: unknown): boolean {
    return this.#connection.failureOf(error) === 'busy';
  }
}

function isLive(expiresAt: number | null, now: number): boolean {
  return expiresAt === null || expiresAt > now;
}
