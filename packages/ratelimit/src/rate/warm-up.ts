import type { Gate } from './gate.ts';
import type { Gcra } from './gcra.ts';

/**
 * A bucket that grants slowly after it has been idle. Its rate begins at a fraction, `1 / coldFactor`,
 * and rises evenly to the full rate within `warmUpMs` of use; it is cold again when nobody has asked
 * for `warmUpMs`. A cold bucket holds one permit instead of the burst.
 *
 * The bucket itself lives in a time that runs as fast as the rate: during the ramp its clock goes
 * slower. So its arithmetic stays exact, and only times are converted.
 */
export class WarmUp implements Gate {
  readonly #bucket: Gcra;
  readonly #warmUpMs: number;
  readonly #coldRate: number;
  /** How much the bucket's clock loses by one whole ramp. */
  readonly #lossMs: number;
  #rampFrom = -Infinity;
  /** How much the bucket's clock had lost when the ramp began. */
  #lostMs = 0;
  #busyUntil = -Infinity;

  constructor(bucket: Gcra, warmUpMs: number, coldFactor: number) {
    this.#bucket = bucket;
    this.#warmUpMs = warmUpMs;
    this.#coldRate = 1 / coldFactor;
    this.#lossMs = (warmUpMs * (1 - this.#coldRate)) / 2;
  }

  get burst(): number {
    return this.#bucket.burst;
  }

  take(permits: number, now: number): boolean {
    this.#use(now);
    return this.#bucket.take(permits, this.inBucketTime(now));
  }

  takeLate(permits: number, now: number): boolean {
    this.#use(now);
    return this.#bucket.takeLate(permits, this.inBucketTime(now));
  }

  isOverdue(now: number): boolean {
    return this.#bucket.isOverdue(this.inBucketTime(now));
  }

  waitMs(permits: number, now: number): number {
    this.#use(now);
    const bucketNow = this.inBucketTime(now);
    const wait = this.#bucket.waitMs(permits, bucketNow);
    if (wait === 0) return 0;
    const due = this.inRealTime(bucketNow + wait);
    this.#busyUntil = Math.max(this.#busyUntil, due);
    return due - now;
  }

  level(now: number): number {
    const level = this.#bucket.level(this.inBucketTime(now));
    return this.#isCold(now) ? Math.min(1, level) : level;
  }

  debit(permits: number, now: number): void {
    this.#use(now);
    this.#bucket.debit(permits, this.inBucketTime(now));
    this.waitMs(1, now);
  }

  pauseUntil(time: number): boolean {
    return this.#bucket.pauseUntil(this.inBucketTime(time));
  }

  /** The bucket's own time at `now`. */
  inBucketTime(now: number): number {
    const sinceMs = now - this.#rampFrom;
    if (sinceMs >= this.#warmUpMs) return now - this.#lostMs - this.#lossAfterRamp();
    const rise = (1 - this.#coldRate) / (2 * this.#warmUpMs);
    return this.#rampFrom - this.#lostMs + sinceMs * (this.#coldRate + sinceMs * rise);
  }

  /** When the bucket's own clock will show `bucketTime`. */
  inRealTime(bucketTime: number): number {
    const sinceMs = bucketTime - (this.#rampFrom - this.#lostMs);
    if (sinceMs >= this.#warmUpMs - this.#lossMs)
      return bucketTime + this.#lostMs + this.#lossAfterRamp();
    const rise = (1 - this.#coldRate) / (2 * this.#warmUpMs);
    const root = Math.sqrt(this.#coldRate ** 2 + 4 * rise * sinceMs);
    return this.#rampFrom + (2 * sinceMs) / (this.#coldRate + root);
  }

  #lossAfterRamp(): number {
    return this.#rampFrom === -Infinity ? 0 : this.#lossMs;
  }

  #isCold(now: number): boolean {
    if (now - this.#busyUntil < this.#warmUpMs) return false;
    return this.#bucket.pausedUntil <= this.inBucketTime(now);
  }

  #use(now: number): void {
    if (this.#isCold(now)) {
      this.#lostMs += this.#lossAfterRamp();
      this.#rampFrom = now;
      const at = this.inBucketTime(now);
      this.#bucket.write({ permits: Math.min(1, this.#bucket.level(at)), at });
    }
    this.#busyUntil = Math.max(this.#busyUntil, now);
  }
}
