/** How many reads may share one look at the clock. */
const mostReads = 256;
/** How old the time may get while it is read often, in milliseconds. */
const grainMs = 1;

/**
 * A monotonic time that is read far more often than the clock behind it, which costs more than a hit
 * in a cache. Its owner calls `expire` after about a millisecond by a timer; in a loop that lets no
 * timer run, the number of reads that share a look at the clock follows from how fast they come.
 */
export class CoarseTime {
  readonly #read: () => number;
  #now = -Infinity;
  #readsLeft = 0;
  #budget = 1;

  /** @param read - looks at the clock, in milliseconds */
  constructor(read: () => number) {
    this.#read = read;
  }

  now(): number {
    if (this.#readsLeft === 0) return this.#look();
    this.#readsLeft--;
    return this.#now;
  }

  /** The next read looks at the clock. */
  expire(): void {
    this.#readsLeft = 0;
    this.#now = -Infinity;
  }

  #look(): number {
    const before = this.#now;
    const now = this.#read();
    // After `expire` it is not known how fast the reads came.
    if (before !== -Infinity) {
      const elapsed = now - before;
      if (elapsed < grainMs / 2) this.#budget = Math.min(mostReads, this.#budget * 2);
      else if (elapsed > grainMs) this.#budget = Math.max(1, Math.floor(this.#budget / elapsed));
    }
    this.#now = now;
    this.#readsLeft = this.#budget - 1;
    return now;
  }
}
