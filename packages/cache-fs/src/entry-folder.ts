import { FrameError } from '@x/codec';
import {
  type Awaitable,
  type Clock,
  type InvalidationTarget,
  type StoreChanges,
  StoreReadError,
  StoreWriteError,
} from '@x/interfaces';
import type { Bounds } from '@x/store-kit';
import { EntryFiles } from './entry-files.ts';
import { encodeImage, frameOf } from './entry-image.ts';
import { Eviction } from './eviction.ts';
import { Journal, type NewRecord } from './journal.ts';
import type { EntryFacts } from './entry-facts.ts';
import { type Put, PutQueue } from './put-queue.ts';
import type { IndexedEntry, Outcome, StoreState } from './store-state.ts';
import { isCode } from './system-error.ts';
import { TurnBudget } from './turn-budget.ts';

/** A read whose file was replaced meanwhile begins anew, so often. */
const mostAttempts = 10;
/** On a full disk so many entries go at first to make room for a change that must not be lost. */
const entriesForRoom = 8;
const entriesPerRecord = 200;

/** Why a file is of no use. */
export interface FileDamage {
  readonly path: string;
  readonly reason: string;
}

/** What a folder needs to know of the store around it. */
export interface FolderSettings extends Bounds {
  /** The folder of the files. */
  readonly root: string;
  /** The store's name, for errors. */
  readonly name: string;
  readonly clock: Clock;
  /** Told of a file that was no intact entry and has been removed. */
  readonly onDamaged: (damage: FileDamage) => void;
  /** Told what failed without anybody waiting for it. */
  readonly onLost: (what: string, error: unknown) => void;
  /** Told that entries had to go to stay within the bounds. */
  readonly onEvicted: (entries: number) => void;
  /** Told that everything that was known is void. */
  readonly onReplaced: () => void;
}

/** Reads an entry's value from what is known of it and the frame. */
export type FrameReader<T> = (facts: EntryFacts, frame: Buffer) => T;

/**
 * The entries of a folder: their files, the journal that says which of them count, and what is on its
 * way to both. The order of calls is the order of effects for each key.
 */
export class EntryFolder {
  readonly settings: FolderSettings;
  readonly budget: TurnBudget;
  readonly files: EntryFiles;
  readonly journal: Journal;
  readonly queue: PutQueue;
  readonly eviction: Eviction = new Eviction();
  readonly #isBounded: boolean;
  #evictions = 0;

