import { inspectable, numberOption } from '@x/interfaces';
import { BucketCounts } from './bucket-counts.ts';
import { exponentialIndex, finestScale } from './exponential-index.ts';
import type { Sketch } from './sketch.ts';

/** An {@link ExponentialSketch} as plain data; bucket numbers and scale are OpenTelemetry's. */
export interface ExponentialState {
  readonly engine: 'exponential';
  readonly count: number;
  readonly sum: number;
  /** `null` when there is no value. */
  readonly min: number | null;
  readonly max: number | null;
  /** The values themselves, as long as they are few; there are no buckets then. */
  readonly values?: readonly number[] | undefined;
  /** Bucket `i` ends at `2 ** ((i + 1) / 2 ** scale)`. */
  readonly scale: number;
  readonly zeros: number;
  readonly positive: { readonly offset: number; readonly counts: readonly number[] };
  /** By size: bucket `i` of the values without their sign. */
  readonly negative: { readonly offset: number; readonly counts: readonly number[] };
}

/** Up to this number values are kept as they are, and answers are exact. */
const mostExact = 128;

/** Buckets on either side of 0; 40 powers of two at the finest scale. */
const mostBuckets = 2_560;

const share = { min: 0, max: 1 };
const noValues = new Float64Array(0);

/**
 * Quantiles by counting values in buckets whose bounds grow by the 64th root of 2, so that an answer
 * is never off by more than 1.09 percent. That holds while the values of one sign span no more than
 * 40 powers of two (a nanosecond and a quarter of an hour); beyond, pairs of buckets are joined until
 * they do, which doubles the bound each time. Merging is exact: the result is that of one sketch that
 * saw all the values. Up to 128 values are kept as they are, and answered exactly.
 *
 * The buckets are those of OpenTelemetry's exponential histograms and Prometheus' native ones. Between
 * the bounds of a bucket values are taken to lie evenly by ratio.
 */
export class ExponentialSketch implements Sketch {
  /** The values, until they are too many. */
  #values: Float64Array | undefined = noValues;
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;
  #scale = finestScale;
  #zeros = 0;
  readonly #positive = new BucketCounts();
  #negative: BucketCounts | undefined;

