import type { StoreState } from './store-state.ts';
import type { StoreTransaction } from './store-transaction.ts';

const candidatesAtOnce = 64;

/**
 * Keeps the table within its bounds by SIEVE (Zhang et al., NSDI 2024): a hand moves from the oldest
 * row to the youngest, spares rows that were read since it last came by, and removes the others. What
 * was read is remembered in this process only, so that reads never write.
 */
export class Eviction {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #visited = new Set<number>();

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  /** Whether an entry of this many bytes can be kept at all. */
  hasRoomFor(bytes: number): boolean {
    return bytes <= this.#maxBytes;
  }

  /** Remembers that the row was read. */
  visit(id: number): void {
    if (this.#isBounded) this.#visited.add(id);
  }

  /** Removes what is beyond the bounds; answers how many rows. */
  enforce(transaction: StoreTransaction): number {
    if (!this.#isBounded) return 0;
    const { state, tables } = transaction;
    let evicted = 0;
    while (this.#isOver(state)) {
      const candidates = tables.entries.after(state.hand, candidatesAtOnce);
      if (candidates.length === 0 && state.hand === 0) break;
      if (candidates.length === 0) state.hand = 0;
      for (const row of candidates) {
        state.hand = row.id;
        if (this.#visited.delete(row.id)) continue;
        transaction.discard(row.key, row);
        evicted++;
        if (!this.#isOver(state)) break;
      }
    }
    return evicted;
  }

  /** Forgets all rows. */
  reset(): void {
    this.#visited.clear();
  }

  get #isBounded(): boolean {
    return this.#maxEntries !== Infinity || this.#maxBytes !== Infinity;
  }

  #isOver({ entries, bytes }: StoreState): boolean {
    return entries > this.#maxEntries || bytes > this.#maxBytes;
  }
}
