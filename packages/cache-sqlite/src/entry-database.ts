import { InvalidFrameError } from '@x/codec';
import type {
  Awaitable,
  Clock,
  EntryInfo,
  EntryQuery,
  InvalidationTarget,
  StoreChanges,
} from '@x/interfaces';
import { type PurgeSettings, targetsOf } from '@x/store-kit';
import { CommitPace } from './writes/commit-pace.ts';
import type { Connection } from './database/connection.ts';
import { DatabaseAccess } from './database/database-access.ts';
import { findEntries } from './entry-query.ts';
import type { EntryRow } from './tables/entry-row.ts';
import type { FoundRow } from './tables/entry-table.ts';
import { endOfTurn } from './event-loop.ts';
import { Eviction } from './upkeep/eviction.ts';
import { Purger } from './upkeep/purger.ts';
import type {
  RowDamageEvent,
  SqliteStoreSettings,
  SqliteStoreStats,
} from './sqlite-store-options.ts';
import type { RowPage, StoreTables } from './tables/store-tables.ts';
import type { StoreTransaction } from './writes/store-transaction.ts';
import { keyAfter, rangesOf, type StoredKey } from './tables/stored-key.ts';
import { Sweeper } from './upkeep/sweeper.ts';
import { type DatabaseVerification, verify } from './upkeep/verification.ts';
import { type Committer, WriteQueue } from './writes/write-queue.ts';

const keysPerPage = 1_000;
const pagesPerShrink = 200;
const shrinksPerPurge = 5;
/** Removed at once where the file is as large as it may be. */
const evictedAtOnce = 200;

