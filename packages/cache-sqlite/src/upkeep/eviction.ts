import { type Bounds, isWithin } from '@x/store-kit';
import type { ListedRow } from '../tables/entry-table.ts';
import type { StoreTransaction } from '../writes/store-transaction.ts';
import { VisitedRows } from '../tables/visited-rows.ts';

const candidatesAtOnce = 16;
/** Removed in one transaction, so that none holds up the event loop for long. */
const mostAtOnce = 256;
/** Spared in one go; then rows have to go although they were read. */
const mostSpared = 1_000;

/**
 * Keeps the table within its bounds by SIEVE (Zhang et al., NSDI 2024): a hand moves from the oldest
 * row to the youngest, spares rows that were read since it last came by, and removes the others.
 */
export class Eviction {
  readonly #bounds: Bounds;
  readonly isBounded: boolean;
  readonly #visited = new VisitedRows();

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
    this.isBounded = bounds.maxEntries !== Infinity || bounds.maxBytes !== Infinity;
  }

  get visited(): VisitedRows {
    return this.#visited;
  }

  /** Whether an entry of this many bytes can be kept at all. */
  hasRoomFor(bytes: number): boolean {
    return bytes <= this.#bounds.maxBytes;
  }

  /** Removes rows that are beyond the bounds, as many as go into one transaction; answers how many. */
  enforce(transaction: StoreTransaction, now: number): number {
    return this.isBounded ? this.shrink(transaction, this.#bounds, mostAtOnce, now) : 0;
  }

  isWithin({ state }: StoreTransaction): boolean {
    return isWithin(state.entries, state.bytes, this.#bounds);
  }

  /**
   * Removes up to `limit` rows, those that nobody can read any more before others, until the table is
   * within `bounds`.
   *
   * @returns how many rows went
   */
  shrink(transaction: StoreTransaction, bounds: Bounds, limit: number, now: number): number {
    const { state, tables } = transaction;
    const isDone = (): boolean => removed >= limit || isWithin(state.entries, state.bytes, bounds);
    let removed = 0;
    let spared = 0;
    while (!isDone()) {
      const start = state.hand;
      const candidates = tables.entries.after(start, candidatesAtOnce);
      const last = candidates.at(-1)?.id;
      if (last === undefined && start === 0) break;
      const visited = new Set(tables.visits.between(start, last ?? Infinity));
      for (const row of candidates) {
        state.hand = row.id;
        const isVisited = this.#visited.take(row.id) || visited.has(row.id);
        if (isVisited && spared < mostSpared && isLive(transaction, row, now)) {
          spared++;
          continue;
        }
        transaction.discard(row.key, row);
        removed++;
        if (isDone()) break;
      }
      tables.visits.remove(start, last === undefined ? Infinity : state.hand);
      if (last === undefined) state.hand = 0;
    }
    return removed;
  }
}

function isLive(transaction: StoreTransaction, row: ListedRow, now: number): boolean {
  const isExpired = row.expiresAt !== null && row.expiresAt <= now;
  return !isExpired && !transaction.isHidden(row.key, row);
}
