import { grown } from './grown.ts';
import { checkSize } from './memory-cache-options.ts';

/** How many bytes each slot counts, and all together. Costs nothing where nobody measures. */
export class ByteLedger<K, V> {
  bytes = 0;
  readonly #sizeOf: ((value: V, key: K) => number) | undefined;
  readonly #bounded: boolean;
  #sizes = new Float64Array(0);

  /** @param bounded - whether bytes are what the cache is bounded by, and so what slots weigh */
  constructor(sizeOf: ((value: V, key: K) => number) | undefined, bounded: boolean) {
    this.#sizeOf = sizeOf;
    this.#bounded = bounded;
  }

  get measures(): boolean {
    return this.#sizeOf !== undefined;
  }

  /** @throws RangeError or TypeError when `sizeOf` answers no size */
  measure(value: V, key: K): number {
    return this.#sizeOf === undefined ? 0 : checkSize(this.#sizeOf(value, key));
  }

  /** Bytes where these are bounded, otherwise 1; 0 for an entry whose size is 0, in any case. */
  weightOf(slot: number): number {
    return this.#sizeOf === undefined ? 1 : this.#measuredWeightOf(slot);
  }

  /** The bytes of all slots if `slot` counted `size`. */
  bytesWith(slot: number, size: number): number {
    return this.#sizeOf === undefined ? 0 : this.bytes + size - (this.#sizes[slot] as number);
  }

  /** `slot` counts `size` from now on. */
  write(slot: number, size: number): void {
    if (this.#sizeOf !== undefined) this.#count(slot, size);
  }

  grow(capacity: number): void {
    if (this.#sizeOf !== undefined) this.#sizes = grown(this.#sizes, capacity);
  }

  clear(): void {
    this.#sizes = new Float64Array(0);
    this.bytes = 0;
  }

  #measuredWeightOf(slot: number): number {
    const size = this.#sizes[slot] as number;
    return this.#bounded ? size : Math.min(size, 1);
  }

  #count(slot: number, size: number): void {
    this.bytes += size - (this.#sizes[slot] as number);
    this.#sizes[slot] = size;
  }
}
