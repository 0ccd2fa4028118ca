import type { Codec } from '@x/codec';
import {
  type Awaitable,
  type CallOptions,
  ClosedError,
  type Entry,
  EventHub,
  type EventSource,
  type InvalidationTarget,
  type KeysOptions,
  type Listener,
  type Logger,
  numberOption,
  type PurgeOptions,
  type SetOptions,
  type Store,
  type StoreStats,
} from '@x/interfaces';
import { abortable } from './abortable.ts';
import { EntryFolder } from './entry-folder.ts';
import { encodeImage, type EntryHead, toEntry } from './entry-image.ts';
import {
  type CheckedOptions,
  checkOptions,
  type DamagedEntryEvent,
  type FileStoreEvents,
  type FileStoreOptions,
} from './file-store-options.ts';
import { FolderSweeps } from './folder-sweeps.ts';
import { openDirectory } from './store-directory.ts';
import { WorkGroup } from './work-group.ts';

/**
 * Keeps entries as files in a folder, one for each. What `set` acknowledged survives the death of
 * the process; a damaged file is a miss. Several processes may share the folder.
 */
export class FileStore implements Store, EventSource<FileStoreEvents> {
  readonly name: string;
  readonly #codec: Codec;
  readonly #logger: Logger | undefined;
  readonly #folder: EntryFolder;
  readonly #sweeps: FolderSweeps;
  readonly #events: EventHub<FileStoreEvents>;
  #closing: Promise<void> | undefined;

  /**
   * Opens the folder, creates it when missing, and learns what it holds.
   *
   * @throws TypeError or RangeError when an option is wrong
   * @throws {@link StoreOpenError} when the folder cannot be used
   */
  static async open(options: FileStoreOptions): Promise<FileStore> {
    const checked = checkOptions(options);
    const store = new FileStore(checked, await openDirectory(checked.directory));
    await store.#folder.load();
    return store;
  }

  private constructor(options: CheckedOptions, root: string) {
    this.name = options.name;
    this.#codec = options.codec;
    this.#logger = options.logger;
    this.#events = new EventHub((error) => this.#report('error', 'a listener failed', error));
    this.#folder = new EntryFolder({
      root,
      name: options.name,
      maxEntries: options.maxEntries,
      maxBytes: options.maxBytes,
      clock: options.clock,
      onDamaged: (event) => this.#onDamaged(event),
      onLost: (what, error) => this.#report('warn', what, error),
    });
    this.#sweeps = new FolderSweeps(this.#folder);
  }

  on<Name extends keyof FileStoreEvents>(
    name: Name,
    listener: Listener<FileStoreEvents[Name]>,
  ): Disposable {
    return this.#events.on(name, listener);
  }

  /**
   * The entry at `key`, at once for files up to 64 KiB and for misses, later for larger files.
   *
   * @throws {@link StoreReadError} when the file is there but the system does not let us read it
   */
  get(key: string, options?: CallOptions): Awaitable<Entry | undefined> {
    this.#checkUsable(options);
    const found = this.#folder.read(key, this.#toEntry);
    return found instanceof Promise ? abortable(found, options?.signal) : found;
  }

  async getMany(keys: readonly string[], options?: CallOptions): Promise<(Entry | undefined)[]> {
    return Promise.all(keys.map(async (key) => this.get(key, options)));
  }

  /**
   * Replaces what is at `key`; settles when the new file is in place.
   *
   * @throws TypeError naming the path of what cannot be kept
   * @throws an error with code `ERR_ENTRY_TOO_LARGE` when the value exceeds `maxEntryBytes`
   * @throws {@link StoreWriteError} when the system refuses; what was there before stays
   */
  async set(key: string, entry: Entry, options?: SetOptions): Promise<void> {
    this.#checkUsable(options);
    const image = this.#toImage(key, entry);
    await abortable(this.#folder.write(key, entry.expiresAt, image), options?.signal);
  }

  async setMany(
    entries: Iterable<readonly [key: string, entry: Entry]>,
    options?: SetOptions,
  ): Promise<void> {
    this.#checkUsable(options);
    // All are encoded before the first is written, so that a wrong value changes nothing.
    const images = Array.from(
      entries,
      ([key, entry]) => [key, entry.expiresAt, this.#toImage(key, entry)] as const,
    );
    const writes = new WorkGroup();
    for (const image of images) writes.add(this.#folder.write(...image));
    await abortable(writes.settle(), options?.signal);
  }

  async delete(key: string, options?: CallOptions): Promise<boolean> {
    this.#checkUsable(options);
    return abortable(this.#folder.remove(key), options?.signal);
  }

  async deleteMany(keys: readonly string[], options?: CallOptions): Promise<number> {
    const found = await Promise.all(keys.map((key) => this.delete(key, options)));
    return found.filter(Boolean).length;
  }

  async invalidate(target: InvalidationTarget, options?: CallOptions): Promise<number> {
    this.#checkUsable(options);
    return abortable(this.#invalidate(target), options?.signal);
  }

  async *keys(options?: KeysOptions): AsyncGenerator<string> {
    this.#checkUsable(options);
    for await (const key of this.#sweeps.keys(options?.prefix ?? '')) {
      this.#checkUsable(options);
      yield key;
    }
  }

  async clear(options?: CallOptions): Promise<void> {
    this.#checkUsable(options);
    await abortable(this.#sweeps.removeAll(), options?.signal);
  }

  async purgeExpired(options?: PurgeOptions): Promise<number> {
    this.#checkUsable(options);
    const limit = numberOption('limit', options?.limit, Infinity, { min: 0 });
    return abortable(this.#sweeps.removeExpired(limit), options?.signal);
  }

  /** Counts the entries that this process knows: those it wrote or read, and those of the last scan. */
  stats(): StoreStats {
    this.#checkUsable();
    const { index, evictions } = this.#folder;
    const { expirations } = this.#sweeps;
    return { entries: index.size, bytes: index.bytes, evictions, expirations };
  }

  close(): Promise<void> {
    this.#closing ??= this.#folder.idle();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  readonly #toEntry = (head: EntryHead, frame: Buffer): Entry =>
    toEntry(head, this.#codec.decode(frame));

  #toImage(key: string, entry: Entry): Buffer {
    return encodeImage(key, entry, this.#codec.encode(entry.value));
  }

  #invalidate({ pattern, tags }: InvalidationTarget): Promise<number> {
    if (pattern !== undefined) {
      const matches = (key: string): boolean => pattern.matches(key);
      return this.#sweeps.removeWhere((head) => matches(head.key), matches);
    }
    const wanted = new Set(tags);
    return this.#sweeps.removeWhere((head) => head.tags?.some((tag) => wanted.has(tag)) ?? false);
  }

  #onDamaged(event: DamagedEntryEvent): void {
    this.#report('warn', `removed the damaged file ${event.path}`, event.reason);
    this.#events.emit('damaged', event);
  }

  #report(level: 'warn' | 'error', what: string, why: unknown): void {
    this.#logger?.[level](`store "${this.name}": ${what}: ${String(why)}`);
  }

  #checkUsable(options?: CallOptions): void {
    if (this.#closing !== undefined) throw new ClosedError(`store "${this.name}"`);
    options?.signal?.throwIfAborted();
  }
}
