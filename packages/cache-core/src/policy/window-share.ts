const firstShare = 0.05;
const smallestShare = 0.02;
const largestShare = 0.8;
/** How far one step moves, by the logarithm of the ratio of densities. */
const gain = 0.03;
/** Reads for each entry held between two steps. */
const readsPerEntry = 3;

interface WindowPart {
  readonly hits: number;
  readonly weight: number;
}

/**
 * Which share of the cache new entries get for a start. Steered by how many hits the window and the
 * rest had for their size, as Caffeine does for large caches: where the window is the denser part,
 * recency pays and it grows. Both are taken from the same reads, so a change of the load as a whole
 * moves nothing.
 */
export class WindowShare {
  share: number = firstShare;
  #hits = 0;
  #misses = 0;

  /** Counts of the cache so far: from now on the next step is measured. */
  start(hits: number, misses: number): void {
    this.#hits = hits;
    this.#misses = misses;
  }

  /** Whether there were reads enough since the last step, for a cache of `entries`. */
  isDue(hits: number, misses: number, entries: number): boolean {
    return hits - this.#hits + misses - this.#misses >= readsPerEntry * entries;
  }

  /**
   * @param window - its hits since the last step, and what its entries weigh
   * @param mainWeight - what the entries in the rest weigh
   */
  step(hits: number, misses: number, window: WindowPart, mainWeight: number): void {
    const mainHits = hits - this.#hits - window.hits;
    // One hit more, spread evenly over both: where nothing was hit, nothing moves.
    const even = 1 / (window.weight + mainWeight);
    const windowDensity = window.hits / Math.max(1, window.weight) + even;
    const mainDensity = mainHits / Math.max(1, mainWeight) + even;
    const share = this.share + gain * Math.log(windowDensity / mainDensity);
    this.share = Math.min(largestShare, Math.max(smallestShare, share));
    this.start(hits, misses);
  }
}
