import type { KeyHasher } from './key-hasher.ts';

/** Below this many entries one `Map` rebuilds its table in a few milliseconds. */
export const largestSingleMap = 65_536;
const entriesPerSegment = 4_096;

/**
 * Finds the slot of a key. A `Map` rebuilds its whole table now and then, which takes 0.2 s at a
 * million entries, and holds no more than 16.7 million. So a large index is cut into segments, each a
 * `Map`, that split one at a time as the index grows: linear hashing (Litwin, VLDB 1980).
 */
export class SlotIndex<K> {
  readonly #hasher: KeyHasher;
  readonly #splits: boolean;
  /** The only segment, while there is one. */
  #single: Map<K, number> | undefined = new Map();
  #segments: Map<K, number>[] = [this.#single as Map<K, number>];
  /** Segments when the present round of splits began, a power of 2. */
  #roundSize = 1;
  #size = 0;

  /** @param splits - whether the index may become large */
  constructor(hasher: KeyHasher, splits: boolean) {
    this.#hasher = hasher;
    this.#splits = splits;
  }

  get size(): number {
    return this.#size;
  }

  get(key: K): number | undefined {
    if (this.#single !== undefined) return this.#single.get(key);
    return this.#segmentOf(this.#hasher.hash(key)).get(key);
  }

  /** Adds `key`, which is not there yet. */
  add(key: K, slot: number): void {
    this.#size++;
    if (this.#single !== undefined) this.#single.set(key, slot);
    else this.#segmentOf(this.#hasher.hash(key)).set(key, slot);
    if (this.#splits && this.#size > this.#segments.length * entriesPerSegment) this.#split();
  }

  /** Removes `key`, which is there. */
  remove(key: K): void {
    this.#size--;
    if (this.#single !== undefined) this.#single.delete(key);
    else this.#segmentOf(this.#hasher.hash(key)).delete(key);
  }

  clear(): void {
    this.#single = new Map();
    this.#segments = [this.#single];
    this.#roundSize = 1;
    this.#size = 0;
  }

  #segmentOf(hash: number): Map<K, number> {
    const number = hash & (2 * this.#roundSize - 1);
    const { length } = this.#segments;
    return this.#segments[number < length ? number : number - this.#roundSize] as Map<K, number>;
  }

  /** Moves about half of the next segment in turn to a new one. */
  #split(): void {
    this.#single = undefined;
    const { length } = this.#segments;
    const from = length - this.#roundSize;
    const kept = new Map<K, number>();
    const moved = new Map<K, number>();
    for (const [key, slot] of this.#segments[from] as Map<K, number>) {
      const isMoved = (this.#hasher.hash(key) & this.#roundSize) !== 0;
      (isMoved ? moved : kept).set(key, slot);
    }
    this.#segments[from] = kept;
    this.#segments.push(moved);
    if (this.#segments.length === 2 * this.#roundSize) this.#roundSize *= 2;
  }
}
