import { inspectable, numberOption } from '@x/interfaces';
import { TDigest } from 'tdigest';
import {
  type Centroids,
  clusterCentroids,
  largestGroup,
  mergeCentroids,
  singletons,
} from './centroids.ts';
import type { Sketch } from './sketch.ts';

/** A {@link TDigestSketch} as plain data. */
export interface TDigestState {
  readonly engine: 'tdigest';
  readonly count: number;
  readonly sum: number;
  /** `null` when there is no value. */
  readonly min: number | null;
  readonly max: number | null;
  /** Groups of values, ascending: the mean of each. */
  readonly means: readonly number[];
  /** How many values each group stands for; none where each stands for one. */
  readonly weights: readonly number[];
}

/** Values are collected up to this number before they are sorted and grouped. */
const bufferSize = 1_000;

/** A sketch that is compacted keeps up to this number of values as they are. */
const mostKept = 250;

/** The same as `delta` for a sketch that is compacted; makes about 200 groups. */
const compactDelta = 0.03;

/** Share of all values that one group may stand for in the middle; makes 400 to 500 groups. */
const delta = 0.015;

/** Merging keeps groups apart up to this number. */
const mostMerged = 16_000;

const share = { min: 0, max: 1 };
const nothing: Centroids = singletons(new Float64Array(0));

/**
 * Quantiles by the `tdigest` library. Values are buffered, and sorted and grouped 1,000 at a time,
 * before they reach a digest: pushed one by one they cost several times as much, and the library's
 * own `compress()` ruins the far tail. Up to 1,000 values the answers are exact. Beyond, they are
 * exact for the smallest and largest values and for values that make up a good share of all, and
 * estimated in between.
 */
export class TDigestSketch implements Sketch {
  #buffer: Float64Array = nothing.means;
  #buffered = 0;
  /** What no longer fits the buffer. */
  #groups: Centroids = nothing;
  /** All values in groups, made for the first question and dropped when something new comes. */
  #answers: Answers | undefined;
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;

