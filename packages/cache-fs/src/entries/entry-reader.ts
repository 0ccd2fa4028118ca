import { InvalidFrameError } from '@x/codec';
import type { Awaitable } from '@x/interfaces';
import type { FileRetry } from '../files/file-retry.ts';
import type { EntryFacts } from './entry-facts.ts';
import type { EntryFiles } from './entry-files.ts';
import type { EntryRemoval } from './entry-removal.ts';
import type { FolderSettings } from '../folder-settings.ts';
import type { JournalAccess } from '../journal/journal-access.ts';
import type { Put, PutQueue } from './put-queue.ts';
import type { IndexedEntry } from '../state/store-state.ts';

/** A read whose file was replaced meanwhile begins anew, so often. */
const mostAttempts = 10;

/** Reads an entry's value from what is known of it and the frame. */
export type FrameReader<T> = (facts: EntryFacts, frame: Uint8Array) => T;

/** What an {@link EntryReader} reads from. */
export interface EntryReaderParts {
  readonly access: JournalAccess;
  readonly files: EntryFiles;
  readonly queue: PutQueue;
  readonly removal: EntryRemoval;
  readonly retry: FileRetry;
  readonly onDamaged: FolderSettings['onDamaged'];
}

/** Reads entries: on their way to the disk, or from their files; what is damaged goes. */
export class EntryReader {
  readonly #access: JournalAccess;
  readonly #files: EntryFiles;
  readonly #queue: PutQueue;
  readonly #removal: EntryRemoval;
  readonly #retry: FileRetry;
  readonly #onDamaged: FolderSettings['onDamaged'];

  constructor({ access, files, queue, removal, retry, onDamaged }: EntryReaderParts) {
    this.#access = access;
    this.#files = files;
    this.#queue = queue;
    this.#removal = removal;
    this.#retry = retry;
    this.#onDamaged = onDamaged;
  }

  /** What `reader` makes of the entry; `undefined` when there is none, or none intact. */
  read<T>(key: string, reader: FrameReader<T>): Awaitable<T | undefined> {
    const pending = this.#queue.latest(key);
    if (pending !== undefined) return this.#readPending(pending, reader);
    const isExpected = this.#access.journal.state.entries.has(key);
    if (!isExpected && this.#access.journal.isFresh()) return undefined;
    const behind = this.#access.catchUp(isExpected);
    if (behind === undefined) return this.#readNow(key, reader, 1);
    return behind.then(() => this.#readNow(key, reader, 1));
  }

  #readPending<T>({ record, image }: Put, reader: FrameReader<T>): T | undefined {
    if (this.#access.isExpired(record)) return undefined;
    return reader(record, image.frame);
  }

  #readNow<T>(key: string, reader: FrameReader<T>, attempt: number): Awaitable<T | undefined> {
    const entry = this.#access.journal.state.entries.get(key);
    if (entry === undefined || !this.#access.isLive(entry)) return undefined;
    try {
      const frame = this.#files.read(entry, entry.bytes);
      if (!(frame instanceof Promise)) return this.#decode(entry, frame, reader, attempt);
      return frame.then(
        (bytes) => this.#decode(entry, bytes, reader, attempt),
        (error: unknown) => this.#readOn(entry, error, reader, attempt),
      );
    } catch (error) {
      return this.#readOn(entry, error, reader, attempt);
    }
  }

  /** Reads the file that the entry has after a pause, where that may help. */
  #readOn<T>(
    entry: IndexedEntry,
    error: unknown,
    reader: FrameReader<T>,
    attempt: number,
  ): Awaitable<T | undefined> {
    if (!this.#retry.mayHelp(error, attempt)) return this.#failedRead(entry, error);
    return this.#readLater(entry.key, reader, attempt);
  }

  async #readLater<T>(
    key: string,
    reader: FrameReader<T>,
    attempt: number,
  ): Promise<T | undefined> {
    await this.#retry.pause(attempt);
    await this.#access.catchUp();
    return this.#readNow(key, reader, attempt + 1);
  }

  #decode<T>(
    entry: IndexedEntry,
    frame: Buffer | undefined,
    reader: FrameReader<T>,
    attempt: number,
  ): Awaitable<T | undefined> {
    if (frame === undefined) return this.#readAgain(entry, reader, attempt);
    try {
      const value = reader(entry, frame);
      entry.isVisited = true;
      return value;
    } catch (error) {
      return this.#failedRead(entry, error);
    }
  }

  /** Reads on when the file is gone because another entry has taken its place. */
  #readAgain<T>(
    entry: IndexedEntry,
    reader: FrameReader<T>,
    attempt: number,
  ): Awaitable<T | undefined> {
    const retry = (): Awaitable<T | undefined> => {
      const isReplaced = this.#access.journal.state.entries.get(entry.key) !== entry;
      if (isReplaced && attempt < mostAttempts) {
        return this.#readNow(entry.key, reader, attempt + 1);
      }
      if (!isReplaced) this.#removal.forget(entry);
      return undefined;
    };
    const behind = this.#access.catchUp();
    return behind === undefined ? retry() : behind.then(retry);
  }

  #failedRead(entry: IndexedEntry, error: unknown): undefined {
    if (!(error instanceof InvalidFrameError)) throw this.#access.readError(error);
    this.#damaged(entry, error.reason);
  }

  /** Reads the entry's file, removes the entry when it is damaged or missing, and tells whether it stays. */
  async isIntact(entry: IndexedEntry, check: (frame: Buffer) => void): Promise<boolean> {
    const problem = await this.#problemOf(entry, check, 1);
    if (problem === undefined) return true;
    await this.#access.catchUp();
    if (this.#access.journal.state.entries.get(entry.key) !== entry) return true;
    this.#failedRead(entry, problem);
    return false;
  }

  async #problemOf(
    entry: IndexedEntry,
    check: (frame: Buffer) => void,
    attempt: number,
  ): Promise<unknown> {
    try {
      const found = this.#files.read(entry, entry.bytes);
      // What was read at once lies where the next read goes: nothing may come in between.
      const frame = found instanceof Promise ? await found : found;
      if (frame === undefined) return new InvalidFrameError('missing');
      check(frame);
      return undefined;
    } catch (error) {
      if (!this.#retry.mayHelp(error, attempt)) return error;
    }
    await this.#retry.pause(attempt);
    return this.#problemOf(entry, check, attempt + 1);
  }

  /** Removes an entry whose file is of no use, and tells so. */
  #damaged(entry: IndexedEntry, reason: string): void {
    this.#removal.removeFile(entry);
    this.#removal.forget(entry);
    this.#onDamaged({ path: this.#files.path(entry), reason });
  }
}
