import { type Awaitable, type Clock, StoreReadError, StoreWriteError } from '@x/interfaces';
import type { Journal, NewRecord } from './journal.ts';
import type { IndexedEntry, Outcome } from '../state/store-state.ts';

/** The journal with the errors of stores, and what it says of an entry. */
export class JournalAccess {
  readonly journal: Journal;
  readonly #clock: Clock;
  readonly #storeName: string;

  /** @param storeName - for errors */
  constructor(journal: Journal, clock: Clock, storeName: string) {
    this.journal = journal;
    this.#clock = clock;
    this.#storeName = storeName;
  }

  /** @throws StoreWriteError when the journal cannot be written */
  append(records: readonly NewRecord[]): Awaitable<readonly Outcome[]> {
    try {
      const outcomes = this.journal.append(records);
      if (!(outcomes instanceof Promise)) return outcomes;
      return outcomes.catch((cause: unknown) => {
        throw this.writeError(cause);
      });
    } catch (cause) {
      throw this.writeError(cause);
    }
  }

  /**
   * Reads what others appended; answers a promise when that is much.
   *
   * @param isQuick - leaves it to a later call within a second to see that the journal was removed
   * @throws StoreReadError when the journal cannot be read
   */
  catchUp(isQuick = false): Promise<void> | undefined {
    try {
      return this.journal.catchUp(isQuick)?.catch((cause: unknown) => {
        throw this.readError(cause);
      });
    } catch (cause) {
      throw this.readError(cause);
    }
  }

  /** Whether it must not be served any more, by its time. */
  isExpired({ expiresAt }: { readonly expiresAt?: number | undefined }): boolean {
    return expiresAt !== undefined && this.#clock.now() >= expiresAt;
  }

  /** Whether it can be served. */
  isLive(entry: IndexedEntry): boolean {
    return !this.isExpired(entry) && !this.journal.state.isHidden(entry);
  }

  readError(cause: unknown): StoreReadError {
    return cause instanceof StoreReadError ? cause : new StoreReadError(this.#storeName, { cause });
  }

  writeError(cause: unknown): StoreWriteError {
    return cause instanceof StoreWriteError
      ? cause
      : new StoreWriteError(this.#storeName, { cause });
  }
}
