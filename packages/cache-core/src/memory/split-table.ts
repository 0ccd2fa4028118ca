import { ProbeTable } from './probe-table.ts';

const keysPerSegment = 4_096;
const cellsPerKey = 2;
/** The lower bits of a hash say where a key is in its segment, the upper ones in which. */
const segmentShift = 16;

/**
 * A {@link ProbeTable} for very many keys, in segments that split one at a time as it grows (linear
 * hashing; Litwin, VLDB 1980), so that no moment is long.
 */
export class SplitTable<K> {
  readonly #keys: readonly K[];
  readonly #segments: ProbeTable<K>[];
  /** Segments when the present round of splits began, a power of 2. */
  #roundSize = 1;
  #size = 0;

  constructor(keys: readonly K[]) {
    this.#keys = keys;
    this.#segments = [new ProbeTable(keys, cellsPerKey)];
  }

  get size(): number {
    return this.#size;
  }

  find(hash: number, key: K): number | undefined {
    return this.#segmentOf(hash).find(hash, key);
  }

  /** `false`, and nothing is added, when too many others are in the way. */
  add(hash: number, slot: number): boolean {
    if (!this.#segmentOf(hash).add(hash, slot)) return false;
    this.#size++;
    if (this.#size > this.#segments.length * keysPerSegment) this.#split();
    return true;
  }

  delete(hash: number, slot: number): boolean {
    if (!this.#segmentOf(hash).delete(hash, slot)) return false;
    this.#size--;
    return true;
  }

  #segmentOf(hash: number): ProbeTable<K> {
    const number = (hash >>> segmentShift) & (2 * this.#roundSize - 1);
    const { length } = this.#segments;
    return this.#segments[number < length ? number : number - this.#roundSize] as ProbeTable<K>;
  }

  /** Moves about half of the next segment in turn to a new one. */
  #split(): void {
    const from = this.#segments.length - this.#roundSize;
    const kept = new ProbeTable(this.#keys, cellsPerKey);
    const moved = new ProbeTable(this.#keys, cellsPerKey);
    for (const [hash, slot] of (this.#segments[from] as ProbeTable<K>).entries()) {
      const isMoved = ((hash >>> segmentShift) & this.#roundSize) !== 0;
      (isMoved ? moved : kept).put(hash, slot);
    }
    this.#segments[from] = kept;
    this.#segments.push(moved);
    if (this.#segments.length === 2 * this.#roundSize) this.#roundSize *= 2;
  }
}