  constructor() {
    inspectable(this, this.#facts);
  }

  /** An equal sketch from plain data. */
  static from(state: TDigestState): TDigestSketch {
    const sketch = createSketch();
    const means = Float64Array.from(state.means);
    if (state.weights.length === 0 && means.length <= bufferSize) {
      for (const value of means) sketch.#take(value);
    } else {
      const weights = Float64Array.from(state.weights);
      sketch.#groups = state.weights.length === 0 ? singletons(means) : { means, weights };
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

  record(value: number): void {
    if (!Number.isFinite(value)) return;
    this.#take(value);
    this.#answers = undefined;
  }

  #facts(this: void, self: TDigestSketch): object {
    return { count: self.#count, sum: self.#sum, min: self.#min, max: self.#max };
  }

  recordIndexed(value: number): void {
    this.#take(value);
    this.#answers = undefined;
  }

  quantile(q: number): number | undefined {
    numberOption('q', q, undefined, share);
    if (this.#count === 0) return undefined;
    const rank = Math.min(this.#count, Math.max(1, Math.ceil(q * this.#count)));
    if (this.#groups === nothing) return this.#sortedBuffer()[rank - 1];
    if (rank === 1) return this.#min;
    if (rank === this.#count) return this.#max;
    this.#answers ??= new Answers(clusterCentroids(this.#centroids(), this.#count, delta));
    // The library puts each value in the middle of its place among all.
    const middle = (rank - 0.5) / this.#count;
    const answer = this.#answers.exactly(rank, this.#count) ?? this.#answers.estimate(middle);
    return Math.min(this.#max, Math.max(this.#min, answer));
  }

  merge(other: Sketch): void {
    if (!isOfSameKind(other)) {
      throw new TypeError('a tdigest sketch merges with its own kind only');
    }
    const total = this.#count + other.#count;
    if (this.#groups === nothing && other.#groups === nothing && total <= bufferSize) {
      const values = new Float64Array(total);
      values.set(this.#buffer.subarray(0, this.#buffered));
      values.set(other.#buffer.subarray(0, other.#buffered), this.#buffered);
      this.#buffer = values;
      this.#buffered = total;
    } else {
      const groups = mergeCentroids(this.#centroids(), other.#centroids());
      const tooMany = groups.means.length > mostMerged;
      this.#groups = tooMany ? clusterCentroids(groups, total, delta) : groups;
      this.#buffered = 0;
    }
    this.#answers = undefined;
    this.#count = total;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  compact(): void {
    this.#answers = undefined;
    if (this.#groups !== nothing || this.#buffered > mostKept) {
      this.#groups = clusterCentroids(this.#centroids(), this.#count, compactDelta);
      this.#buffered = 0;
    }
    if (this.#buffered < this.#buffer.length) this.#buffer = this.#buffer.slice(0, this.#buffered);
  }

  reset(): void {
    this.#buffer = nothing.means;
    this.#buffered = 0;
    this.#groups = nothing;
    this.#answers = undefined;
    this.#count = 0;
    this.#sum = 0;
    this.#min = Infinity;
    this.#max = -Infinity;
  }

  toJSON(): TDigestState {
    const { means, weights } = this.#centroids();
    const alone = weights.every((weight) => weight === 1);
    return {
      engine: 'tdigest',
      count: this.#count,
      sum: this.#sum,
      min: this.#count === 0 ? null : this.#min,
      max: this.#count === 0 ? null : this.#max,
      means: Array.from(means),
      weights: alone ? [] : Array.from(weights),
    };
  }

  #take(value: number): void {
    if (this.#buffered === this.#buffer.length) this.#makeRoom();
    this.#buffer[this.#buffered++] = value;
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  #makeRoom(): void {
    if (this.#buffered >= bufferSize) {
      this.#groupBuffer();
      return;
    }
    const grown = new Float64Array(Math.min(bufferSize, Math.max(16, this.#buffered * 2)));
    grown.set(this.#buffer);
    this.#buffer = grown;
  }

  #sortedBuffer(): Float64Array {
    return this.#buffer.subarray(0, this.#buffered).sort();
  }

  /** Everything in one list, the buffered values each for themselves. */
  #centroids(): Centroids {
    return mergeCentroids(this.#groups, singletons(this.#sortedBuffer()));
  }

  #groupBuffer(): void {
    if (this.#buffered === 0) return;
    this.#groups = clusterCentroids(this.#centroids(), this.#count, delta);
    this.#buffered = 0;
  }
}

/** What grouped values have to say about quantiles. */
class Answers {
  readonly #groups: Centroids;
  #digest: TDigest | undefined;

  constructor(groups: Centroids) {
    this.#groups = groups;
  }

  /** The value of rank `rank` among `count`, when it lies in a group of equal values. */
  exactly(rank: number, count: number): number | undefined {
    const { means, weights } = this.#groups;
    let below = 0;
    let index = 0;
    let weight = weights[0] ?? 0;
    while (below + weight < rank) {
      below += weight;
      weight = weights[++index] ?? Infinity;
    }
    const center = below + weight / 2;
    const equal = weight === 1 || weight > largestGroup(center, count - center, compactDelta);
    return equal ? means[index] : undefined;
  }

  estimate(q: number): number {
    return (this.#digest ??= toDigest(this.#groups)).percentile(q);
  }
}

/**
 * The groups as a digest. In ascending order each is the new maximum, which the library keeps as it
 * is; in any other order it would join them by running totals that lag behind, which spoils the tail.
 */
function toDigest({ means, weights }: Centroids): TDigest {
  const digest = new TDigest(delta, 0, Infinity);
  for (let index = 0; index < means.length; index++) {
    digest.push_centroid({ mean: means[index] ?? 0, n: weights[index] ?? 0 });
  }
  return digest;
}

/** Outside of the class: compilers rename a class that mentions itself, and the console shows that name. */
function createSketch(): TDigestSketch {
  return new TDigestSketch();
}

function isOfSameKind(other: Sketch): other is TDigestSketch {
  return other instanceof TDigestSketch;
}
