import type { Awaitable } from '@x/interfaces';
import type { EntryFiles, FileId } from './entry-files.ts';
import type { EntryImage } from './entry-image.ts';
import type { FileRetry } from '../files/file-retry.ts';
import type { PutRecord } from '../journal/journal-record.ts';
import type { TurnBudget } from '../turn-budget.ts';

/** Large files that are written at the same time. */
const mostRunning = 16;

/** An entry that is to be kept. */
export interface Put {
  /** What the journal is to say once the file is there. */
  readonly record: Omit<PutRecord, 'by'>;
  readonly image: EntryImage;
}

/** What a {@link PutQueue} works on. */
export interface PutQueueParts {
  readonly writer: string;
  readonly files: EntryFiles;
  readonly budget: TurnBudget;
  /** Makes the entry visible; its file is there. */
  readonly commit: (put: Put) => Awaitable<void>;
  readonly retry: FileRetry;
  /** Removes a file that is not needed after all; nobody waits for it. */
  readonly discard: (file: FileId) => void;
  /** The error to reject with when a file cannot be written. */
  readonly toError: (cause: unknown) => Error;
}

class PendingPut {
  readonly put: Put;
  readonly settled: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  isDropped = false;

  constructor(put: Put) {
    this.put = put;
  }
}

/**
 * Entries on their way to the disk. A small one is written when it comes; a large one, and what comes
 * when this turn of the event loop has been held up long enough, is written later. Of the entries of a
 * key that are on their way only the newest is kept.
 */
export class PutQueue {
  readonly #parts: PutQueueParts;
  readonly #waiting = new Set<PendingPut>();
  readonly #running = new Set<PendingPut>();
  readonly #latest = new Map<string, PendingPut>();
  #isDraining = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(parts: PutQueueParts) {
    this.#parts = parts;
  }

  /** What is on its way for a key and will be there unless something else happens to the key. */
  latest(key: string): Put | undefined {
    return this.#latest.get(key)?.put;
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#running.size === 0;
  }

  /** Settles when nothing is on its way. */
  async settled(): Promise<void> {
    if (this.isIdle) return;
    this.#idle ??= Promise.withResolvers<void>();
    await this.#idle.promise;
  }

  /** Settles when the entry is kept, or a later change of its key. */
  submit(put: Put): Awaitable<void> {
    const { key, since } = put.record;
    const { files, budget } = this.#parts;
    const earlier = since === undefined ? this.#latest.get(key) : undefined;
    if (earlier !== undefined) this.#drop(earlier);
    const isNow =
      this.#waiting.size === 0 && files.isWrittenAtOnce(put.image.bytes) && budget.hasTime();
    const done = isNow ? this.#writeNow(put) : this.#enqueue(put);
    earlier?.settled.resolve(done);
    return done;
  }

  /** Gives up what is on its way for a key; answers it. */
  drop(key: string): Put | undefined {
    const pending = this.#latest.get(key);
    if (pending === undefined) return undefined;
    this.#drop(pending);
    pending.settled.resolve();
    return pending.put;
  }

  /** Gives up what is on its way and matches. */
  dropWhere(matches: (put: Put) => boolean): void {
    for (const [key, { put }] of this.#latest) if (matches(put)) this.drop(key);
  }

  #drop(pending: PendingPut): void {
    pending.isDropped = true;
    this.#latest.delete(pending.put.record.key);
    this.#waiting.delete(pending);
    this.#checkIdle();
  }

  #writeNow(put: Put): Awaitable<void> {
    const { files, writer, retry, commit, toError } = this.#parts;
    try {
      files.writeNow({ by: writer, n: put.record.n }, put.image);
    } catch (error) {
      return retry.mayHelp(error, 1) ? this.#enqueue(put) : Promise.reject(toError(error));
    }
    return commit(put);
  }

  #enqueue(put: Put): Promise<void> {
    const { key, since } = put.record;
    const pending = new PendingPut(put);
    this.#waiting.add(pending);
    if (since === undefined) this.#latest.set(key, pending);
    if (!this.#isDraining) void this.#drain();
    return pending.settled.promise;
  }

  async #drain(): Promise<void> {
    const { budget } = this.#parts;
    this.#isDraining = true;
    for (const pending of this.#waiting) {
      if (!budget.hasTime()) await budget.nextTurn();
      if (this.#running.size === mostRunning) break;
      if (this.#waiting.delete(pending)) void this.#run(pending);
    }
    this.#isDraining = false;
  }

  async #run(pending: PendingPut): Promise<void> {
    const { put, settled } = pending;
    const { key, n } = put.record;
    const { writer, commit, discard } = this.#parts;
    this.#running.add(pending);
    try {
      await this.#makeFile(put);
      if (pending.isDropped) discard({ by: writer, n });
      else await commit(put);
      settled.resolve();
    } catch (error) {
      settled.reject(error);
    }
    this.#running.delete(pending);
    if (this.#latest.get(key) === pending) this.#latest.delete(key);
    if (!this.#isDraining && this.#waiting.size > 0) void this.#drain();
    this.#checkIdle();
  }

  async #makeFile({ record, image }: Put): Promise<void> {
    const { files, writer, retry, toError } = this.#parts;
    const file = { by: writer, n: record.n };
    try {
      await retry.run(async () => {
        if (files.isWrittenAtOnce(image.bytes)) files.writeNow(file, image);
        else await files.write(file, image);
      });
    } catch (error) {
      throw toError(error);
    }
  }

  #checkIdle(): void {
    if (!this.isIdle) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}
