import type { Codec } from '@x/codec';
import {
  type Awaitable,
  type CallOptions,
  checkEntries,
  checkEntry,
  checkKey,
  checkKeys,
  checkStoreCall,
  checkTarget,
  type Clock,
  ClosedError,
  describeError,
  type Entry,
  type EntryInfo,
  type EntryQuery,
  EventHub,
  type EventSource,
  inspectable,
  type InvalidationTarget,
  type KeysOptions,
  type Listener,
  type Logger,
  type PersistentStore,
  purgeLimit,
  type PurgeOptions,
  type PurgeRequest,
  type SetOptions,
  signalOption,
  type StoreChanges,
  type StoreLease,
  StoreOpenError,
} from '@x/interfaces';
import {
  abortable,
  type Bounds,
  checkLeaseTtl,
  type PurgeSettings,
  purgeSettings,
} from '@x/store-kit';
import { loadBetterSqlite3 } from './database/better-sqlite3-driver.ts';
import { Connection } from './database/connection.ts';
import { DatabaseFile } from './database/database-file.ts';
import type { SqliteDriver } from './database/driver.ts';
import { EntryDatabase } from './entry-database.ts';
import { type EntryRow, toEntry, toRow } from './tables/entry-row.ts';
import { Leases } from './leases.ts';
import { loadNodeSqlite } from './database/node-sqlite-driver.ts';
import { prepareDatabase } from './tables/schema.ts';
import {
  type DriverName,
  type SqliteStoreEvents,
  sqliteStoreEventNames,
  type SqliteStoreOptions,
  type SqliteStoreSettings,
  sqliteStoreSettings,
  type SqliteStoreStats,
} from './sqlite-store-options.ts';
import { StoreTables } from './tables/store-tables.ts';
import type { DatabaseVerification } from './upkeep/verification.ts';

const unbounded: Bounds = { maxEntries: 0, maxBytes: 0 };

type Parts = [
  settings: SqliteStoreSettings,
  connection: Connection<StoreTables>,
  leases: Leases,
  events: EventHub<SqliteStoreEvents>,
];

/**
 * Keeps entries in a SQLite database. What `set` acknowledged survives the death of the process; a
 * damaged row is a miss, a damaged file is put aside. Several processes may share the file.
 */
export class SqliteStore implements PersistentStore, EventSource<SqliteStoreEvents> {
  readonly name: string;
  readonly #path: string;
  readonly #codec: Codec;
  readonly #clock: Clock;
  readonly #logger: Logger | undefined;
  readonly #events: EventHub<SqliteStoreEvents>;
  readonly #entries: EntryDatabase;
  readonly #leases: Leases;
  #closing: Promise<void> | undefined;

  /**
   * Opens the database, creates it when missing.
   *
   * @throws TypeError or RangeError when an option is wrong
   * @throws {@link StoreOpenError} when the file or the driver cannot be used
   */
  static async open(options: SqliteStoreOptions): Promise<SqliteStore> {
    const settings = sqliteStoreSettings(options);
    const driver = await loadDriver(settings.driver);
    const events = new EventHub(sqliteStoreEventNames, (error) =>
      settings.logger?.error(
        `store "${settings.name}": a listener failed: ${describeError(error)}`,
      ),
    );
    try {
      const { clock } = settings;
      const file = new DatabaseFile(settings.path);
      const connection = await Connection.open<StoreTables>({
        driver,
        file,
        clock,
        prepare: (database) => {
          prepareDatabase(database, clock.now());
          return new StoreTables(database, file.path, settings.maxBytes);
        },
        onReplaced: (event) => {
          const reason =
            event.movedTo === undefined
              ? 'cannot be written on a full disk and begins anew'
              : `is damaged and begins anew; the old file is ${event.movedTo}`;
          const text = `store "${settings.name}": the database ${event.path} ${reason}: ${describeError(event.cause)}`;
          settings.logger?.warn(text);
          // The file may have been something else that somebody misses.
          if (settings.logger === undefined && !events.has('replace')) {
            process.emitWarning(text, 'ReplacedDatabaseWarning');
          }
          events.emit('replace', event);
        },
      });
      const leases = new Leases(settings.name, { driver, file: file.beside('leases'), clock });
      return create(settings, connection, leases, events);
    } catch (cause) {
      throw new StoreOpenError('path', settings.path, { cause });
    }
  }

