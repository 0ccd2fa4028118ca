import { exponentialIndexOfWords, upperWord } from './exponential-index.ts';

/**
 * Values that are taken in together, each with its exponential index, which buckets and sketches both
 * need.
 */
export class Batch {
  readonly values: Float64Array;
  /** The exponential index of each value without its sign; anything for 0. */
  readonly indexes: Int32Array;
  /** How many of them count. */
  length = 0;
  readonly #words: Uint32Array;

  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
    this.indexes = new Int32Array(capacity);
    this.#words = new Uint32Array(this.values.buffer);
  }

  /** Takes the first `length` of `values`, which are finite and fit in. */
  fill(values: Float64Array, length: number): void {
    this.length = length;
    this.values.set(length === values.length ? values : values.subarray(0, length));
    this.#number();
  }

  /** Brings the values into another unit. */
  divide(divisor: number): void {
    if (divisor === 1) return;
    for (let index = 0; index < this.length; index++) {
      this.values[index] = (this.values[index] as number) / divisor;
    }
    this.#number();
  }

  sum(): number {
    let sum = 0;
    for (let index = 0; index < this.length; index++) sum += this.values[index] as number;
    return sum;
  }

  #number(): void {
    for (let index = 0; index < this.length; index++) {
      this.indexes[index] = exponentialIndexOfWords(
        (this.#words[2 * index + upperWord] as number) & 0x7fffffff,
        this.#words[2 * index + 1 - upperWord] as number,
      );
    }
  }
}
