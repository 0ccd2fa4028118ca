import type { Codec } from '@x/codec';
import {
  type Awaitable,
  type CallOptions,
  checkEntries,
  checkKey,
  checkKeys,
  checkStoreCall,
  checkTarget,
  ClosedError,
  type Entry,
  type EntryInfo,
  type EntryQuery,
  EventHub,
  type EventSource,
  inspectable,
  type InvalidationTarget,
  type KeysOptions,
  type Listener,
  type PersistentStore,
  purgeLimit,
  type PurgeOptions,
  type PurgeRequest,
  type SetOptions,
  signalOption,
  type StoreChanges,
  type StoreLease,
  StoreOpenError,
  type StoreStats,
} from '@x/interfaces';
import { abortable, checkLeaseTtl, purgeSettings } from '@x/store-kit';
import { EntryFolder } from './entries/entry-folder.ts';
import type { FileDamage } from './folder-settings.ts';
import { type EntryFacts, toEntry, toFacts } from './entries/entry-facts.ts';
import {
  type FileStoreEvents,
  fileStoreEventNames,
  type FileStoreOptions,
  type FileStoreSettings,
  fileStoreSettings,
} from './file-store-options.ts';
import { Leases } from './leases.ts';
import { openDirectory } from './files/store-directory.ts';
import { Sweeper } from './sweeper.ts';
import { type FolderVerification, verify } from './verification.ts';

type Parts = [settings: FileStoreSettings, folder: EntryFolder, events: EventHub<FileStoreEvents>];

/**
 * Keeps entries as files in a folder, one for each. What `set` acknowledged survives the death of
 * the process; a damaged file is a miss. Several processes may share the folder.
 */
export class FileStore implements PersistentStore, EventSource<FileStoreEvents> {
  readonly name: string;
  readonly #directory: string;
  readonly #codec: Codec;
  readonly #folder: EntryFolder;
  readonly #sweeper: Sweeper;
  readonly #leases: Leases;
  readonly #events: EventHub<FileStoreEvents>;
  #closing: Promise<void> | undefined;

  /**
   * Opens the folder, creates it when missing, and learns what it holds.
   *
   * @throws TypeError or RangeError when an option is wrong
   * @throws {@link StoreOpenError} when the folder cannot be used
   */
  static async open(options: FileStoreOptions): Promise<FileStore> {
    const settings = fileStoreSettings(options);
    const { name, directory, maxEntries, maxBytes, clock, logger } = settings;
    const root = await openDirectory(directory);
    const report = (level: 'warn' | 'error', what: string, why: unknown): void =>
      logger?.[level](`store "${name}": ${what}: ${String(why)}`);
    const events = new EventHub(fileStoreEventNames, (error) =>
      report('error', 'a listener failed', error),
    );
    try {
      const folder = await EntryFolder.open({
        root,
        name,
        maxEntries,
        maxBytes,
        clock,
        onDamaged(damage: FileDamage) {
          report('warn', `removed the damaged file ${damage.path}`, damage.reason);
          events.emit('damage', damage);
        },
        onReplaced() {
          report('warn', 'began anew', `the journal in ${root} was damaged, removed or replaced`);
          events.emit('replace', { directory });
        },
        onEvicted: (entries) => events.emit('evict', { entries }),
        onLost: (what, error) => report('warn', what, error),
      });
      return create(settings, folder, events);
    } catch (cause) {
      throw new StoreOpenError('directory', directory, { cause });
    }
  }

