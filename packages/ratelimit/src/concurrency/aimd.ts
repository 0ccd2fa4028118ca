import { numberOption } from '@x/interfaces';
import { permitsOption } from './semaphore-options.ts';

/** How a concurrency limit adapts. */
export interface AdaptiveLimitOptions {
  /** The limit to begin with. @defaultValue `minPermits`, at least 10, at most `maxPermits` */
  readonly initialPermits?: number | undefined;
  /** The lowest limit. @defaultValue 1 */
  readonly minPermits?: number | undefined;
  /** The highest limit. @defaultValue 1,000 */
  readonly maxPermits?: number | undefined;
  /**
   * How long a run may take, in milliseconds. Runs that take longer are a sign of overload, as are runs
   * that fail. Two to five times the time of a run without load is a good start.
   */
  readonly targetMs: number;
  /** What the limit is multiplied by under overload. Above 0 and below 1. @defaultValue 0.9 */
  readonly decreaseFactor?: number | undefined;
  /** The share of slow or failed runs that counts as overload. From 0 to below 1. @defaultValue 0.1 */
  readonly toleranceRatio?: number | undefined;
}

/**
 * A limit that adapts by additive increase and multiplicative decrease (Chiu and Jain, 1989), once for
 * each window of as many runs as the limit lets run at the same time. Under overload it falls; it rises
 * by one where at least half of it was in use, since runs far below a limit say nothing about it.
 */
export class Aimd {
  limit: number;
  readonly #min: number;
  readonly #max: number;
  readonly #targetMs: number;
  readonly #decreaseFactor: number;
  readonly #toleranceRatio: number;
  #runs = 0;
  #badRuns = 0;
  #mostActive = 0;

  /** @throws TypeError or RangeError when an option is not what {@link AdaptiveLimitOptions} says */
  constructor(options: AdaptiveLimitOptions) {
    this.#min = permitsOption(options.minPermits ?? 1);
    this.#max = numberOption('maxPermits', options.maxPermits, Math.max(1_000, this.#min), {
      min: this.#min,
      max: Number.MAX_SAFE_INTEGER,
      integer: true,
    });
    const initial = Math.min(Math.max(this.#min, 10), this.#max);
    this.limit = numberOption('initialPermits', options.initialPermits, initial, {
      min: this.#min,
      max: this.#max,
      integer: true,
    });
    this.#targetMs = numberOption('targetMs', options.targetMs, undefined, { above: 0 });
    this.#decreaseFactor = numberOption('decreaseFactor', options.decreaseFactor, 0.9, {
      above: 0,
      max: 1 - Number.EPSILON,
    });
    this.#toleranceRatio = numberOption('toleranceRatio', options.toleranceRatio, 0.1, {
      min: 0,
      max: 1 - Number.EPSILON,
    });
  }

  /**
   * Notes one run.
   *
   * @param active - how many ran when it ended, itself included
   * @returns whether the limit has changed
   */
  record(durationMs: number, failed: boolean, active: number): boolean {
    this.#runs++;
    if (failed || durationMs > this.#targetMs) this.#badRuns++;
    this.#mostActive = Math.max(this.#mostActive, active);
    if (this.#runs < this.limit) return false;
    const before = this.limit;
    if (this.#badRuns > this.#toleranceRatio * this.#runs) {
      this.limit = Math.max(this.#min, Math.floor(this.limit * this.#decreaseFactor));
    } else if (this.#mostActive * 2 >= this.limit) {
      this.limit = Math.min(this.#max, this.limit + 1);
    }
    this.#runs = this.#badRuns = this.#mostActive = 0;
    return this.limit !== before;
  }
}
