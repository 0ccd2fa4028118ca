import type { Exemplar } from '@x/interfaces';
import type { BucketLookup } from './bucket-lookup.ts';
import type { DistributionContents } from './dump.ts';
import { type RecordedExemplar, recordExemplar } from './exemplar.ts';
import { Batch } from './sketch/batch.ts';
import { restoreSketch } from './sketch/restore-sketch.ts';
import type { Sketch, SketchFactory } from './sketch/sketch.ts';
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

/** Values that wait, at most, before they are sorted into buckets and sketches together. */
const mostPending = 64;

/** Where they are sorted; nothing stays in it. */
const batch = new Batch(mostPending);

/**
 * Values of one series: totals and buckets since the start, which never decrease, and quantiles of
 * the recent ones. Recording puts a value aside; every question first takes in what was put aside.
 */
export class Distribution {
  readonly #buckets: BucketLookup;
  /** Values since the start in one sketch and another unit, where that was asked for. */
  readonly #total: Sketch | undefined;
  readonly #totalScale: number;
  readonly #bucketCounts: Float64Array;
  readonly #window: SlidingWindow;
  #pending = new Float64Array(8);
  #waiting = 0;
  /** When the slot of the window ends in which the pending values belong, monotonic milliseconds. */
  #slotEndsAt = -Infinity;
  #count = 0;
  #sum = 0;
  /** By bucket. */
  #exemplars: (RecordedExemplar | undefined)[] | undefined;

  /** @param now - monotonic milliseconds */
  constructor(options: DistributionOptions, now: number) {
    this.#buckets = options.buckets;
    this.#bucketCounts = new Float64Array(options.buckets.bounds.length + 1);
    this.#window = new SlidingWindow(options.window, now);
    this.#total = options.total?.create();
    this.#totalScale = options.total?.scale ?? 1;
  }

  /** Upper bounds of the buckets, ascending. */
  get bounds(): readonly number[] {
    return this.#buckets.bounds;
  }

  /** Values since the start. */
  get count(): number {
    return this.#count + this.#waiting;
  }

  /** Their sum. */
  get sum(): number {
    this.#takeIn();
    return this.#sum;
  }

  /** How many values each bucket holds by itself; the last is for those above every bound. */
  get bucketCounts(): Readonly<Float64Array> {
    this.#takeIn();
    return this.#bucketCounts;
  }

  /** All values since the start in a sketch; `undefined` unless the options ask for it. */
  get total(): Sketch | undefined {
    this.#takeIn();
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
    if (now >= this.#slotEndsAt || this.#waiting === this.#pending.length) this.#makeRoom(now);
    this.#pending[this.#waiting++] = value;
  }

  /**
   * Keeps an example for the bucket of `value`, which was recorded.
   *
   * @param at - epoch milliseconds
   */
  exemplify(labels: Exemplar, value: number, at: number): void {
    const exemplar = recordExemplar(labels, value, at);
    if (exemplar !== undefined) {
      (this.#exemplars ??= [])[this.#buckets.of(value)] = exemplar;
    }
  }

  /** What the retention window holds. */
  recent(now: number): WindowContents {
    this.#takeIn();
    return this.#window.read(now);
  }

  /** Adds what another distribution with the same bounds recorded. */
  add(contents: DistributionContents, now: number): void {
    this.#takeIn();
    for (const [bucket, count] of contents.bucketCounts.entries()) {
      this.#bucketCounts[bucket] = (this.#bucketCounts[bucket] ?? 0) + count;
      this.#count += count;
    }
    this.#sum += contents.sum;
    this.#slotEndsAt = this.#window.enter(now);
    this.#window.merge(restoreSketch(contents.recent), contents.coveredMs, now);
    if (contents.total !== undefined) this.#total?.merge(restoreSketch(contents.total));
  }

  reset(now: number): void {
    this.#bucketCounts.fill(0);
    this.#count = 0;
    this.#sum = 0;
    this.#waiting = 0;
    this.#exemplars = undefined;
    this.#total?.reset();
    this.#window.reset(now);
  }

  #makeRoom(now: number): void {
    if (now >= this.#slotEndsAt) {
      this.#takeIn();
      this.#slotEndsAt = this.#window.enter(now);
    } else if (this.#pending.length < mostPending) {
      const grown = new Float64Array(mostPending);
      grown.set(this.#pending);
      this.#pending = grown;
    } else {
      this.#takeIn();
    }
  }

  #takeIn(): void {
    if (this.#waiting === 0) return;
    batch.fill(this.#pending, this.#waiting);
    this.#waiting = 0;
    this.#count += batch.length;
    this.#sum += batch.sum();
    this.#buckets.count(batch, this.#bucketCounts);
    this.#window.record(batch);
    if (this.#total === undefined) return;
    batch.divide(this.#totalScale);
    this.#total.recordAll(batch);
  }
}
