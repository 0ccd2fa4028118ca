import { FrameError } from '@x/codec';
import { type Awaitable, type Clock, StoreReadError, StoreWriteError } from '@x/interfaces';
import { EntryFiles } from './entry-files.ts';
import { decodeHead, type EntryHead } from './entry-image.ts';
import { EntryIndex, type IndexedEntry } from './entry-index.ts';
import type { DamagedEntryEvent } from './file-store-options.ts';
import { Gate } from './gate.ts';
import { rebuildIndex } from './index-rebuild.ts';
import { keyId } from './key-id.ts';
import { type Target, WriteQueue } from './write-queue.ts';

/** Files read or written at the same time, each way. */
const filesInFlight = 16;

/** What a folder needs to know of the store around it. */
export interface FolderSettings {
  /** The folder of the files. */
  readonly root: string;
  /** The store's name, for errors. */
  readonly name: string;
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Told of a file that was no intact entry and has been removed. */
  onDamaged(event: DamagedEntryEvent): void;
  /** Told what failed without anybody waiting for it. */
  onLost(what: string, error: unknown): void;
}

/** Reads an entry's value from its head and the frame. */
export type FrameReader<T> = (head: EntryHead, frame: Buffer) => T;

/**
 * The entries of one folder as heads and frames: what is on the disk, what is on its way there, and
 * the index of both. The order of calls is the order of effects for each key.
 */
export class EntryFolder {
  readonly #settings: FolderSettings;
  readonly #files: EntryFiles;
  readonly #queue: WriteQueue;
  readonly #index = new EntryIndex();
  #sequence = 0;
  #evictions = 0;

  constructor(settings: FolderSettings) {
    this.#settings = settings;
    this.#files = new EntryFiles(settings.root, new Gate(filesInFlight));
    this.#queue = new WriteQueue(new Gate(filesInFlight), (id, target) => this.#apply(id, target));
  }

  /** What is known of the entries without reading their files. */
  get index(): EntryIndex {
    return this.#index;
  }

  /** Entries removed to stay within the bounds. */
  get evictions(): number {
    return this.#evictions;
  }

  /** Learns what the folder holds and removes what interrupted writes left. */
  async load(): Promise<void> {
    await this.#files.sweepTemporary(this.#settings.clock.now());
    await this.refreshIndex();
    await this.evict();
  }

