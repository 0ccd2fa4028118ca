import type { EntryRow } from '../tables/entry-row.ts';
import type { CommitPace } from './commit-pace.ts';
import { atEndOfTurn, nextTick } from '../event-loop.ts';
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

/** Commits changes, all of them or none. */
export interface Committer {
  /** At once; throws when the database is busy or in trouble. */
  now(use: (transaction: StoreTransaction) => void): void;
  /**
   * With patience; rejects with the error for the caller.
   *
   * @param isRemoval - the changes do nothing but take entries away
   */
  later(use: (transaction: StoreTransaction) => void, isRemoval: boolean): Promise<void>;
}

/**
 * Changes on their way to the database, one after the other. Those of one callback of the event loop, and
 * of one turn where several callbacks change something, go into one transaction; reads ask here first.
 */
export class WriteQueue {
  readonly #committer: Committer;
  readonly #pace: CommitPace;
  #pending = new Map<string, Change>();
  #waiting: Change[] = [];
  #isScheduled = false;
  /** Changes are tried again, and later ones wait. */
  #isRetrying = false;

  constructor(committer: Committer, pace: CommitPace) {
    this.#committer = committer;
    this.#pace = pace;
  }

  /** What the database will hold at `key`, `null` for nothing; `undefined` when nothing is pending. */
  pending(key: string): EntryRow | null | undefined {
    return this.#pending.size === 0 ? undefined : this.#pending.get(key)?.row;
  }

  /** Whether nothing is on its way. */
  get isIdle(): boolean {
    return this.#waiting.length === 0 && !this.#isRetrying;
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

  /** Settles when every change so far is done, well or not. */
  async settled(): Promise<void> {
    if (!this.isIdle) await this.change(() => undefined).catch(() => undefined);
  }

  #add(
    key: string | undefined,
    row: EntryRow | null,
    run: (transaction: StoreTransaction) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const change: Change = { key, row, run, resolve, reject };
      if (key !== undefined) this.#pending.set(key, change);
      this.#waiting.push(change);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.isIdle || this.#isRetrying) return;
    this.#isScheduled = true;
    if (this.#pace.isSoon()) nextTick(this.#commitNext);
    else atEndOfTurn(this.#commitAtEndOfTurn);
  }

  readonly #commitAtEndOfTurn = (): void => {
    this.#pace.turnEnds(this.#waiting.length);
    this.#commitNext();
  };

  readonly #commitNext = (): void => {
    this.#isScheduled = false;
    const changes = this.#take();
    try {
      this.#committer.now((transaction) => {
        for (const change of changes) change.run(transaction);
      });
    } catch {
      this.#isRetrying = true;
      void this.#retry(changes).finally(() => {
        this.#isRetrying = false;
        this.#schedule();
      });
      return;
    }
    for (const change of changes) this.#finish(change);
    this.#schedule();
  };

  /** Takes as many changes as go into one transaction. */
  #take(): Change[] {
    const waiting = this.#waiting;
    let bytes = 0;
    let end = 0;
    while (end < waiting.length && end < changesPerTransaction) {
      bytes += waiting[end]?.row?.size ?? 0;
      if (bytes > bytesPerTransaction && end > 0) break;
      end++;
    }
    this.#waiting = waiting.slice(end);
    return waiting.length === end ? waiting : waiting.slice(0, end);
  }

  async #retry(changes: readonly Change[]): Promise<void> {
    try {
      const isRemoval = changes.every((change) => change.row === null);
      await this.#committer.later((transaction) => {
        for (const change of changes) change.run(transaction);
      }, isRemoval);
    } catch (error) {
      // One change that the database refuses must not fail the others of its turn.
      if (changes.length > 1) for (const change of changes) await this.#retry([change]);
      else for (const change of changes) this.#fail(change, error);
      return;
    }
    for (const change of changes) this.#finish(change);
  }

  #finish(change: Change): void {
    this.#forget(change);
    change.resolve();
  }

  #fail(change: Change, error: unknown): void {
    this.#forget(change);
    change.reject(error);
  }

  #forget(change: Change): void {
    const { key } = change;
    if (key !== undefined && this.#pending.get(key) === change) this.#pending.delete(key);
    // V8 chains the old tables of a growing map to its new ones; a collection of the young generation
    // would keep the rows that they held.
    if (this.#pending.size === 0) this.#pending = new Map();
  }
}
