type Counts = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Buckets that are made at a time. */
const blockSize = 32;

/**
 * Counts of buckets with consecutive numbers, as few as they can be. They are of one width while they are
 * recorded in, because code that meets several takes half as long again, and narrow once compacted.
 */
export class BucketCounts {
  #counts: Counts = new Uint32Array(0);
  /** The number of the first bucket. */
  #offset = 0;
  /** The most that one count can be before they must be wider. */
  #most = 0xffffffff;

  get offset(): number {
    return this.#offset;
  }

  get counts(): Readonly<Counts> {
    return this.#counts;
  }

  /** How many buckets there would be if `index` were among them; whole blocks are made. */
  spanWith(index: number): number {
    const length = this.#counts.length;
    const block = blockOf(index);
    if (length === 0) return blockSize;
    return Math.max(block + blockSize, this.#offset + length) - Math.min(block, this.#offset);
  }

  /** Adds 1 to bucket `index`; `false` when there is no such bucket yet, or no wider number fits. */
  increment(index: number): boolean {
    const counts = this.#counts;
    const place = index - this.#offset;
    if (place < 0 || place >= counts.length) return false;
    const count = counts[place] as number;
    if (count === this.#most) return false;
    counts[place] = count + 1;
    return true;
  }

  add(index: number, count: number): void {
    let place = index - this.#offset;
    if (place < 0 || place >= this.#counts.length) place = this.#reach(index);
    const sum = (this.#counts[place] as number) + count;
    if (sum > this.#most) this.#widen(sum);
    this.#counts[place] = sum;
  }

  /** Joins each pair of buckets `by` times. */
  downscale(by: number): void {
    const { counts, offset } = this;
    this.#counts = new Uint32Array(0);
    this.#most = 0xffffffff;
    for (let place = 0; place < counts.length; place++) {
      const count = counts[place] as number;
      if (count > 0) this.add((place + offset) >> by, count);
    }
  }

  /** Gives back the blocks that are empty at both ends, and makes the counts as narrow as they can be. */
  compact(): void {
    const filled = this.#filled();
    const first = blockOf(this.#offset + filled.first) - this.#offset;
    const end = blockOf(this.#offset + filled.last) + blockSize - this.#offset;
    const counts = this.#counts.slice(first, Math.max(first, end));
    this.#most = narrowest(counts);
    this.#counts = arrayFor(this.#most, counts.length);
    this.#counts.set(counts);
    this.#offset += first;
  }

  clear(): void {
    this.#counts = new Uint32Array(0);
    this.#most = 0xffffffff;
  }

  /** The buckets that hold something, with those between them. */
  toJSON(): { readonly offset: number; readonly counts: readonly number[] } {
    const { first, last } = this.#filled();
    const counts = Array.from(this.#counts.subarray(first, last + 1));
    return { offset: counts.length === 0 ? 0 : this.#offset + first, counts };
  }

  #filled(): { readonly first: number; readonly last: number } {
    let first = 0;
    let last = this.#counts.length - 1;
    while (first <= last && this.#counts[first] === 0) first++;
    while (last > first && this.#counts[last] === 0) last--;
    return { first, last };
  }

  /** Makes room for bucket `index` and answers its place. */
  #reach(index: number): number {
    const block = blockOf(index);
    const length = this.#counts.length;
    const first = length === 0 ? block : Math.min(block, this.#offset);
    const end = length === 0 ? block : this.#offset + length;
    const counts = arrayFor(this.#most, Math.max(end, block + blockSize) - first);
    counts.set(this.#counts, length === 0 ? 0 : this.#offset - first);
    this.#counts = counts;
    this.#offset = first;
    return index - first;
  }

  #widen(least: number): void {
    this.#most = least <= 0xffff ? 0xffff : least <= 0xffffffff ? 0xffffffff : Infinity;
    const counts = arrayFor(this.#most, this.#counts.length);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}

function narrowest(counts: Counts): number {
  let largest = 0;
  for (const count of counts) if (count > largest) largest = count;
  return [0xff, 0xffff, 0xffffffff].find((most) => largest <= most) ?? Infinity;
}

function arrayFor(most: number, length: number): Counts {
  if (most === 0xff) return new Uint8Array(length);
  if (most === 0xffff) return new Uint16Array(length);
  return most === 0xffffffff ? new Uint32Array(length) : new Float64Array(length);
}

function blockOf(index: number): number {
  return Math.floor(index / blockSize) * blockSize;
}
