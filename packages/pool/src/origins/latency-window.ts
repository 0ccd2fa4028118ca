const length = 128;
const refreshedEvery = 16;
const fewest = 20;

/** The latest durations of an origin, and what 95 % of them stay below. */
export class LatencyWindow {
  readonly #durations: number[] = [];
  #recorded = 0;
  #p95: number | undefined;

  /** In milliseconds; `undefined` until there are enough to tell. */
  get p95(): number | undefined {
    return this.#p95;
  }

  record(durationMs: number): void {
    this.#durations[this.#recorded++ % length] = durationMs;
    if (this.#recorded < fewest || this.#recorded % refreshedEvery !== 4) return;
    const sorted = this.#durations.toSorted((a, b) => a - b);
    this.#p95 = sorted[Math.floor(sorted.length * 0.95)];
  }
}
