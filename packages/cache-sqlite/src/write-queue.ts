import { setImmediate } from 'node:timers/promises';
import type { EntryRow } from './entry-row.ts';
import type { StoreTransaction } from './store-transaction.ts';

/** Changes that go into one transaction, so that none holds up the event loop for long. */
const changesPerTransaction = 256;
const bytesPerTransaction = 4 * 1_024 * 1_024;

/** One change of the tables, on its way. */
interface Change {
  /** The key of which reads must know what the change makes; `undefined` when they need not. */
  readonly key: string | undefined;
  /** What it makes of the key; `null` for gone. */
  readonly row: EntryRow | null;
  run(transaction: StoreTransaction): void;
  resolve(): void;
  reject(error: unknown): void;
}

/** Commits changes: all of them or none. */
export type Commit = (use: (transaction: StoreTransaction) => void) => Promise<void>;

/**
 * Changes on their way to the database, one after the other. Those of one turn of the event loop go
 * into one transaction; reads ask here first.
 */
export class WriteQueue {
  readonly #commit: Commit;
  readonly #pending = new Map<string, Change>();
  #collecting: Change[] | undefined;
  #tail: Promise<void> = Promise.resolve();
  #unfinished = 0;

  constructor(commit: Commit) {
    this.#commit = commit;
  }

  /** What the database will hold at `key`, `null` for nothing; `undefined` when nothing is pending. */
  pending(key: string): EntryRow | null | undefined {
    return this.#pending.get(key)?.row;
  }

  /**
   * Puts `row` in its place; settles when it is committed.
   *
   * @param since - a change after this position wins, so that reads must not see the row before
   */
  put(row: EntryRow, since: number | undefined): Promise<void> {
    const key = since === undefined ? row.key : undefined;
    return this.#add(key, row, (transaction) => transaction.put(row, since));
  }

  /** Removes `key`; `true` when it could have been read until `now`. */
  async remove(key: string, now: number): Promise<boolean> {
    let wasThere = false;
    await this.#add(key, null, (transaction) => {
      wasThere = transaction.removeKey(key, now);
    });
    return wasThere;
  }

  /** Changes the tables in a way that no read needs to see before it is committed. */
  change(run: (transaction: StoreTransaction) => void): Promise<void> {
    return this.#add(undefined, null, run);
  }

  /** Whether nothing is on its way. */
  get isIdle(): boolean {
    return this.#unfinished === 0;
  }

  /** Runs `task` after all changes so far and before all later ones. */
  async exclusive<T>(task: () => Promise<T>): Promise<T> {
    this.#collecting = undefined;
    this.#unfinished++;
    const result = this.#tail.then(task).finally(() => this.#unfinished--);
    this.#tail = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Settles when every change so far is done. */
  settled(): Promise<void> {
    return this.exclusive(() => Promise.resolve());
  }

  #add(
    key: string | undefined,
    row: EntryRow | null,
    run: (transaction: StoreTransaction) => void,
  ): Promise<void> {
    this.#unfinished++;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const change: Change = { key, row, run, resolve, reject };
    if (key !== undefined) this.#pending.set(key, change);
    if (this.#collecting === undefined) this.#collect();
    this.#collecting?.push(change);
    return promise;
  }

  #collect(): void {
    const changes: Change[] = [];
    this.#collecting = changes;
    const turn = setImmediate();
    this.#tail = Promise.all([this.#tail, turn]).then(() => {
      if (this.#collecting === changes) this.#collecting = undefined;
      return this.#run(changes);
    });
  }

  async #run(changes: readonly Change[]): Promise<void> {
    for (let start = 0; start < changes.length;) {
      const end = endOfTransaction(changes, start);
      await this.#apply(changes.slice(start, end));
      start = end;
      if (start < changes.length) await setImmediate();
    }
  }

  async #apply(changes: readonly Change[]): Promise<void> {
    try {
      await this.#commit((transaction) => {
        for (const change of changes) change.run(transaction);
      });
    } catch (error) {
      // One change that the database refuses must not fail the others of its turn.
      if (changes.length > 1) for (const change of changes) await this.#apply([change]);
      else for (const change of changes) this.#finish(change, () => change.reject(error));
      return;
    }
    for (const change of changes) this.#finish(change, () => change.resolve());
  }

  #finish(change: Change, settle: () => void): void {
    this.#unfinished--;
    if (change.key !== undefined && this.#pending.get(change.key) === change) {
      this.#pending.delete(change.key);
    }
    settle();
  }
}

function endOfTransaction(changes: readonly Change[], start: number): number {
  let bytes = 0;
  let end = start;
  while (end < changes.length && end - start < changesPerTransaction) {
    bytes += changes[end]?.row?.value.length ?? 0;
    if (bytes > bytesPerTransaction && end > start) break;
    end++;
  }
  return end;
}
