import { checkSize } from './memory-cache-options.ts';

/** How many bytes each slot counts, and all together. Costs nothing where nobody measures. */
export class ByteLedger<K, V> {
  bytes = 0;
  readonly #sizeOf: ((value: V, key: K) => number) | undefined;
  #sizes = new Float64Array(0);

  constructor(sizeOf: ((value: V, key: K) => number) | undefined) {
    this.#sizeOf = sizeOf;
  }

  get measures(): boolean {
    return this.#sizeOf !== undefined;
  }

  /** @throws RangeError or TypeError when `sizeOf` answers no size */
  measure(value: V, key: K): number {
    return this.#sizeOf === undefined ? 0 : checkSize(this.#sizeOf(value, key));
  }

  /** `slot` counts `size` from now on. */
  write(slot: number, size: number): void {
    if (this.#sizeOf === undefined) return;
    this.bytes += size - (this.#sizes[slot] as number);
    this.#sizes[slot] = size;
  }

  grow(capacity: number): void {
    if (this.#sizeOf === undefined) return;
    const longer = new Float64Array(capacity);
    longer.set(this.#sizes);
    this.#sizes = longer;
  }

  clear(): void {
    this.#sizes.fill(0);
    this.bytes = 0;
  }
}
