/**
 * Absorbs the rounding of floating point sums, in milliseconds. Far below the grain of a timer, and
 * far above the precision of a clock that has run for years.
 */
const toleranceMs = 1e-4;

/** Whether `ms` is more than `limitMs`, beyond what rounding explains. */
export function exceeds(ms: number, limitMs: number): boolean {
  return ms > limitMs + toleranceMs;
}

/**
 * The arithmetic of a token bucket, as the generic cell rate algorithm (ITU-T I.371, virtual
 * scheduling): its whole state is the time at which the bucket is full again. It refills in
 * fractions, without drift and without a timer. All times are in milliseconds of one monotonic clock.
 */
export class Gcra {
  readonly #intervalMs: number;
  readonly #capacityMs: number;
  #fullAt = -Infinity;

  /** @throws RangeError when the bucket would take for ever to fill */
  constructor(permitsPerSecond: number, burst: number) {
    this.#intervalMs = 1_000 / permitsPerSecond;
    this.#capacityMs = burst * this.#intervalMs;
    if (!Number.isFinite(this.#capacityMs)) {
      throw new RangeError(
        `burst must fill in finite time, got ${burst} at ${permitsPerSecond} permits per second`,
      );
    }
  }

  /** The time at which the bucket is full again, in the past when it has been full for a while. */
  get fullAt(): number {
    return this.#fullAt;
  }

  /**
   * Takes `permits` at `now`, or none.
   *
   * @param countFrom - what the bucket would have gained after it was full counts from this time on:
   * `now` for exact arithmetic, a little earlier to make up for a timer that fired late
   */
  take(permits: number, now: number, countFrom: number): boolean {
    const fullAt = Math.max(this.#fullAt, countFrom) + permits * this.#intervalMs;
    if (exceeds(fullAt - now - this.#capacityMs, 0)) return false;
    this.#fullAt = fullAt;
    return true;
  }

  /** Milliseconds from `now` until `permits` are there; 0 when they are. May exceed the burst. */
  waitMs(permits: number, now: number): number {
    const fullAt = Math.max(this.#fullAt, now) + permits * this.#intervalMs;
    const wait = fullAt - now - this.#capacityMs;
    return exceeds(wait, 0) ? wait : 0;
  }

  /** Permits in the bucket at `now`, with their fraction. */
  available(now: number): number {
    const missingMs = Math.max(0, this.#fullAt - now);
    return Math.max(0, this.#capacityMs - missingMs) / this.#intervalMs;
  }

  /** Leaves exactly one permit at `time` and none before, unless there would be fewer anyway. */
  drainUntil(time: number): void {
    this.#fullAt = Math.max(this.#fullAt, time + this.#capacityMs - this.#intervalMs);
  }
}