  private constructor(...[settings, folder, events]: Parts) {
    // JavaScript does not know that the constructor is private.
    if (!(folder instanceof EntryFolder)) {
      throw new TypeError('FileStore has no public constructor: use await FileStore.open(options)');
    }
    this.name = settings.name;
    this.#directory = settings.directory;
    this.#codec = settings.codec;
    this.#events = events;
    this.#folder = folder;
    this.#sweeper = new Sweeper(folder);
    this.#leases = new Leases(folder);
    inspectable(this, this.#facts);
  }

  on<Name extends keyof FileStoreEvents>(
    name: Name,
    listener: Listener<FileStoreEvents[Name]>,
  ): Disposable {
    return this.#events.on(name, listener);
  }

  /**
   * The entry at `key`, at once for files up to 256 KiB and for misses, later for larger files. A value is
   * never answered after any process removed or invalidated it; a miss may be 0.02 ms old.
   *
   * @throws {@link StoreReadError} when the file is there but the system does not let us read it
   */
  get(key: string, options?: CallOptions): Awaitable<Entry | undefined> {
    this.#checkUsable(options);
    checkKey(key);
    const found = this.#folder.reader.read(key, this.#toEntry);
    return found instanceof Promise ? abortable(found, options?.signal) : found;
  }

  async getMany(keys: readonly string[], options?: CallOptions): Promise<(Entry | undefined)[]> {
    checkKeys(keys);
    return Promise.all(keys.map(async (key) => this.get(key, options)));
  }

  /**
   * Replaces what is at `key`; settles when it is on the disk.
   *
   * @throws TypeError when `entry` is no {@link Entry}, and naming the path of what cannot be kept
   * @throws an error with code `ERR_ENTRY_TOO_LARGE` when the value exceeds `maxEntryBytes`
   * @throws {@link StoreWriteError} when the system refuses; what was there before stays
   */
  async set(key: string, entry: Entry, options?: SetOptions): Promise<void> {
    this.#checkUsable(options);
    const facts = toFacts(key, entry, this.#sinceOf(options));
    const written = this.#folder.write(facts, this.#codec.encode(entry.value));
    if (written instanceof Promise) await abortable(written, options?.signal);
  }

  async setMany(
    entries: Iterable<readonly [key: string, entry: Entry]>,
    options?: SetOptions,
  ): Promise<void> {
    this.#checkUsable(options);
    checkEntries(entries);
    const since = this.#sinceOf(options);
    // All are encoded before the first is written, so that a wrong value changes nothing.
    const writes = Array.from(
      entries,
      ([key, entry]) => [toFacts(key, entry, since), this.#codec.encode(entry.value)] as const,
    );
    const written = Promise.all(writes.map(async (write) => this.#folder.write(...write)));
    await abortable(written, options?.signal);
  }

  async delete(key: string, options?: CallOptions): Promise<boolean> {
    this.#checkUsable(options);
    checkKey(key);
    return (await abortable(this.#folder.remove([key]), options?.signal)) > 0;
  }

  async deleteMany(keys: readonly string[], options?: CallOptions): Promise<number> {
    this.#checkUsable(options);
    checkKeys(keys);
    return abortable(this.#folder.remove([...new Set(keys)]), options?.signal);
  }

  /**
   * Makes every matching entry invisible to all processes by a note in the journal; a purge removes the
   * files. How many match is not known.
   */
  async invalidate(target: InvalidationTarget, options?: CallOptions): Promise<undefined> {
    this.#checkUsable(options);
    checkTarget(target);
    await abortable(this.#invalidate(target), options?.signal);
  }

  async *keys(options?: KeysOptions): AsyncGenerator<string> {
    this.#checkUsable(options);
    for await (const key of this.#sweeper.keys(options?.prefix ?? '')) {
      this.#checkUsable(options);
      yield key;
    }
  }

  async clear(options?: CallOptions): Promise<void> {
    this.#checkUsable(options);
    await abortable(this.#folder.clear(), options?.signal);
  }

  /** Removes expired entries and those that were invalidated; answers how many had expired. */
  async purgeExpired(options?: PurgeOptions): Promise<number> {
    const limit = purgeLimit(options);
    const signal = options?.signal;
    this.#checkUsable({ signal });
    return abortable(this.purge({ by: 'expired', limit }), signal);
  }

  /**
   * Removes entries by a strategy, in slices between which reads and writes get their turn.
   *
   * @returns how many
   * @throws TypeError or RangeError when the request is wrong, or would remove everything by oversight
   */
  async purge(request: PurgeRequest): Promise<number> {
    this.#checkUsable();
    const settings = purgeSettings(request);
    const isByTime = settings.by === 'expired';
    const entries = isByTime
      ? await this.#sweeper.removeExpired(settings.limit)
      : await this.#sweeper.purge(settings);
    if (entries > 0) this.#events.emit('purge', { by: settings.by, entries });
    return entries;
  }

  /**
   * What is known of the entries that match, without their values.
   *
   * @throws TypeError or RangeError when the query is wrong
   */
  async query(query: EntryQuery = {}): Promise<EntryInfo[]> {
    this.#checkUsable();
    return this.#sweeper.query(query);
  }

  /**
   * Reads every file, removes entries whose files are damaged or missing and files that no entry has.
   * Other work gets its turn in between.
   */
  async verify(): Promise<FolderVerification> {
    this.#checkUsable();
    return verify(this.#folder, this.#sweeper, (frame) => void this.#codec.decode(frame));
  }

  /** Removes what nobody can read any more, and makes the journal as short as it can be. */
  async compact(): Promise<void> {
    this.#checkUsable();
    await this.#sweeper.removeExpired(Infinity);
    await this.#sweeper.removeOrphans();
    await this.#folder.compact();
  }

  /** What all processes keep in the folder. */
  async stats(): Promise<StoreStats> {
    this.#checkUsable();
    await this.#folder.settle();
    const { state, evictions } = this.#folder;
    const { expirations } = this.#sweeper;
    return { entries: state.entries.size, bytes: state.bytes, evictions, expirations };
  }

  /**
   * The position of the last change that any process made, for the `since` of a write. Answers at
   * once unless changes of this store are on their way.
   */
  mark(): Awaitable<number> {
    this.#checkUsable();
    return this.#folder.mark();
  }

  /**
   * What other stores over the same folder changed after `cursor`, a position from `mark` or from an
   * earlier call: up to 1,000 keys that were written or deleted, or `'all'`, also after an invalidation
   * or a clear.
   */
  changesSince(cursor: number): Awaitable<StoreChanges> {
    this.#checkUsable();
    return this.#folder.changesSince(cursor);
  }

  /**
   * The right to load `key` alone, for `ttlMs` unless renewed; `undefined` while another store over the
   * same folder, or this one, has given it away. Closing the store gives its leases back; those of a
   * process that died end at their deadlines.
   *
   * @param ttlMs - milliseconds, above 0 and at most a day
   * @throws {@link StoreWriteError} when the journal cannot be written
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

  #facts(this: void, self: FileStore): object {
    return {
      name: self.name,
      directory: self.#directory,
      closed: self.#closing !== undefined,
    };
  }

  async #close(): Promise<void> {
    await this.#leases.close();
    await this.#folder.close();
  }

  async #invalidate(target: InvalidationTarget): Promise<void> {
    await this.#folder.invalidate(target);
    await this.#sweeper.boundStamps();
  }

  readonly #toEntry = (facts: EntryFacts, frame: Uint8Array): Entry =>
    toEntry(facts, this.#codec.decode(frame));

  #sinceOf(options: SetOptions | undefined): number | undefined {
    const since = options?.since;
    return since === undefined ? undefined : this.#folder.journal.toOwnPosition(since);
  }

  #checkUsable(options?: CallOptions): void {
    if (this.#closing !== undefined) throw new ClosedError(`store "${this.name}"`);
    checkStoreCall(options);
    signalOption(options?.signal)?.throwIfAborted();
  }
}

/** Outside of the class, which bundlers rename when it mentions itself, so that `console.log` shows `_FileStore`. */
function create(...parts: Parts): FileStore {
  return Reflect.construct(FileStore, parts) as FileStore;
}
