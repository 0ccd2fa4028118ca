import { setImmediate } from 'node:timers/promises';
import type { EntryRow } from './entry-row.ts';
import type { EntryTable } from './entry-table.ts';

/** Changes that go into one transaction, so that none holds up the event loop for long. */
const changesPerTransaction = 256;
const bytesPerTransaction = 4 * 1_024 * 1_024;

/** One change of the tables, on its way. */
interface Change {
  /** What the change makes of a key; `null` for gone. */
  readonly key: string | undefined;
  readonly row: EntryRow | null;
  run(table: EntryTable): void;
  resolve(): void;
  reject(error: unknown): void;
}

/** Commits changes: all of them or none. */
export type Commit = (use: (table: EntryTable) => void) => Promise<void>;

/**
 * Changes on their way to the database, one after the other. Those of one turn of the event loop go
 * into one transaction; reads ask here first.
 */
export class WriteQueue {
  readonly #commit: Commit;
  readonly #pending = new Map<string, Change>();
  #collecting: Change[] | undefined;
  #tail: Promise<void> = Promise.resolve();

  constructor(commit: Commit) {
    this.#commit = commit;
  }

  /** What the database will hold at `key`, `null` for nothing; `undefined` when nothing is pending. */
  pending(key: string): EntryRow | null | undefined {
    return this.#pending.get(key)?.row;
  }

  /** Puts `row` in its place; settles when it is committed. */
  put(row: EntryRow): Promise<void> {
    return this.#add(row.key, row, (table) => table.put(row));
  }

  /** Removes `key`; answers the deadline of what was there, `undefined` for nothing. */
  async remove(key: string): Promise<number | null | undefined> {
    let deadline: number | null | undefined;
    await this.#add(key, null, (table) => {
      deadline = table.removeKey(key);
    });
    return deadline;
  }

  /** Changes the tables in a way that no read needs to see before it is committed. */
  change(run: (table: EntryTable) => void): Promise<void> {
    return this.#add(undefined, null, run);
  }

  /** Runs `task` after all changes so far and before all later ones. */
  async exclusive<T>(task: () => Promise<T>): Promise<T> {
    this.#collecting = undefined;
    const result = this.#tail.then(task);
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
    run: (table: EntryTable) => void,
  ): Promise<void> {
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
      await this.#commit((table) => {
        for (const change of changes) change.run(table);
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
