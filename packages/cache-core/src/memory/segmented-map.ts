import type { KeyHasher } from './key-hasher.ts';

const entriesPerSegment = 4_096;

/**
 * A map from keys to numbers for very many keys. A `Map` rebuilds its whole table now and then, which
 * takes 0.2 s at a million entries, and holds no more than 16.7 million. This one consists of small
 * `Map`s that split one at a time as it grows: linear hashing (Litwin, VLDB 1980).
 */
export class SegmentedMap<K> {
  readonly #hasher: KeyHasher;
  readonly #segments: Map<K, number>[] = [new Map()];
  /** Segments when the present round of splits began, a power of 2. */
  #roundSize = 1;
  #size = 0;

  constructor(hasher: KeyHasher, entries: Iterable<readonly [K, number]> = []) {
    this.#hasher = hasher;
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#size;
  }

  get(key: K): number | undefined {
    return this.#segmentOf(key).get(key);
  }

  set(key: K, value: number): void {
    const segment = this.#segmentOf(key);
    const before = segment.size;
    segment.set(key, value);
    this.#size += segment.size - before;
    if (this.#size > this.#segments.length * entriesPerSegment) this.#split();
  }

  delete(key: K): boolean {
    const wasThere = this.#segmentOf(key).delete(key);
    if (wasThere) this.#size--;
    return wasThere;
  }

  #segmentOf(key: K): Map<K, number> {
    const number = this.#hasher.hash(key) & (2 * this.#roundSize - 1);
    const { length } = this.#segments;
    return this.#segments[number < length ? number : number - this.#roundSize] as Map<K, number>;
  }

  /** Moves about half of the next segment in turn to a new one. */
  #split(): void {
    const from = this.#segments.length - this.#roundSize;
    const kept = new Map<K, number>();
    const moved = new Map<K, number>();
    for (const [key, value] of this.#segments[from] as Map<K, number>) {
      const isMoved = (this.#hasher.hash(key) & this.#roundSize) !== 0;
      (isMoved ? moved : kept).set(key, value);
    }
    this.#segments[from] = kept;
    this.#segments.push(moved);
    if (this.#segments.length === 2 * this.#roundSize) this.#roundSize *= 2;
  }
}
