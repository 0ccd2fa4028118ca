/** For each key: so one in five, or fewer, of the keys that are not there is taken for one that may be. */
const cellsPerKey = 4;
/** A count as high as this says no more how many keys it stands for, and stays. */
const mostCount = 255;

/**
 * Tells of most keys, by their hashes, that they are not there, in one look at a small table: a counting
 * Bloom filter (Fan, Cao, Almeida and Broder, IEEE/ACM Transactions on Networking, 2000) with one cell a key.
 * Keys may come before their hashes are known, and these be learnt later.
 */
export class KeyFilter {
  #capacity = 0;
  /** Made when the first hash comes, which in many caches is never. */
  #counts = new Uint8Array(0);
  /** Keys that came without a hash. */
  #unknown = 0;

  /**
   * Fits it to `capacity` keys; more may come, and less is told then.
   *
   * @param hashes - of all keys that are there, 0 where one is not known
   */
  fit(capacity: number, hashes: Iterable<number>): void {
    this.#capacity = capacity;
    if (this.#counts.length === 0) return;
    this.#counts = new Uint8Array(0);
    for (const hash of hashes) if (hash !== 0) this.#count(hash);
  }

  /** Whether the hashes of all keys are known, without which nothing can be told. */
  get knowsAll(): boolean {
    return this.#unknown === 0;
  }

  /** Where it knows all: whether a key of `hash` is certainly not there. */
  excludes(hash: number): boolean {
    return this.#counts[hash & (this.#counts.length - 1)] === 0;
  }

  /** A key comes; `hash` is 0 where it is not known. */
  add(hash: number): void {
    if (hash === 0) this.#unknown++;
    else this.#count(hash);
  }

  /** The hash of a key that came without one. */
  learn(hash: number): void {
    this.#unknown--;
    this.#count(hash);
  }

  /** A key leaves; `hash` is 0 where it was never learnt. */
  delete(hash: number): void {
    if (hash === 0) {
      this.#unknown--;
      return;
    }
    const cell = hash & (this.#counts.length - 1);
    if (this.#counts[cell] !== mostCount) this.#counts[cell] = (this.#counts[cell] as number) - 1;
  }

  #count(hash: number): void {
    if (this.#counts.length === 0) {
      this.#counts = new Uint8Array(2 ** Math.ceil(Math.log2(cellsPerKey * this.#capacity)));
    }
    const cell = hash & (this.#counts.length - 1);
    if (this.#counts[cell] !== mostCount) this.#counts[cell] = (this.#counts[cell] as number) + 1;
  }
}
