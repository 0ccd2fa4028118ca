import type { EntryTable } from './entry-table.ts';

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
  #hand = 0;

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

  /** Removes what is beyond the bounds, within the caller's transaction; answers how many rows. */
  enforce(table: EntryTable): number {
    if (!this.#isBounded) return 0;
    let evicted = 0;
    while (this.#isOver(table)) {
      const candidates = table.idsAfter(this.#hand, candidatesAtOnce);
      if (candidates.length === 0 && this.#hand === 0) break;
      if (candidates.length === 0) this.#hand = 0;
      for (const id of candidates) {
        this.#hand = id;
        if (this.#visited.delete(id)) continue;
        table.removeId(id);
        evicted++;
        if (!this.#isOver(table)) break;
      }
    }
    return evicted;
  }

  /** Forgets all rows. */
  reset(): void {
    this.#visited.clear();
    this.#hand = 0;
  }

  get #isBounded(): boolean {
    return this.#maxEntries !== Infinity || this.#maxBytes !== Infinity;
  }

  #isOver(table: EntryTable): boolean {
    const { entries, bytes } = table.totals();
    return entries > this.#maxEntries || bytes > this.#maxBytes;
  }
}