/** Told of what happens to rows. */
export interface RowReports {
  /** A row was not what had been written, and is removed. */
  damaged(event: RowDamageEvent): void;
  /** So many rows were removed to stay within the bounds. */
  evicted(entries: number): void;
}

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
  readonly #purger: Purger;
  readonly #reports: RowReports;
  #evictions = 0;
  #expirations = 0;
  /** The last transaction could not remove all that is beyond the bounds. */
  #isBeyond = false;
  #evicting: Promise<void> | undefined;
  #isClosing = false;

  constructor(
    options: SqliteStoreSettings,
    connection: Connection<StoreTables>,
    reports: RowReports,
  ) {
    this.#clock = options.clock;
    this.#eviction = new Eviction(options);
    this.#access = new DatabaseAccess({
      name: options.name,
      clock: options.clock,
      connection,
      evictSome: (transaction) => this.#evictSome(transaction),
      onEvicted: (entries) => this.#evicted(entries),
    });
    const committer: Committer = {
      now: (use) => this.#evicted(this.#access.changeNow((found) => this.#within(found, use))),
      later: async (use, isRemoval) =>
        this.#evicted(await this.#access.change((found) => this.#within(found, use), isRemoval)),
    };
    this.#queue = new WriteQueue(committer, new CommitPace(options.clock));
    this.#sweeper = new Sweeper(this.#access, this.#queue, options.clock);
    this.#purger = new Purger(this.#access, this.#queue, this.#eviction, options.clock);
    this.#reports = reports;
  }

  /** What `reader` makes of the row at `key`; `undefined` when there is none, or none intact. */
  read<T>(key: string, reader: (row: EntryRow) => T): Awaitable<T | undefined> {
    const pending = this.#queue.pending(key);
    if (pending !== undefined) return pending === null ? undefined : reader(pending);
    const found = this.#access.look((tables) => tables.find(key));
    if (found instanceof Promise) return found.then((row) => this.#decode(key, row, reader));
    return this.#decode(key, found, reader);
  }

  /** Puts rows in their places, in order; settles when they are committed and the bounds hold. */
  async putMany(rows: readonly EntryRow[], since: number | undefined): Promise<void> {
    await Promise.all(rows.map((row) => this.put(row, since)));
  }

  /** Puts a row in its place; settles when it is committed and the bounds hold. */
  put(row: EntryRow, since: number | undefined): Promise<void> {
    if (this.#eviction.hasRoomFor(row.size)) {
      const done = this.#queue.put(row, since);
      return this.#eviction.isBounded ? done.then(() => this.#evictRest()) : done;
    }
    return this.#queue
      .change((transaction) => transaction.displace(row, since))
      .then(() => this.#evicted(1));
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
    if (this.#eviction.isBounded) await this.#purger.writeVisitsBack();
    await this.#shrink(shrinksPerPurge);
    return removed;
  }

  /** Removes rows as asked; answers how many. */
  async purge(request: PurgeSettings): Promise<number> {
    if (request.by === 'expired') return this.removeExpired(request.limit);
    const removed = await this.#purger.remove(request);
    await this.#shrink(shrinksPerPurge);
    return removed;
  }

  /** The rows that `query` asks for, without their values. */
  async query(query: EntryQuery): Promise<EntryInfo[]> {
    await this.#queue.settled();
    const found = await findEntries(this.#access, query, () => this.#clock.now());
    return found.map(({ info }) => info);
  }

  /** Looks for damage and puts it right. */
  async verify(): Promise<DatabaseVerification> {
    await this.#queue.settled();
    return verify(this.#access, this.#queue, (key) =>
      this.#reports.damaged({ key, reason: 'wrong checksum' }),
    );
  }

  /** Removes what nobody can read, and gives the room back to the file system. */
  async compact(): Promise<void> {
    await this.removeExpired(Infinity);
    await this.#shrink(Infinity);
    await this.#access.checkpoint();
  }

  async clear(): Promise<void> {
    await this.#queue.change((transaction) => {
      transaction.clear();
      this.#eviction.visited.clear();
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

  async stats(): Promise<SqliteStoreStats> {
    await this.#queue.settled();
    const { entries, bytes } = await this.#access.read((tables) => tables.changes.readState());
    const { fileBytes } = this.#access;
    return {
      entries,
      bytes,
      fileBytes,
      evictions: this.#evictions,
      expirations: this.#expirations,
    };
  }

  /** The position of the last change, of those of this store that are on their way as well. */
  mark(): Awaitable<number> {
    const read = (): Awaitable<number> => this.#access.read((tables) => tables.changes.position());
    return this.#queue.isIdle ? read() : this.#queue.settled().then(read);
  }

  /** What other users of the database changed after `cursor`. */
  changesSince(cursor: number): Awaitable<StoreChanges> {
    return this.#access.read((tables) => tables.changesOfOthers.since(cursor));
  }

  /** Commits what is on its way and lets go of the file. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#sweeper.stop();
    await this.#queue.settled();
    this.#access.close();
  }

  /**
   * Runs `use` and keeps the bounds in the same transaction, as far as that is not too much for one;
   * answers how many rows had to go.
   */
  #within(transaction: StoreTransaction, use: (transaction: StoreTransaction) => void): number {
    use(transaction);
    if (!this.#eviction.isBounded) return 0;
    const removed = this.#eviction.enforce(transaction, this.#clock.now());
    this.#isBeyond = removed > 0 && !this.#eviction.isWithin(transaction);
    return removed;
  }

  /** Settles when the bounds hold. */
  #evictRest(): Promise<void> | undefined {
    if (!this.#isBeyond) return this.#evicting;
    this.#evicting ??= this.#evictOn().finally(() => {
      this.#evicting = undefined;
    });
    return this.#evicting;
  }

  async #evictOn(): Promise<void> {
    while (this.#isBeyond && !this.#isClosing) {
      await endOfTurn();
      // Each transaction evicts. Should one fail, a later write goes on: what was written is there.
      await this.#queue.change(() => undefined).catch(() => (this.#isBeyond = false));
    }
  }

  /** Takes the least used entries away, and all that is remembered where there are none left. */
  #evictSome(transaction: StoreTransaction): number {
    const none = { maxEntries: 0, maxBytes: 0 };
    const removed = this.#eviction.shrink(transaction, none, evictedAtOnce, this.#clock.now());
    if (removed === 0) transaction.clear();
    return removed;
  }

  #evicted(entries: number): void {
    if (entries === 0) return;
    this.#evictions += entries;
    this.#reports.evicted(entries);
  }

  async #shrink(slices: number): Promise<void> {
    for (let slice = 0, left = Infinity; slice < slices && left > 0 && !this.#isClosing; slice++) {
      const before = left;
      left = await this.#access.shrink(pagesPerShrink);
      if (left === before) return;
      await endOfTurn();
    }
  }

  #decode<T>(
    key: string,
    found: FoundRow | undefined,
    reader: (row: EntryRow) => T,
  ): T | undefined {
    if (found === undefined) return undefined;
    try {
      if (found.row === undefined) throw new InvalidFrameError('wrong checksum');
      const value = reader(found.row);
      this.#eviction.visited.add(found.id);
      return value;
    } catch (error) {
      if (!(error instanceof InvalidFrameError)) throw error;
      // Nobody waits for it, and the next read will find the row again should it fail.
      void this.#queue
        .change((transaction) => transaction.discardUnchanged({ key, ...found }))
        .catch(() => undefined);
      this.#reports.damaged({ key, reason: error.reason });
      return undefined;
    }
  }
}

function isLive(expiresAt: number | null, now: number): boolean {
  return expiresAt === null || expiresAt > now;
}
