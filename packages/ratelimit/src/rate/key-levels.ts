/** The most time units that a number may count and still be stored without an object of its own. */
const mostTicks = 2 ** 30;

/**
 * When the bucket of each key is full again. Time is counted in whole ticks, small enough that rounding
 * to them changes nothing a caller could see, and counted from the beginning of a generation, so that
 * the numbers are small integers, which a map holds without further memory.
 *
 * There are two generations. What is used moves to the newer one; when that has lasted as long as a
 * bucket takes to fill, the older one has nothing but full buckets, which need no memory, and is let go
 * as a whole. So keys expire without a timer and without a search.
 */
export class KeyLevels {
  /** Ticks in which one permit accrues. */
  readonly #permitTicks: number;
  readonly #capacityTicks: number;
  readonly #tickMs: number;
  readonly #mostKeys: number;
  #newer = new Map<string, number>();
  #older = new Map<string, number>();
  #newerFrom = -Infinity;
  #olderFrom = -Infinity;
  /** No key has a debt that lasts beyond this tick. */
  #debtUntil = -Infinity;

  constructor(permitsPerSecond: number, burst: number, maxKeys: number) {
    this.#permitTicks = Math.max(1, Math.floor(mostTicks / (4 * (burst + 1))));
    this.#capacityTicks = Math.floor(burst * this.#permitTicks);
    this.#tickMs = 1_000 / permitsPerSecond / this.#permitTicks;
    this.#mostKeys = Math.ceil(maxKeys / 2);
  }

  /** Keys remembered. */
  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  /** Takes `permits` for `key` at `now`, a time in milliseconds, or none. */
  take(key: string, permits: number, now: number): boolean {
    const tick = Math.floor(now / this.#tickMs);
    if (tick - this.#newerFrom > this.#capacityTicks) this.#turn(tick);
    const from = this.#newerFrom;
    const sinceTicks = tick - from;
    let fullAt = this.#newer.get(key);
    if (fullAt === undefined) fullAt = this.#fromOlder(key);
    const next = (fullAt > sinceTicks ? fullAt : sinceTicks) + permits * this.#permitTicks;
    // One tick more, since the times of two calls are rounded each for itself.
    if (next - sinceTicks > this.#capacityTicks + 1) return false;
    this.#set(key, next, tick);
    return true;
  }

  /** The monotonic milliseconds at which the bucket of `key` is full again. */
  fullAt(key: string): number {
    const newer = this.#newer.get(key);
    if (newer !== undefined) return (this.#newerFrom + newer) * this.#tickMs;
    const older = this.#older.get(key);
    return older === undefined ? -Infinity : (this.#olderFrom + older) * this.#tickMs;
  }

  /** Notes that the bucket of `key` is full again at `fullAt`, and not before. */
  setFullAt(key: string, fullAt: number, now: number): void {
    const tick = Math.floor(now / this.#tickMs);
    if (tick - this.#newerFrom > this.#capacityTicks) this.#turn(tick);
    this.#set(key, Math.ceil(fullAt / this.#tickMs) - this.#newerFrom, tick);
    this.#debtUntil = Math.max(this.#debtUntil, Math.ceil(fullAt / this.#tickMs));
  }

  delete(key: string): boolean {
    const newer = this.#newer.delete(key);
    return this.#older.delete(key) || newer;
  }

  clear(): void {
    this.#newer.clear();
    this.#older.clear();
  }

  /**
   * The keys remembered, also of buckets that are full by now.
   *
   * @yields each key once
   */
  *keys(): Generator<string> {
    yield* this.#newer.keys();
    for (const key of this.#older.keys()) if (!this.#newer.has(key)) yield key;
  }

  #fromOlder(key: string): number {
    const older = this.#older.get(key);
    return older === undefined ? -Infinity : this.#olderFrom + older - this.#newerFrom;
  }

  #set(key: string, fullAt: number, tick: number): void {
    if (this.#newer.size >= this.#mostKeys && !this.#newer.has(key)) {
      const from = this.#newerFrom;
      // Who is in debt is remembered, others of the older generation are forgotten before their time.
      this.#turn(tick, this.#capacityTicks);
      fullAt += from - this.#newerFrom;
    }
    this.#newer.set(key, fullAt);
  }

  /** Begins a generation, and carries over who would be forgotten with more than `mostMissing` ticks to fill. */
  #turn(tick: number, mostMissing: number = 0): void {
    const [forgotten, forgottenFrom] = [this.#older, this.#olderFrom];
    this.#older = this.#newer;
    this.#olderFrom = this.#newerFrom;
    this.#newer = new Map();
    this.#newerFrom = tick;
    if (this.#debtUntil <= tick) return;
    for (const [key, fullAt] of forgotten) {
      const missing = forgottenFrom + fullAt - tick;
      if (this.#newer.size >= this.#mostKeys - 1) return;
      if (missing > mostMissing && !this.#older.has(key)) this.#newer.set(key, missing);
    }
  }
}
