import type { Clock, Entry, Store } from '@x/interfaces';
import { MemoryStore } from '../memory-store.ts';

/** An entry created more than this in the future tells that the clock went back. */
const clockToleranceMs = 60_000;

/** One store of a cache, and what was read from it. */
export class Tier {
  readonly store: Store;
  hits = 0;
  misses = 0;
  errors = 0;
  readonly #clock: Clock;
  /** Such a store measures deadlines itself, in a way that a step of the clock does not move. */
  readonly #keepsTime: boolean;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.#clock = clock;
    this.#keepsTime = store instanceof MemoryStore;
  }

  get name(): string {
    return this.store.name;
  }

  /** `entry` if its value may be served, counted as a hit; else `undefined`, counted as a miss. */
  judge(entry: Entry | undefined): Entry | undefined {
    if (entry !== undefined && this.serves(entry)) {
      this.hits++;
      return entry;
    }
    this.misses++;
    return undefined;
  }

  serves(entry: Entry): boolean {
    if (entry.outcome === 'error') return false;
    // No store answers an entry past its `expiresAt`, so most hits need no look at the clock.
    if (this.#keepsTime && entry.staleAt === entry.expiresAt) return true;
    const now = this.#clock.now();
    const isStale = entry.staleAt !== undefined && now >= entry.staleAt;
    return !isStale && entry.createdAt <= now + clockToleranceMs;
  }
}
