import { type Bounds, isWithin } from '@x/store-kit';
import type { IndexedEntry, StoreState } from '../state/store-state.ts';

/**
 * Chooses what has to go by SIEVE (Zhang et al., NSDI 2024): a hand moves from the oldest entry to the
 * youngest, spares entries that were read since it last came by, and takes the others.
 */
export class Eviction {
  #state: StoreState | undefined;
  #hand: Iterator<IndexedEntry> | undefined;

  /**
   * Entries without which the state would be within `bounds`, up to `limit`, those that nobody can read
   * any more before others.
   *
   * @param isLive - whether an entry can still be read
   */
  choose(
    state: StoreState,
    bounds: Bounds,
    limit: number,
    isLive: (entry: IndexedEntry) => boolean,
  ): IndexedEntry[] {
    const chosen = new Set<IndexedEntry>();
    let { bytes } = state;
    const isDone = (): boolean =>
      chosen.size === limit ||
      chosen.size === state.entries.size ||
      isWithin(state.entries.size - chosen.size, bytes, bounds);
    while (!isDone()) {
      const entry = this.#next(state);
      if (entry.isVisited && isLive(entry)) entry.isVisited = false;
      else if (!chosen.has(entry)) {
        chosen.add(entry);
        bytes -= entry.size;
      }
    }
    return [...chosen];
  }

  /** The entry at the hand, of those that there are; there must be one. */
  #next(state: StoreState): IndexedEntry {
    if (this.#state !== state) this.#hand = undefined;
    this.#state = state;
    for (;;) {
      this.#hand ??= state.entries.values();
      const { value, done } = this.#hand.next();
      if (done !== true) return value;
      this.#hand = undefined;
    }
  }
}
