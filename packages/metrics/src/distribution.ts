import { bucketOf } from './buckets.ts';
import type { DistributionValues } from './snapshot.ts';
import { SlidingWindow, type WindowOptions } from './sliding-window.ts';

/** What every distribution of one instrument has in common. */
export interface DistributionOptions {
  /** Upper bounds of the buckets, ascending. */
  readonly bounds: readonly number[];
  readonly window: WindowOptions;
}

/**
 * Values of one series: totals and buckets since the start, which never decrease, and quantiles of
 * the recent ones.
 */
export class Distribution {
  readonly bounds: readonly number[];
  readonly #bucketCounts: Float64Array;
  readonly #window: SlidingWindow;
  #count = 0;
  #sum = 0;

  /** @param now - monotonic milliseconds */
  constructor(options: DistributionOptions, now: number) {
    this.bounds = options.bounds;
    this.#bucketCounts = new Float64Array(options.bounds.length + 1);
    this.#window = new SlidingWindow(options.window, now);
  }

  /** Values since the start. */
  get count(): number {
    return this.#count;
  }

  /** Their sum. */
  get sum(): number {
    return this.#sum;
  }

  /** How many values each bucket holds by itself; the last is for those above every bound. */
  get bucketCounts(): Readonly<Float64Array> {
    return this.#bucketCounts;
  }

  /** The caller refuses what is not finite. */
  record(value: number, now: number): void {
    const bucket = bucketOf(this.bounds, value);
    this.#bucketCounts[bucket] = (this.#bucketCounts[bucket] ?? 0) + 1;
    this.#count++;
    this.#sum += value;
    this.#window.record(value, now);
  }

  read(now: number): DistributionValues {
    const { sketch, coveredMs } = this.#window.read(now);
    const empty = sketch.count === 0;
    return {
      count: this.#count,
      sum: this.#sum,
      min: empty ? null : sketch.min,
      max: empty ? null : sketch.max,
      mean: empty ? null : sketch.sum / sketch.count,
      p50: sketch.quantile(0.5) ?? null,
      p95: sketch.quantile(0.95) ?? null,
      p99: sketch.quantile(0.99) ?? null,
      p999: sketch.quantile(0.999) ?? null,
      ratePerSecond: coveredMs > 0 ? (sketch.count / coveredMs) * 1_000 : null,
      windowCount: sketch.count,
    };
  }

  reset(now: number): void {
    this.#bucketCounts.fill(0);
    this.#count = 0;
    this.#sum = 0;
    this.#window.reset(now);
  }
}
