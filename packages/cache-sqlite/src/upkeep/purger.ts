import type { Clock } from '@x/interfaces';
import { type Bounds, isWithin, type PurgeSettings } from '@x/store-kit';
import type { DatabaseAccess } from '../database/database-access.ts';
import { findEntries } from '../entry-query.ts';
import { endOfTurn } from '../event-loop.ts';
import type { Eviction } from './eviction.ts';
import type { StoreTransaction } from '../writes/store-transaction.ts';
import type { WriteQueue } from '../writes/write-queue.ts';

/** Rows that one transaction removes, after which others get their turn. */
const rowsPerSlice = 200;
const largestAtOnce = 1_000;

/** Removes up to `most` rows; answers how many, fewer when there is nothing more to do. */
type PurgeStep = (transaction: StoreTransaction, most: number) => number;

/** Removes rows that could still be read, in slices. */
export class Purger {
  readonly #access: DatabaseAccess;
  readonly #queue: WriteQueue;
  readonly #eviction: Eviction;
  readonly #clock: Clock;

  constructor(access: DatabaseAccess, queue: WriteQueue, eviction: Eviction, clock: Clock) {
    this.#access = access;
    this.#queue = queue;
    this.#eviction = eviction;
    this.#clock = clock;
  }

  /** Removes rows by a strategy other than `'expired'`; answers how many. */
  async remove({ by, limit, bounds }: PurgeSettings): Promise<number> {
    if (by === 'largest') return this.#removeLargest({ by, limit, bounds });
    return this.#removeSlices(limit, (transaction, most) =>
      by === 'oldest'
        ? removeOldest(transaction, { by, limit: most, bounds })
        : this.#eviction.shrink(transaction, bounds, most, this.#clock.now()),
    );
  }

  /** Writes down which rows were read, for the evictions of other processes and of later ones. */
  async writeVisitsBack(): Promise<void> {
    const { visited } = this.#eviction;
    await this.#removeSlices(visited.size, (transaction, most) =>
      visited.writeBack(transaction, most),
    );
  }

  async #removeLargest({ limit, bounds }: PurgeSettings): Promise<number> {
    let removed = 0;
    for (;;) {
      const most = Math.min(largestAtOnce, limit - removed);
      if (most <= 0) return removed;
      const found = await findEntries(this.#access, { orderBy: 'largest', limit: most });
      let next = 0;
      const count = await this.#removeSlices(found.length, (transaction, slice) => {
        const end = next + slice;
        let gone = 0;
        while (next < end && !isBounded(transaction, bounds)) {
          const row = found[next++]?.row;
          if (row !== undefined && transaction.discardUnchanged(row)) gone++;
        }
        return gone;
      });
      removed += count;
      if (count < most) return removed;
    }
  }

  async #removeSlices(limit: number, step: PurgeStep): Promise<number> {
    let removed = 0;
    for (let isLast = false; !isLast && removed < limit;) {
      const most = Math.min(rowsPerSlice, limit - removed);
      let count = 0;
      await this.#queue.change((transaction) => {
        count = step(transaction, most);
      });
      removed += count;
      isLast = count < most;
      await endOfTurn();
    }
    return removed;
  }
}

function removeOldest(transaction: StoreTransaction, { limit, bounds }: PurgeSettings): number {
  const rows = transaction.tables.entries.oldest(limit);
  let removed = 0;
  for (const row of rows) {
    if (isBounded(transaction, bounds)) break;
    transaction.discard(row.key, row);
    removed++;
  }
  return removed;
}

function isBounded({ state }: StoreTransaction, bounds: Bounds): boolean {
  return isWithin(state.entries, state.bytes, bounds);
}
