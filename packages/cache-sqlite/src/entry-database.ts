import { FrameError } from '@x/codec';
import type { Awaitable, Clock, InvalidationTarget, StoreChanges, StoreStats } from '@x/interfaces';
import type { Connection } from './connection.ts';
import { DatabaseAccess } from './database-access.ts';
import { type EntryRow, sizeOf } from './entry-row.ts';
import type { FoundRow } from './entry-table.ts';
import { Eviction } from './eviction.ts';
import type { CheckedOptions, DamagedRowEvent } from './sqlite-store-options.ts';
import { targetsOf } from './stamp.ts';
import type { RowPage, StoreTables } from './store-tables.ts';
import { keyAfter, rangesOf, type StoredKey } from './stored-key.ts';
import { Sweeper } from './sweeper.ts';
import { WriteQueue } from './write-queue.ts';

const keysPerPage = 1_000;
const pagesPerShrink = 500;

/**
 * The entries of a database as rows: what is committed, what is on its way, and the bounds. The order
 * of calls is the order of effects.
 */
export class EntryDatabase {
  readonly #clock: Clock;
  readonly #access: DatabaseAccess;
  readonly #queue: WriteQueue;
  readonly #eviction: Eviction;
  readonly #sweeper: Sweeper;
  readonly #onDamaged: (event: DamagedRowEvent) => void;
  #evictions = 0;
  #expirations = 0;

  /** @param onDamaged - told of a row that was not what had been written and is removed */
  constructor(
    options: CheckedOptions,
    connection: Connection<StoreTables>,
    onDamaged: (event: DamagedRowEvent) => void,
  ) {
    this.#clock = options.clock;
    this.#access = new DatabaseAccess(options.name, options.clock, connection);
    this.#eviction = new Eviction(options.maxEntries, options.maxBytes);
    this.#queue = new WriteQueue(async (use) => {
      this.#evictions += await this.#access.change((transaction) => {
        use(transaction);
        return this.#eviction.enforce(transaction);
      });
    });
    this.#sweeper = new Sweeper(this.#access, this.#queue, options.clock);
    this.#onDamaged = onDamaged;
  }

  /** What `reader` makes of the row at `key`; `undefined` when there is none, or none intact. */
  read<T>(key: string, reader: (row: EntryRow) => T): Awaitable<T | undefined> {
    const pending = this.#queue.pending(key);
    if (pending !== undefined) return pending === null ? undefined : reader(pending);
    const found = this.#access.read((tables) => tables.find(key));
    if (found instanceof Promise) return found.then((row) => this.#decode(key, row, reader));
    return this.#decode(key, found, reader);
  }

  /** Puts rows in their places, in order; settles when they are committed and the bounds hold. */
  async put(rows: readonly EntryRow[], since: number | undefined): Promise<void> {
    await Promise.all(rows.map((row) => this.#put(row, since)));
  }

  /** Removes keys; answers how many rows could have been served. */
  async remove(keys: readonly string[]): Promise<number> {
    const now = this.#clock.now();
    const removed = await Promise.all(keys.map((key) => this.#queue.remove(key, now)));
    return removed.filter(Boolean).length;
  }

  /** Makes what `target` matches unreadable. */
  async invalidate(target: InvalidationTarget): Promise<void> {
    const targets = targetsOf(target);
    await this.#queue.change((transaction) => {
      for (const one of targets) transaction.stamp(one);
    });
    await this.#sweeper.boundStamps();
  }

  /** Removes up to `limit` expired rows, and what was invalidated; answers how many were expired. */
  async removeExpired(limit: number): Promise<number> {
    const removed = await this.#sweeper.removeExpired(limit);
    this.#expirations += removed;
    if (removed < limit) await this.#sweeper.sweep();
    await this.#queue.exclusive(() => this.#access.shrink(pagesPerShrink));
    return removed;
  }

  async clear(): Promise<void> {
    await this.#queue.change((transaction) => {
      transaction.clear();
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
        const page: RowPage = await this.#access.read((tables) =>
          tables.list({ from: start, to }, keysPerPage),
        );
        for (const { key, expiresAt } of page.visible) {
          if (key.startsWith(prefix) && isLive(expiresAt, this.#clock.now())) yield key;
        }
        next = page.last && keyAfter(page.last.stored);
      }
    }
  }

  async stats(): Promise<StoreStats> {
    await this.#queue.settled();
    const { entries, bytes } = await this.#access.read((tables) => tables.state.read());
    return { entries, bytes, evictions: this.#evictions, expirations: this.#expirations };
  }

  /** The position of the last change, of those of this store that are on their way as well. */
  mark(): Awaitable<number> {
    const read = (): Awaitable<number> => this.#access.read((tables) => tables.state.position());
    return this.#queue.isIdle ? read() : this.#queue.settled().then(read);
  }

  /** What other users of the database changed after `cursor`. */
  changesSince(cursor: number): Awaitable<StoreChanges> {
    return this.#access.read((tables) => tables.changes.since(cursor));
  }

  /** Commits what is on its way and lets go of the file. */
  async close(): Promise<void> {
    this.#sweeper.stop();
    await this.#queue.settled();
    this.#access.close();
  }

  async #put(row: EntryRow, since: number | undefined): Promise<void> {
    if (this.#eviction.hasRoomFor(sizeOf(row))) return this.#queue.put(row, since);
    await this.#queue.change((transaction) => transaction.displace(row, since));
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
      void this.#queue
        .change((transaction) => transaction.discardUnchanged({ key, ...found }))
        .catch(() => undefined);
      this.#onDamaged({ key, reason: error.reason });
      return undefined;
    }
  }
}

function isLive(expiresAt: number | null, now: number): boolean {
  return expiresAt === null || expiresAt > now;
}