  private constructor(...[settings, connection, leases, events]: Parts) {
    // JavaScript does not know that the constructor is private.
    if (!(connection instanceof Connection)) {
      throw new TypeError(
        'SqliteStore has no public constructor: use await SqliteStore.open(options)',
      );
    }
    this.name = settings.name;
    this.#path = settings.path;
    this.#codec = settings.codec;
    this.#clock = settings.clock;
    this.#logger = settings.logger;
    this.#events = events;
    this.#leases = leases;
    this.#entries = new EntryDatabase(settings, connection, {
      damaged: (event) => {
        this.#logger?.warn(
          `store "${this.name}": removed the damaged row of ${JSON.stringify(event.key)}: ${event.reason}`,
        );
        this.#events.emit('damage', event);
      },
      evicted: (entries) => this.#events.emit('evict', { entries }),
    });
    inspectable(this, this.#facts);
  }

  on<Name extends keyof SqliteStoreEvents>(
    name: Name,
    listener: Listener<SqliteStoreEvents[Name]>,
  ): Disposable {
    return this.#events.on(name, listener);
  }

  /**
   * The entry at `key`, at once unless another process holds the database.
   *
   * @throws {@link StoreReadError} when the database cannot be read
   */
  get(key: string, options?: CallOptions): Awaitable<Entry | undefined> {
    this.#checkUsable(options);
    checkKey(key);
    const found = this.#entries.read(key, this.#toEntry);
    return found instanceof Promise ? abortable(found, options?.signal) : found;
  }

  getMany(keys: readonly string[], options?: CallOptions): Awaitable<(Entry | undefined)[]> {
    checkKeys(keys);
    const found = keys.map((key) => this.get(key, options));
    const isLater = found.some((one) => one instanceof Promise);
    return isLater
      ? Promise.all(found.map((one) => Promise.resolve(one)))
      : (found as (Entry | undefined)[]);
  }

  /**
   * Replaces what is at `key`; settles when the change is committed.
   *
   * @throws TypeError when `entry` is no {@link Entry}, and naming the path of what cannot be kept
   * @throws an error with code `ERR_ENTRY_TOO_LARGE` when the value exceeds `maxEntryBytes`
   * @throws {@link StoreWriteError} when the database refuses, or stays locked for 5 seconds
   */
  set(key: string, entry: Entry, options?: SetOptions): Promise<void> {
    try {
      this.#checkUsable(options);
      const row = this.#toRow(key, entry);
      return abortable(this.#entries.put(row, options?.since), options?.signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async setMany(
    entries: Iterable<readonly [key: string, entry: Entry]>,
    options?: SetOptions,
  ): Promise<void> {
    this.#checkUsable(options);
    checkEntries(entries);
    const rows = Array.from(entries, ([key, entry]) => this.#toRow(key, entry));
    await abortable(this.#entries.putMany(rows, options?.since), options?.signal);
  }

  async delete(key: string, options?: CallOptions): Promise<boolean> {
    return (await this.deleteMany([key], options)) === 1;
  }

  async deleteMany(keys: readonly string[], options?: CallOptions): Promise<number> {
    this.#checkUsable(options);
    checkKeys(keys);
    return abortable(this.#entries.remove(keys), options?.signal);
  }

  /**
   * Makes the matching entries unreadable, for every process, without looking at them: a purge
   * removes them later, and until then they count in `stats`.
   *
   * @returns `undefined`: how many entries match is not known
   */
  async invalidate(target: InvalidationTarget, options?: CallOptions): Promise<undefined> {
    this.#checkUsable(options);
    checkTarget(target);
    await abortable(this.#entries.invalidate(target), options?.signal);
  }

  async *keys(options?: KeysOptions): AsyncGenerator<string> {
    this.#checkUsable(options);
    for await (const key of this.#entries.keys(options?.prefix ?? '')) {
      yield key;
      this.#checkUsable(options);
    }
  }

  async clear(options?: CallOptions): Promise<void> {
    this.#checkUsable(options);
    await abortable(this.#entries.clear(), options?.signal);
  }

  async purgeExpired(options?: PurgeOptions): Promise<number> {
    const limit = purgeLimit(options);
    const signal = options?.signal;
    this.#checkUsable({ signal });
    await this.#leases.removeExpired();
    const purge = this.#purge({ by: 'expired', limit, bounds: unbounded });
    return abortable(purge, signal);
  }

  /**
   * What the store knows of its entries, their values apart: those that every condition of `query` holds
   * for, in the order that it asks for. It looks at all of them, page by page.
   *
   * @throws TypeError or RangeError when the query is wrong
   */
  async query(query: EntryQuery = {}): Promise<EntryInfo[]> {
    this.#checkUsable();
    return this.#entries.query(query);
  }

  /**
   * Removes entries by a strategy, in slices between which reads and writes get their turn.
   *
   * @returns how many went
   * @throws TypeError or RangeError when the request is wrong, or says nowhere where to end
   */
  async purge(request: PurgeRequest): Promise<number> {
    this.#checkUsable();
    return this.#purge(purgeSettings(request));
  }

  /**
   * Holds every row against its checksum and removes those that are damaged, lets SQLite look at the file,
   * begins a new one when there is something wrong with it, and counts the entries anew. The event loop
   * is held up for about a millisecond for each megabyte of the file.
   */
  async verify(): Promise<DatabaseVerification> {
    this.#checkUsable();
    return this.#entries.verify();
  }

  /** Removes what nobody can read any more and gives unused room back to the file system. */
  async compact(): Promise<void> {
    this.#checkUsable();
    await this.#entries.compact();
  }

  async stats(): Promise<SqliteStoreStats> {
    this.#checkUsable();
    return this.#entries.stats();
  }

  /**
   * The position of the last change that any process made, for the `since` of a write. Answers at
   * once unless changes of this store are on their way.
   */
  mark(): Awaitable<number> {
    this.#checkUsable();
    return this.#entries.mark();
  }

  /**
   * What other stores over the same database changed after `cursor`, a position from `mark` or from an
   * earlier call: up to 1,000 keys that were written or deleted, or `'all'`, also after an invalidation
   * or a clear. Costs next to nothing while the others change nothing.
   */
  changesSince(cursor: number): Awaitable<StoreChanges> {
    this.#checkUsable();
    return this.#entries.changesSince(cursor);
  }

  /**
   * The right to load `key` alone, for `ttlMs` unless renewed; `undefined` while another store over the
   * same database, or this one, has given it away. Closing the store gives its leases back; those of a
   * process that died end at their deadlines.
   *
   * @param ttlMs - milliseconds, above 0 and at most a day
   * @throws {@link StoreWriteError} when the database of the leases cannot be used
   */
  async lease(key: string, ttlMs: number): Promise<StoreLease | undefined> {
    this.#checkUsable();
    return this.#leases.take(key, checkLeaseTtl(ttlMs));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #facts(this: void, self: SqliteStore): object {
    return {
      name: self.name,
      path: self.#path,
      closed: self.#closing !== undefined,
    };
  }

  async #close(): Promise<void> {
    await this.#leases.close();
    await this.#entries.close();
  }

  async #purge(request: PurgeSettings): Promise<number> {
    const entries = await this.#entries.purge(request);
    if (entries > 0) this.#events.emit('purge', { by: request.by, entries });
    return entries;
  }

  readonly #toEntry = (row: EntryRow): Entry | undefined => {
    if (row.expiresAt !== null && this.#clock.now() >= row.expiresAt) return undefined;
    return toEntry(row, this.#codec.decodeText(row.value));
  };

  #toRow(key: string, entry: Entry): EntryRow {
    checkKey(key);
    checkEntry(entry);
    return toRow(key, entry, this.#codec.encodeText(entry.value));
  }

  #checkUsable(options?: CallOptions): void {
    if (this.#closing !== undefined) throw new ClosedError(`store "${this.name}"`);
    checkStoreCall(options);
    signalOption(options?.signal)?.throwIfAborted();
  }
}

async function loadDriver(name: DriverName): Promise<SqliteDriver> {
  try {
    return name === 'better-sqlite3' ? await loadBetterSqlite3() : loadNodeSqlite();
  } catch (cause) {
    throw new StoreOpenError('driver', name, { cause });
  }
}

/** Outside of the class, which bundlers rename when it mentions itself, so that `console.log` shows `_SqliteStore`. */
function create(...parts: Parts): SqliteStore {
  return Reflect.construct(SqliteStore, parts) as SqliteStore;
}
