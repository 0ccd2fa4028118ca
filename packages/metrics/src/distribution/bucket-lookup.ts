import { bucketOf } from './buckets.ts';
import { exponentialIndex } from '../sketch/exponential-index.ts';

/** Entries of the table at most; 64 powers of two. */
const longestTable = 4_096;

/**
 * Finds the bucket of a value. A table by the value's exponential index says how many bounds lie below
 * that narrow stretch; where bounds are no closer than that, one comparison does the rest. Values and
 * bounds that are not above 0, or far apart, are searched for.
 */
export class BucketLookup {
  readonly bounds: readonly number[];
  readonly #sorted: Float64Array;
  /** For each exponential index from that of the first bound on: bounds that lie below it. */
  readonly #below: Uint16Array;
  readonly #first: number;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#sorted = Float64Array.from(bounds);
    const first = bounds[0] ?? 0;
    this.#first = first > 0 ? exponentialIndex(first) : 0;
    const length = first > 0 ? exponentialIndex(bounds.at(-1) as number) - this.#first + 1 : 0;
    this.#below = new Uint16Array(length > longestTable ? 0 : length);
    for (const bound of bounds) {
      const next = exponentialIndex(bound) - this.#first + 1;
      if (next < this.#below.length) this.#below[next] = (this.#below[next] as number) + 1;
    }
    for (let index = 1; index < this.#below.length; index++) {
      this.#below[index] = (this.#below[index] as number) + (this.#below[index - 1] as number);
    }
  }

  /**
   * The place of the first bound that is at least `value`; their number when there is none.
   *
   * @param exponential - the exponential index of `value`, where it is above 0
   */
  of(value: number, exponential: number): number {
    const below = this.#below;
    const index = exponential - this.#first;
    if (index < 0 || index >= below.length || value <= 0) return bucketOf(this.bounds, value);
    let bucket = below[index] as number;
    while ((this.#sorted[bucket] as number) < value) bucket++;
    return bucket;
  }
}