  constructor() {
    inspectable(this, this.#facts);
  }

  /** An equal sketch from plain data. */
  static from(state: ExponentialState): ExponentialSketch {
    const sketch = createSketch();
    if (state.values !== undefined) {
      for (const value of state.values) sketch.record(value);
      return sketch;
    }
    sketch.#values = undefined;
    sketch.#scale = state.scale;
    sketch.#zeros = state.zeros;
    for (const sign of ['positive', 'negative'] as const) {
      for (const [place, count] of state[sign].counts.entries()) {
        if (count > 0) sketch.#buckets(sign).add(state[sign].offset + place, count);
      }
    }
    sketch.#count = state.count;
    sketch.#sum = state.sum;
    sketch.#min = state.min ?? Infinity;
    sketch.#max = state.max ?? -Infinity;
    return sketch;
  }

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  get min(): number {
    return this.#min;
  }

  get max(): number {
    return this.#max;
  }

  /** The most by which an answer can be off, as a share of the value; 0 while values are kept. */
  get relativeError(): number {
    return this.#values === undefined ? 2 ** (1 / 2 ** this.#scale) - 1 : 0;
  }

  record(value: number): void {
    if (Number.isFinite(value)) this.recordIndexed(value, exponentialIndex(Math.abs(value)));
  }

  #facts(this: void, self: ExponentialSketch): object {
    return { count: self.#count, sum: self.#sum, min: self.#min, max: self.#max };
  }

  recordIndexed(value: number, index: number): void {
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (this.#values === undefined) this.#sort(value, index);
    else this.#keep(value, index);
  }

  quantile(q: number): number | undefined {
    numberOption('q', q, undefined, share);
    if (this.#count === 0) return undefined;
    const rank = Math.min(this.#count, Math.max(1, Math.ceil(q * this.#count)));
    if (this.#values !== undefined) return this.#values.subarray(0, this.#count).sort()[rank - 1];
    return Math.min(this.#max, Math.max(this.#min, this.#estimate(rank)));
  }

  merge(other: Sketch): void {
    if (!isOfSameKind(other)) {
      throw new TypeError('an exponential sketch merges with its own kind only');
    }
    if (other.#values !== undefined) {
      for (const value of other.#values.slice(0, other.#count)) this.record(value);
      return;
    }
    this.#spill();
    if (other.#scale < this.#scale) this.#downscale(this.#scale - other.#scale);
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    this.#zeros += other.#zeros;
    this.#addBuckets('positive', other.#positive, other.#scale);
    if (other.#negative !== undefined) this.#addBuckets('negative', other.#negative, other.#scale);
  }

  compact(): void {
    if (this.#values !== undefined) {
      if (this.#count < this.#values.length) this.#values = this.#values.slice(0, this.#count);
      return;
    }
    this.#positive.compact();
    this.#negative?.compact();
  }

  reset(): void {
    this.#values = noValues;
    this.#count = 0;
    this.#sum = 0;
    this.#min = Infinity;
    this.#max = -Infinity;
    this.#scale = finestScale;
    this.#zeros = 0;
    this.#positive.clear();
    this.#negative = undefined;
  }

  toJSON(): ExponentialState {
    const empty = { offset: 0, counts: [] };
    return {
      engine: 'exponential',
      count: this.#count,
      sum: this.#sum,
      min: this.#count === 0 ? null : this.#min,
      max: this.#count === 0 ? null : this.#max,
      ...(this.#values !== undefined && {
        values: Array.from(this.#values.subarray(0, this.#count)),
      }),
      scale: this.#scale,
      zeros: this.#zeros,
      positive: this.#positive.toJSON(),
      negative: this.#negative?.toJSON() ?? empty,
    };
  }

  /** The same in buckets, however few the values are. */
  inBuckets(): ExponentialState {
    if (this.#values === undefined) return this.toJSON();
    const copy = copyOf(this);
    copy.#spill();
    return copy.toJSON();
  }

  /** Keeps the value that was counted last as it is. */
  #keep(value: number, index: number): void {
    let values = this.#values as Float64Array;
    const place = this.#count - 1;
    if (place === values.length) {
      if (place === mostExact) {
        this.#spill();
        this.#sort(value, index);
        return;
      }
      const grown = new Float64Array(place < 8 ? 8 : place < 32 ? 32 : mostExact);
      grown.set(values);
      this.#values = values = grown;
    }
    values[place] = value;
  }

  /** Puts the values that were kept into buckets. */
  #spill(): void {
    const values = this.#values;
    if (values === undefined) return;
    this.#values = undefined;
    const kept = Math.min(this.#count, values.length);
    for (const value of values.subarray(0, kept)) {
      this.#sort(value, exponentialIndex(Math.abs(value)));
    }
  }

  /** @param exponential - the exponential index of `value` without its sign */
  #sort(value: number, exponential: number): void {
    const index = exponential >> (finestScale - this.#scale);
    if (value > 0) {
      if (!this.#positive.increment(index)) this.#addOutside('positive', index, 1, this.#scale);
    } else if (value < 0) {
      this.#addOutside('negative', index, 1, this.#scale);
    } else {
      this.#zeros++;
    }
  }

  #buckets(sign: 'positive' | 'negative'): BucketCounts {
    return sign === 'positive' ? this.#positive : (this.#negative ??= new BucketCounts());
  }

  /** Adds to bucket `index` of `scale`, which may lie where there are no buckets yet. */
  #addOutside(sign: 'positive' | 'negative', index: number, count: number, scale: number): void {
    const buckets = this.#buckets(sign);
    while (buckets.spanWith(index >> (scale - this.#scale)) > mostBuckets) this.#downscale(1);
    buckets.add(index >> (scale - this.#scale), count);
  }

  #addBuckets(sign: 'positive' | 'negative', other: BucketCounts, scale: number): void {
    const { counts, offset } = other;
    for (let place = 0; place < counts.length; place++) {
      const count = counts[place] as number;
      if (count > 0) this.#addOutside(sign, offset + place, count, scale);
    }
  }

  #downscale(by: number): void {
    this.#scale -= by;
    this.#positive.downscale(by);
    this.#negative?.downscale(by);
  }

  #estimate(rank: number): number {
    let left = rank;
    if (this.#negative !== undefined) {
      const { counts, offset } = this.#negative;
      for (let place = counts.length - 1; place >= 0; place--) {
        const count = counts[place] as number;
        if (left <= count) return -this.#within(offset + place, 1 - (left - 0.5) / count);
        left -= count;
      }
    }
    if (left <= this.#zeros) return 0;
    left -= this.#zeros;
    const { counts, offset } = this.#positive;
    for (let place = 0; place < counts.length; place++) {
      const count = counts[place] as number;
      if (left <= count) return this.#within(offset + place, (left - 0.5) / count);
      left -= count;
    }
    return this.#max;
  }

  /** The value a share of the way through bucket `index`. */
  #within(index: number, share: number): number {
    return 2 ** ((index + share) / 2 ** this.#scale);
  }
}

/** Outside of the class: compilers rename a class that mentions itself, and the console shows that name. */
function createSketch(): ExponentialSketch {
  return new ExponentialSketch();
}

function copyOf(sketch: ExponentialSketch): ExponentialSketch {
  return ExponentialSketch.from(sketch.toJSON());
}

function isOfSameKind(other: Sketch): other is ExponentialSketch {
  return other instanceof ExponentialSketch;
}
