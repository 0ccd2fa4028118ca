import type { Gate } from './gate.ts';
import type { Gcra } from './gcra.ts';

/** Several buckets as one: what is taken is taken from all of them, or from none. */
export class AllGates implements Gate {
  readonly burst: number;
  readonly #buckets: readonly Gcra[];

  constructor(buckets: readonly Gcra[]) {
    this.#buckets = buckets;
    this.burst = Math.min(...buckets.map((bucket) => bucket.burst));
  }

  take(permits: number, now: number): boolean {
    for (const bucket of this.#buckets) if (!bucket.canTake(permits, now)) return false;
    for (const bucket of this.#buckets) bucket.debit(permits, now);
    return true;
  }

  takeLate(permits: number, now: number): boolean {
    for (const bucket of this.#buckets) if (!bucket.canTakeLate(permits, now)) return false;
    for (const bucket of this.#buckets) bucket.debitLate(permits, now);
    return true;
  }

  isOverdue(now: number): boolean {
    return this.#buckets.some((bucket) => bucket.isOverdue(now));
  }

  /** For more than one request the least wait: a bucket that is full while another one waits gains nothing. */
  waitMs(permits: number, now: number): number {
    return Math.max(...this.#buckets.map((bucket) => bucket.waitMs(permits, now)));
  }

  level(now: number): number {
    return Math.min(...this.#buckets.map((bucket) => bucket.level(now)));
  }

  debit(permits: number, now: number): void {
    for (const bucket of this.#buckets) bucket.debit(permits, now);
  }

  pauseUntil(time: number): boolean {
    return this.#buckets.filter((bucket) => bucket.pauseUntil(time)).length > 0;
  }
}
