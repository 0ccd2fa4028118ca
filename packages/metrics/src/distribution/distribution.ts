import type { Exemplar } from '@x/interfaces';
import type { BucketLookup } from './bucket-lookup.ts';
import type { DistributionContents } from '../snapshots/dump.ts';
import { type RecordedExemplar, recordExemplar } from '../series/exemplar.ts';
import { exponentialIndex } from '../sketch/exponential-index.ts';
import { restoreSketch } from '../sketch/restore-sketch.ts';
import type { Sketch, SketchFactory } from '../sketch/sketch.ts';
import { SlidingWindow, type WindowContents, type WindowOptions } from './sliding-window.ts';

/** What every distribution of one instrument has in common. */
export interface DistributionOptions {
  readonly buckets: BucketLookup;
  readonly window: WindowOptions;
  /**
   * Makes what also keeps all values since the start, for native histograms, and what they are divided
   * by to come in the unit of the exposition.
   */
  readonly total?: { readonly create: SketchFactory; readonly scale: number } | undefined;
}

/**
 * Values of one series: totals and buckets since the start, which never decrease, and quantiles of
 * the recent ones.
 */
export class Distribution {
  readonly #buckets: BucketLookup;
  /** Values since the start in one sketch and another unit, where that was asked for. */
  readonly #total: Sketch | undefined;
  readonly #totalScale: number;
  readonly #bucketCounts: Float64Array;
  readonly #window: SlidingWindow;
  /** The slot of the window that is recorded in, and when it ends, in monotonic milliseconds. */
  #slot: Sketch;
  #slotEndsAt: number;
  /** Count and sum until the slot had the count and sum that stand beside them. */
  #count = 0;
  #slotCount = 0;
  #sum = 0;
  #slotSum = 0;
  /** By bucket. */
  #exemplars: (RecordedExemplar | undefined)[] | undefined;

  /** @param now - monotonic milliseconds */
  constructor(options: DistributionOptions, now: number) {
    this.#buckets = options.buckets;
    this.#bucketCounts = new Float64Array(options.buckets.bounds.length + 1);
    this.#window = new SlidingWindow(options.window, now);
    this.#slotEndsAt = this.#window.enter(now);
    this.#slot = this.#window.slot();
    this.#total = options.total?.create();
    this.#totalScale = options.total?.scale ?? 1;
  }

  /** Upper bounds of the buckets, ascending. */
  get bounds(): readonly number[] {
    return this.#buckets.bounds;
  }

  /** Values since the start. */
  get count(): number {
    return this.#count + this.#slot.count - this.#slotCount;
  }

  /** Their sum. */
  get sum(): number {
    return this.#sum + (this.#slot.sum - this.#slotSum);
  }

  /** How many values each bucket holds by itself; the last is for those above every bound. */
  get bucketCounts(): Readonly<Float64Array> {
    return this.#bucketCounts;
  }

  /** All values since the start in a sketch; `undefined` unless the options ask for it. */
  get total(): Sketch | undefined {
    return this.#total;
  }

  /** The last example of each bucket that has one. */
  get exemplars(): readonly (RecordedExemplar | undefined)[] {
    return this.#exemplars ?? [];
  }

  /**
   * The caller refuses what is not finite.
   *
   * @param now - monotonic milliseconds
   */
  record(value: number, now: number): void {
    if (now >= this.#slotEndsAt) this.#enter(now);
    const index = exponentialIndex(Math.abs(value));
    const bucket = this.#buckets.of(value, index);
    const counts = this.#bucketCounts;
    counts[bucket] = (counts[bucket] as number) + 1;
    this.#slot.recordIndexed(value, index);
    if (this.#total !== undefined) this.#total.record(value / this.#totalScale);
  }

  /**
   * Keeps an example for the bucket of `value`, which was recorded.
   *
   * @param at - epoch milliseconds
   */
  exemplify(labels: Exemplar, value: number, at: number): void {
    const exemplar = recordExemplar(labels, value, at);
    if (exemplar !== undefined) {
      (this.#exemplars ??= [])[this.#buckets.of(value, exponentialIndex(Math.abs(value)))] =
        exemplar;
    }
  }

  /** What the retention window holds. */
  recent(now: number): WindowContents {
    return this.#window.read(now);
  }

  /** Adds what another distribution with the same bounds recorded. */
  add(contents: DistributionContents, now: number): void {
    this.#enter(now);
    this.#window.merge(restoreSketch(contents.recent), contents.coveredMs, now);
    this.#watchSlot();
    for (const [bucket, count] of contents.bucketCounts.entries()) {
      this.#bucketCounts[bucket] = (this.#bucketCounts[bucket] ?? 0) + count;
      this.#count += count;
    }
    this.#sum += contents.sum;
    if (contents.total !== undefined) this.#total?.merge(restoreSketch(contents.total));
  }

  reset(now: number): void {
    this.#window.reset(now);
    this.#enter(now);
    this.#bucketCounts.fill(0);
    this.#count = 0;
    this.#sum = 0;
    this.#exemplars = undefined;
    this.#total?.reset();
  }

  // The slot counts and sums by itself, so recording has no need to do it a second time.
  #enter(now: number): void {
    this.#count = this.count;
    this.#sum = this.sum;
    this.#slotEndsAt = this.#window.enter(now);
    this.#slot = this.#window.slot();
    this.#watchSlot();
  }

  #watchSlot(): void {
    this.#slotCount = this.#slot.count;
    this.#slotSum = this.#slot.sum;
  }
}