  /** What `reader` makes of the entry; `undefined` when there is none, or none intact. */
  read<T>(key: string, reader: FrameReader<T>): Awaitable<T | undefined> {
    const id = keyId(key);
    const pending = this.#queue.latest(id);
    if (pending === null) return undefined;
    const known = this.#index.get(id);
    const decode = (image: Buffer | undefined): T | undefined => {
      if (image === undefined) {
        if (this.#isUnchanged(id, known)) this.#index.delete(id);
        return undefined;
      }
      const head = decodeHead(image, image.length);
      if (head.key !== key) throw new FrameError('the entry of another key');
      if (this.isExpired(head)) return undefined;
      const value = reader(head, image.subarray(head.frameStart));
      if (this.#index.get(id) === known) this.#learn(id, head);
      return value;
    };
    try {
      const image = pending ?? this.#files.read(id, known !== undefined);
      if (!(image instanceof Promise)) return decode(image);
      return image.then(decode).catch((error: unknown) => this.#failedRead(id, known, error));
    } catch (error) {
      return this.#failedRead(id, known, error);
    }
  }

  /** Settles when the image is in place and the bounds hold. */
  async write(key: string, expiresAt: number | undefined, image: Buffer): Promise<void> {
    const id = keyId(key);
    if (image.length > this.#settings.maxBytes) {
      this.#evictions++;
      return this.removeId(id);
    }
    this.#sequence++;
    const sequence = this.#sequence;
    this.#index.put(id, { key, bytes: image.length, expiresAt, sequence });
    const written = this.#queue.submit(id, image).catch((error: unknown) => {
      if (this.#index.get(id)?.sequence === sequence) this.#index.delete(id);
      throw error;
    });
    await Promise.all([written, this.evict()]);
  }

  /** Removes `key`; `true` when an entry was there that could have been served. */
  async remove(key: string): Promise<boolean> {
    const id = keyId(key);
    const head = this.head(id);
    // Without a head there may still be a removal on its way, which must be over first.
    if (head !== undefined || this.#queue.has(id)) await this.removeId(id);
    return head?.key === key && !this.isExpired(head);
  }

  /** Settles when every write and removal is done. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Calls `visit` for what is pending, at once, and then for each file not written since. */
  async visit(visit: (id: string) => void): Promise<void> {
    const sequence = this.#sequence;
    for (const id of this.#queue.ids()) visit(id);
    for await (const ids of this.#files.ids()) {
      for (const id of ids) {
        const isNewer = (this.#index.get(id)?.sequence ?? 0) > sequence;
        if (!isNewer && !this.#queue.has(id)) visit(id);
      }
    }
  }

  /** The head at `id`, with the index brought up to it; `undefined` when nothing is there any more. */
  relearn(id: string): EntryHead | undefined {
    const head = this.head(id);
    if (head === undefined) this.#index.delete(id);
    else this.#learn(id, head);
    return head;
  }

  /**
   * The head of what is, or is about to be, on the disk.
   *
   * @throws StoreReadError when the file is there but may not be read
   */
  head(id: string): EntryHead | undefined {
    const pending = this.#queue.latest(id);
    if (pending === null) return undefined;
    if (pending !== undefined) return decodeHead(pending, pending.length);
    try {
      return this.#files.readHead(id);
    } catch (error) {
      return this.#failedRead(id, this.#index.get(id), error);
    }
  }

  /** Removes the least recently used entries beyond the bounds. */
  async evict(): Promise<void> {
    const { maxEntries, maxBytes } = this.#settings;
    const removals: Promise<void>[] = [];
    while (this.#index.size > maxEntries || this.#index.bytes > maxBytes) {
      const id = this.#index.oldest();
      if (id === undefined) break;
      this.#evictions++;
      removals.push(
        this.removeId(id).catch((error: unknown) =>
          this.#settings.onLost('could not evict an entry', error),
        ),
      );
    }
    await Promise.all(removals);
  }

  /** Removes what is at `id`, whatever it is. */
  async removeId(id: string): Promise<void> {
    this.#index.delete(id);
    await this.#queue.submit(id, null);
  }

  /** Whether it must not be served any more. */
  isExpired({ expiresAt }: { readonly expiresAt?: number | undefined }): boolean {
    return expiresAt !== undefined && this.#settings.clock.now() >= expiresAt;
  }

  /** Takes in what other processes wrote or removed. */
  refreshIndex(): Promise<void> {
    return rebuildIndex(
      {
        files: this.#files,
        queue: this.#queue,
        index: this.#index,
        readHead: (id) => this.#headIfReadable(id),
      },
      this.#sequence,
    );
  }

  #headIfReadable(id: string): EntryHead | undefined {
    try {
      return this.head(id);
    } catch (error) {
      this.#settings.onLost('skipped an entry', error);
      return undefined;
    }
  }

  #learn(id: string, head: EntryHead): void {
    const { key, bytes, expiresAt } = head;
    this.#index.put(id, { key, bytes, expiresAt, sequence: this.#index.get(id)?.sequence ?? 0 });
  }

  async #apply(id: string, target: Target): Promise<void> {
    try {
      await (target === null ? this.#files.remove(id) : this.#files.write(id, target));
    } catch (cause) {
      throw new StoreWriteError(this.#settings.name, { cause });
    }
  }

  #failedRead(id: string, known: IndexedEntry | undefined, error: unknown): undefined {
    if (!(error instanceof FrameError)) {
      throw new StoreReadError(this.#settings.name, { cause: error });
    }
    // A read that took its time may have been overtaken by a write, which must not be removed.
    if (!this.#isUnchanged(id, known)) return;
    this.#index.delete(id);
    try {
      this.#files.removeNow(id);
    } catch (lost) {
      this.#settings.onLost('could not remove a damaged file', lost);
    }
    this.#settings.onDamaged({ path: this.#files.path(id), reason: error.reason });
  }

  #isUnchanged(id: string, known: IndexedEntry | undefined): boolean {
    return this.#index.get(id) === known && !this.#queue.has(id);
  }
}