  /** Learns what the folder holds. */
  static async open(settings: FolderSettings): Promise<EntryFolder> {
    const { root, clock, onReplaced } = settings;
    const journal = await Journal.open(root, clock, {
      replaced: onReplaced,
      abandoned: (entries) => entries.forEach((entry) => folder.#removeFile(entry)),
    });
    const folder: EntryFolder = new EntryFolder(settings, journal);
    await folder.#evict();
    return folder;
  }

  private constructor(settings: FolderSettings, journal: Journal) {
    const { root, clock, maxEntries, maxBytes } = settings;
    this.settings = settings;
    this.journal = journal;
    this.budget = new TurnBudget(clock);
    this.files = new EntryFiles(root, clock);
    this.#isBounded = maxEntries !== Infinity || maxBytes !== Infinity;
    this.queue = new PutQueue({
      writer: journal.writer,
      files: this.files,
      budget: this.budget,
      commit: (put) => this.#commit(put),
      toError: (cause) => this.#writeError(cause),
    });
  }

  get state(): StoreState {
    return this.journal.state;
  }

  get isBounded(): boolean {
    return this.#isBounded;
  }

  /** Entries removed to stay within the bounds. */
  get evictions(): number {
    return this.#evictions;
  }

  /** What `reader` makes of the entry; `undefined` when there is none, or none intact. */
  read<T>(key: string, reader: FrameReader<T>): Awaitable<T | undefined> {
    const pending = this.queue.latest(key);
    if (pending !== undefined) return this.#readPending(pending, reader);
    const isExpected = this.state.entries.has(key);
    if (!isExpected && this.journal.isFresh()) return undefined;
    const behind = this.#catchUp(isExpected);
    if (behind === undefined) return this.#readNow(key, reader, 1);
    return behind.then(() => this.#readNow(key, reader, 1));
  }

  /** Settles when the entry is in place and the bounds hold. */
  write(facts: EntryFacts, frame: Uint8Array): Awaitable<void> {
    const n = this.journal.nextNumber();
    const name = this.files.name({ by: this.journal.writer, n });
    const image = encodeImage(name, frame);
    if (image.length > this.settings.maxBytes) return this.#displace(facts);
    return this.queue.submit({ record: { type: 'put', n, ...facts, bytes: image.length }, image });
  }

  /** Removes keys; answers how many entries were there that could have been served. */
  async remove(keys: readonly string[]): Promise<number> {
    let found = 0;
    const records = keys.map((key): NewRecord => {
      const pending = this.queue.drop(key);
      if (pending !== undefined && !this.isExpired(pending.record)) found++;
      return { type: 'delete', key };
    });
    const outcomes = await this.appendSurely(records);
    const removed = outcomes.flatMap((outcome) => outcome.removed);
    found += removed.filter((entry) => this.isLive(entry)).length;
    await this.removeFiles(removed);
    return Math.min(found, keys.length);
  }

  /** Makes what `target` matches unreadable. */
  async invalidate({ pattern, tags }: InvalidationTarget): Promise<void> {
    if (pattern === undefined) {
      const wanted = new Set(tags);
      this.queue.dropWhere(({ record }) => record.tags?.some((tag) => wanted.has(tag)) ?? false);
      await this.appendSurely([{ type: 'tags', tags }]);
      return;
    }
    this.queue.dropWhere(({ record }) => pattern.matches(record.key));
    const { literalPrefix: prefix, regexSource: source, regexFlags: flags } = pattern;
    await this.appendSurely([{ type: 'pattern', prefix, source, flags }]);
  }

  async clear(): Promise<void> {
    this.queue.dropWhere(() => true);
    const outcomes = await this.appendSurely([{ type: 'clear' }]);
    await this.removeFiles(outcomes.flatMap(({ removed }) => removed));
  }

  /** Settles when nothing is on its way and everything that others did is known. */
  async settle(): Promise<void> {
    await this.queue.settled();
    await this.#catchUp();
  }

  /** Removes entries unless they were replaced meanwhile; answers how many went. */
  async removeEntries(entries: readonly IndexedEntry[]): Promise<number> {
    let count = 0;
    for (let start = 0; start < entries.length; start += entriesPerRecord) {
      const some = entries.slice(start, start + entriesPerRecord);
      const [outcome] = await this.append([removalOf(some)]);
      const removed = outcome?.removed ?? [];
      count += removed.length;
      await this.removeFiles(removed);
    }
    return count;
  }

  /** @throws StoreWriteError when the journal cannot be written */
  append(records: readonly NewRecord[]): Awaitable<readonly Outcome[]> {
    try {
      const outcomes = this.journal.append(records);
      if (!(outcomes instanceof Promise)) return outcomes;
      return outcomes.catch((cause: unknown) => {
        throw this.#writeError(cause);
      });
    } catch (cause) {
      throw this.#writeError(cause);
    }
  }

  /** Like {@link append}, for what must not be lost: on a full disk entries go to make room for it. */
  async appendSurely(records: readonly NewRecord[]): Promise<readonly Outcome[]> {
    let victims: IndexedEntry[] | undefined;
    const sacrificed: IndexedEntry[] = [];
    for (;;) {
      try {
        const outcomes = await this.append(records);
        if (sacrificed.length > 0) await this.removeEntries(sacrificed);
        return outcomes;
      } catch (error) {
        const isFull = isCode((error as Error).cause, 'ENOSPC', 'EDQUOT');
        victims ??= Array.from(this.state.entries.values());
        // Twice as many each time: what was written of the records takes room as well.
        const some = victims.splice(0, Math.max(entriesForRoom, sacrificed.length));
        if (!isFull || some.length === 0) throw error;
        for (const entry of some) this.#removeFile(entry);
        sacrificed.push(...some);
      }
    }
  }

  /** Whether it must not be served any more, by its time. */
  isExpired({ expiresAt }: { readonly expiresAt?: number | undefined }): boolean {
    return expiresAt !== undefined && this.settings.clock.now() >= expiresAt;
  }

  /** Whether it can be served. */
  isLive(entry: IndexedEntry): boolean {
    return !this.isExpired(entry) && !this.state.isHidden(entry);
  }

  /** Removes files that nobody needs, with pauses for others. */
  removeFiles(entries: readonly IndexedEntry[]): Promise<void> {
    return this.budget.forEach(entries, (entry) => this.#removeFile(entry));
  }

  /** The position of the last change, of those of this store that are on their way as well. */
  mark(): Awaitable<number> {
    const read = (): Awaitable<number> => {
      const behind = this.#catchUp();
      return behind === undefined
        ? this.journal.position
        : behind.then(() => this.journal.position);
    };
    return this.queue.isIdle ? read() : this.queue.settled().then(read);
  }

  /** What other users of the folder changed after `cursor`. */
  changesSince(cursor: number): Awaitable<StoreChanges> {
    const { journal } = this;
    const answer = (): StoreChanges => ({
      cursor: journal.position,
      keys: journal.changesSince(cursor),
    });
    const behind = this.#catchUp();
    return behind === undefined ? answer() : behind.then(answer);
  }

  /** Makes the journal short. */
  async compact(): Promise<void> {
    try {
      await this.journal.rotate();
    } catch (cause) {
      throw this.#writeError(cause);
    }
  }

  async close(): Promise<void> {
    await this.queue.settled();
    await this.journal.close();
    this.files.close();
  }

  #catchUp(isQuick = false): Promise<void> | undefined {
    try {
      return this.journal.catchUp(isQuick)?.catch((cause: unknown) => {
        throw this.#readError(cause);
      });
    } catch (cause) {
      throw this.#readError(cause);
    }
  }

  #readPending<T>({ record, image }: Put, reader: FrameReader<T>): T | undefined {
    if (this.isExpired(record)) return undefined;
    return reader(record, frameOf(image));
  }

  #readNow<T>(key: string, reader: FrameReader<T>, attempt: number): Awaitable<T | undefined> {
    const entry = this.state.entries.get(key);
    if (entry === undefined || !this.isLive(entry)) return undefined;
    try {
      const frame = this.files.read(entry, entry.bytes);
      if (!(frame instanceof Promise)) return this.#decode(entry, frame, reader, attempt);
      return frame.then(
        (bytes) => this.#decode(entry, bytes, reader, attempt),
        (error: unknown) => this.#failedRead(entry, error),
      );
    } catch (error) {
      return this.#failedRead(entry, error);
    }
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
      const isReplaced = this.state.entries.get(entry.key) !== entry;
      if (isReplaced && attempt < mostAttempts) {
        return this.#readNow(entry.key, reader, attempt + 1);
      }
      if (!isReplaced) this.#forget(entry);
      return undefined;
    };
    const behind = this.#catchUp();
    return behind === undefined ? retry() : behind.then(retry);
  }

  #failedRead(entry: IndexedEntry, error: unknown): undefined {
    if (!(error instanceof FrameError)) throw this.#readError(error);
    this.#damaged(entry, error.reason);
  }

  /** Reads the entry's file, removes the entry when it is damaged or missing, and tells whether it stays. */
  async isIntact(entry: IndexedEntry, check: (frame: Buffer) => void): Promise<boolean> {
    try {
      const frame = await this.files.read(entry, entry.bytes);
      await this.#catchUp();
      if (this.state.entries.get(entry.key) !== entry) return true;
      if (frame === undefined) throw new FrameError('missing');
      check(frame);
      return true;
    } catch (error) {
      this.#failedRead(entry, error);
      return false;
    }
  }

  /** Removes an entry whose file is of no use, and tells so. */
  #damaged(entry: IndexedEntry, reason: string): void {
    this.#removeFile(entry);
    this.#forget(entry);
    this.settings.onDamaged({ path: this.files.path(entry), reason });
  }

  /** Removes an entry that has no file any more. Nobody waits for it. */
  #forget(entry: IndexedEntry): void {
    const lost = (error: unknown): void => this.settings.onLost('could not forget a file', error);
    try {
      const done = this.append([removalOf([entry])]);
      if (done instanceof Promise) done.catch(lost);
    } catch (error) {
      lost(error);
    }
  }

  #commit(put: Put): Awaitable<void> {
    const file = { by: this.journal.writer, n: put.record.n };
    const finish = ([outcome]: readonly Outcome[]): Awaitable<void> => {
      if (outcome?.isApplied === false) this.#removeFile(file);
      for (const entry of outcome?.removed ?? []) this.#removeFile(entry);
      if (this.#isBounded && !this.state.isWithin(this.settings)) return this.#evict();
      return undefined;
    };
    const failed = (error: unknown): never => {
      this.#removeFile(file);
      throw error;
    };
    try {
      const outcomes = this.append([put.record]);
      return outcomes instanceof Promise ? outcomes.then(finish, failed) : finish(outcomes);
    } catch (error) {
      return failed(error);
    }
  }

  /** Makes room; what cannot be removed now is removed by a later write. */
  async #evict(): Promise<void> {
    const { settings, state } = this;
    if (!this.#isBounded) return;
    while (!this.state.isWithin(settings)) {
      const chosen = this.eviction.choose(state, settings, entriesPerRecord, (entry) =>
        this.isLive(entry),
      );
      try {
        const removed = await this.removeEntries(chosen);
        this.#evictions += removed;
        if (removed > 0) settings.onEvicted(removed);
      } catch (error) {
        settings.onLost('could not evict an entry', error);
        return;
      }
    }
  }

  /** Takes an entry that is too large for the whole store in by removing what is in its place. */
  async #displace({ key, since }: EntryFacts): Promise<void> {
    this.#evictions++;
    this.settings.onEvicted(1);
    if (since === undefined) {
      await this.remove([key]);
      return;
    }
    await this.settle();
    const entry = this.state.entries.get(key);
    if (entry !== undefined && entry.position <= since) await this.removeEntries([entry]);
  }

  #removeFile(file: { readonly by: string; readonly n: number }): void {
    try {
      this.files.removeNow(file);
    } catch (error) {
      this.settings.onLost('could not remove a file', error);
    }
  }

  #readError(cause: unknown): StoreReadError {
    return cause instanceof StoreReadError
      ? cause
      : new StoreReadError(this.settings.name, { cause });
  }

  #writeError(cause: unknown): StoreWriteError {
    return cause instanceof StoreWriteError
      ? cause
      : new StoreWriteError(this.settings.name, { cause });
  }
}

function removalOf(entries: readonly IndexedEntry[]): NewRecord {
  return { type: 'remove', entries: entries.map(({ key, position }) => [key, position] as const) };
}
