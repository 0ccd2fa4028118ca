import { randomUUID } from 'node:crypto';
import { type Clock, type StoreLease, StoreWriteError } from '@x/interfaces';
import { retryWhileBusy } from './database/busy-retry.ts';
import { Connection, type ConnectionSettings } from './database/connection.ts';
import { type LeaseHolder, LeaseTable } from './tables/lease-table.ts';

/**
 * Leases in a database of their own, so that they are no changes of the entries. It is opened at the
 * first lease.
 */
export class Leases {
  readonly #settings: Omit<ConnectionSettings<LeaseTable>, 'prepare' | 'onReplaced'>;
  readonly #storeName: string;
  readonly #store: string = randomUUID();
  #connection: Promise<Connection<LeaseTable>> | undefined;
  #number = 0;
  #isClosed = false;

  /** @param storeName - for errors */
  constructor(
    storeName: string,
    settings: Omit<ConnectionSettings<LeaseTable>, 'prepare' | 'onReplaced'>,
  ) {
    this.#storeName = storeName;
    this.#settings = settings;
  }

  /** @throws StoreWriteError when the database of the leases cannot be used */
  async take(key: string, ttlMs: number): Promise<StoreLease | undefined> {
    const holder = { store: this.#store, number: ++this.#number };
    let deadline = 0;
    const isTaken = await this.#change((table) => {
      const now = this.#clock.now();
      deadline = now + ttlMs;
      return table.take(key, holder, now, deadline);
    });
    return isTaken ? new SqliteLease(this, key, holder, deadline) : undefined;
  }

  /** Answers the new deadline, `undefined` when the lease was lost. */
  async renew(key: string, holder: LeaseHolder, ttlMs: number): Promise<number | undefined> {
    if (this.#isClosed) return undefined;
    let deadline = 0;
    const isHeld = await this.#change((table) => {
      const now = this.#clock.now();
      deadline = now + ttlMs;
      return table.renew(key, holder, now, deadline);
    });
    return isHeld ? deadline : undefined;
  }

  async release(key: string, holder: LeaseHolder): Promise<void> {
    if (this.#isClosed) return;
    await this.#change((table) => table.release(key, holder));
  }

  /** Removes the leases of holders that died. */
  async removeExpired(): Promise<void> {
    if (this.#connection === undefined || this.#isClosed) return;
    await this.#change((table) => table.removeExpired(this.#clock.now()));
  }

  /** Gives every lease of this store back and lets go of the file. */
  async close(): Promise<void> {
    if (this.#connection === undefined || this.#isClosed) return;
    // Should it fail, the leases end at their deadlines.
    await this.#change((table) => table.releaseAll(this.#store)).catch(() => undefined);
    this.#isClosed = true;
    (await this.#connection.catch(() => undefined))?.close();
  }

  get #clock(): Clock {
    return this.#settings.clock;
  }

  async #change<T>(use: (table: LeaseTable) => T): Promise<T> {
    try {
      this.#connection ??= this.#open();
      const connection = await this.#connection;
      const isBusy = (error: unknown): boolean => connection.failureOf(error) === 'busy';
      const attempt = (): Promise<T> =>
        retryWhileBusy(() => connection.read(use), isBusy, this.#clock);
      return await attempt().catch((error: unknown) => {
        if (connection.recover(error)) return attempt();
        throw error;
      });
    } catch (cause) {
      throw new StoreWriteError(this.#storeName, { cause });
    }
  }

  #open(): Promise<Connection<LeaseTable>> {
    const opened = Connection.open<LeaseTable>({
      ...this.#settings,
      prepare: (database) => new LeaseTable(database),
      onReplaced: () => undefined,
    });
    // The next call tries again.
    opened.catch(() => (this.#connection = undefined));
    return opened;
  }
}

class SqliteLease implements StoreLease {
  readonly #leases: Leases;
  readonly #key: string;
  readonly #holder: LeaseHolder;
  #deadline: number;
  #isReleased = false;

  constructor(leases: Leases, key: string, holder: LeaseHolder, deadline: number) {
    this.#leases = leases;
    this.#key = key;
    this.#holder = holder;
    this.#deadline = deadline;
  }

  get deadline(): number {
    return this.#deadline;
  }

  async renew(ttlMs: number): Promise<boolean> {
    if (this.#isReleased) return false;
    const deadline = await this.#leases.renew(this.#key, this.#holder, ttlMs);
    this.#deadline = deadline ?? this.#deadline;
    return deadline !== undefined;
  }

  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    await this.#leases.release(this.#key, this.#holder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}
