import {
  type Awaitable,
  type Clock,
  ClosedError,
  StoreReadError,
  StoreWriteError,
} from '@x/interfaces';
import { retryWhileBusy } from './busy-retry.ts';
import type { Connection } from './connection.ts';
import { endOfTurn } from '../event-loop.ts';
import { IncompleteDatabaseError } from '../tables/schema.ts';
import type { StoreTables } from '../tables/store-tables.ts';
import { StoreTransaction } from '../writes/store-transaction.ts';

/** Shares of the limit that are free before a change is tried again; a large value may need half of it. */
const freeShares = [1 / 16, 1 / 4, 1 / 2];

/** What {@link DatabaseAccess} works with. */
export interface DatabaseAccessParts {
  /** Of the store, for errors. */
  readonly name: string;
  readonly clock: Clock;
  readonly connection: Connection<StoreTables>;
  /** Takes some entries away, since the file is as large as it may be; answers how many there were. */
  readonly evictSome: (transaction: StoreTransaction) => number;
  /** Told of entries that were taken away. */
  readonly onEvicted: (entries: number) => void;
}

/**
 * Reads and transactions that wait for the locks of other processes, begin a damaged database anew,
 * and fail with the errors of stores.
 */
export class DatabaseAccess {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #connection: Connection<StoreTables>;
  readonly #parts: DatabaseAccessParts;

  constructor(parts: DatabaseAccessParts) {
    this.#name = parts.name;
    this.#clock = parts.clock;
    this.#connection = parts.connection;
    this.#parts = parts;
  }

  /**
   * Reads at once, or later when another process is in the way.
   *
   * @throws StoreReadError
   */
  read<T>(use: (tables: StoreTables) => T): Awaitable<T> {
    try {
      return this.#connection.read(use);
    } catch (error) {
      return this.#readAgain(error, use);
    }
  }

  /**
   * As {@link read}. Looks that follow each other within one callback of the event loop may see the
   * database as of one moment.
   *
   * @throws StoreReadError
   */
  look<T>(use: (tables: StoreTables) => T): Awaitable<T> {
    try {
      return this.#connection.look(use);
    } catch (error) {
      return this.#readAgain(error, use);
    }
  }

  /** Runs `use` as one transaction, at once; throws what the database says. */
  changeNow<T>(use: (transaction: StoreTransaction) => T): T {
    let transaction: StoreTransaction | undefined;
    const result = this.#connection.transaction((tables) => {
      transaction = new StoreTransaction(tables);
      const answer = use(transaction);
      transaction.end();
      return answer;
    });
    transaction?.tables.own.add(transaction.begin, transaction.state.position);
    return result;
  }

  /**
   * Runs `use` as one transaction, when the database lets us.
   *
   * @param isRemoval - whether the change must take effect even on a full disk: what was to be removed
   * must not be read any more
   * @throws StoreWriteError when nothing was changed
   */
  async change<T>(use: (transaction: StoreTransaction) => T, isRemoval: boolean): Promise<T> {
    const attempt = (): Promise<T> =>
      this.#patiently(() => (isRemoval ? this.#removeNow(use) : this.changeNow(use)));
    try {
      return await attempt()
        .catch((error: unknown) => this.#retryWithinLimit(error, attempt))
        .catch(async (error: unknown) => {
          if (this.#isFull(error)) await this.#makeRoom(error, isRemoval);
          else if (!this.#connection.recover(error)) throw error;
          return attempt();
        });
    } catch (cause) {
      throw new StoreWriteError(this.#name, { cause });
    }
  }

  /** Gives up to `pages` unused pages back to the file system; answers how many are left. */
  shrink(pages: number): Promise<number> {
    return this.#patiently(() => {
      const left = this.#connection.shrink(pages);
      this.#connection.read((tables) => tables.pageLimit.apply());
      return left;
    });
  }

  /** Brings the log into the database file. */
  checkpoint(): Promise<void> {
    return this.#patiently(() => this.#connection.checkpoint());
  }

  /** Bytes of the file and its log. */
  get fileBytes(): number {
    return this.#connection.fileBytes;
  }

  /** Puts the file aside and begins a new one. */
  replace(reason: string): void {
    this.#connection.recover(new IncompleteDatabaseError(reason));
  }

  /** Lets go of the file for good. */
  close(): void {
    this.#connection.close();
  }

  /** Tries again with fewer and fewer entries, if it is the limit of the file that is in the way. */
  async #retryWithinLimit<T>(error: unknown, attempt: () => Promise<T>): Promise<T> {
    // No transaction needs more than half of the limit: then it is the disk that is full.
    if (!this.#isFull(error) || (await this.#isFree(1 / 2))) throw error;
    let last = error;
    for (const share of freeShares) {
      await this.#evictUntilFree(share);
      try {
        return await attempt();
      } catch (again) {
        if (!this.#isFull(again)) throw again;
        last = again;
      }
    }
    throw last;
  }

  async #evictUntilFree(share: number): Promise<void> {
    for (let isEmpty = false; !isEmpty && !(await this.#isFree(share));) {
      const entries = await this.#patiently(() => this.#removeNow(this.#parts.evictSome));
      this.#parts.onEvicted(entries);
      isEmpty = entries === 0;
      await endOfTurn();
    }
  }

  #isFree(share: number): Promise<boolean> {
    return this.#patiently(() => this.#connection.read(({ pageLimit }) => pageLimit.isFree(share)));
  }

  /** As {@link changeNow}, a little beyond the limit: a removal may need a page before it gives one back. */
  #removeNow<T>(use: (transaction: StoreTransaction) => T): T {
    const { pageLimit } = this.#connection.read((tables) => tables);
    return pageLimit.lift(() => this.changeNow(use));
  }

  /** Brings the log into the file, which often makes room in the log; otherwise the file goes. */
  async #makeRoom(cause: unknown, isRemoval: boolean): Promise<void> {
    try {
      await this.checkpoint();
    } catch (error) {
      if (!isRemoval || !this.#isFull(error)) throw cause;
      this.#connection.beginAnew(cause);
    }
  }

  async #readAgain<T>(error: unknown, use: (tables: StoreTables) => T): Promise<T> {
    try {
      if (!this.#isBusy(error) && !this.#connection.recover(error)) throw error;
      return await this.#patiently(() => this.#connection.read(use));
    } catch (cause) {
      if (cause instanceof ClosedError) throw cause;
      throw new StoreReadError(this.#name, { cause });
    }
  }

  #patiently<T>(operation: () => T): Promise<T> {
    return retryWhileBusy(operation, (error) => this.#isBusy(error), this.#clock);
  }

  #isFull(error: unknown): boolean {
    return this.#connection.failureOf(error) === 'full';
  }

  #isBusy(error: unknown): boolean {
    return this.#connection.failureOf(error) === 'busy';
  }
}
