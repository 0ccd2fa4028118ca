/** A key's two counters are in the same 16 words, which one line of the processor's cache holds. */
const wordsPerBlock = 16;
const mostCount = 15;
/** Each counter is halved once while this many uses per entry are added. */
const agingPeriod = 10;
/** Clears the bit that each counter got from its neighbour when a word is shifted. */
const withoutCarried = 0x7777_7777;

/**
 * Estimates how often keys were used that left the cache: a count-min sketch (Cormode and
 * Muthukrishnan, 2005) with conservative update, two 4-bit counters a key, and aging as in TinyLFU
 * (Einziger, Friedman and Manes, 2017), but a word at a time instead of the whole table at once.
 */
export class FrequencySketch {
  #words = new Int32Array(0);
  #debt = 0;
  #usesPerWord = 1;
  #nextAged = 0;

  /** Fits the sketch to `capacity` entries; what it knows stays. */
  fit(capacity: number): void {
    const length = 2 ** Math.ceil(Math.log2(Math.max(wordsPerBlock, capacity)));
    if (length > this.#words.length) {
      const longer = new Int32Array(length);
      // A counter's place is the low bits of a hash, so each copy is found under one more bit.
      if (this.#words.length > 0) {
        for (let at = 0; at < length; at += this.#words.length) longer.set(this.#words, at);
      }
      this.#words = longer;
    }
    this.#usesPerWord = (agingPeriod * capacity) / this.#words.length;
  }

  get isEmpty(): boolean {
    return this.#words.length === 0;
  }

  /** How often the key of `hash` was used, from 0 to 15; 0 for a key without a hash. */
  estimate(hash: number): number {
    return hash === 0 ? 0 : Math.min(this.#read(hash, hash), this.#read(hash, secondHash(hash)));
  }

  /** Adds `uses` to the key of `hash`. */
  add(hash: number, uses: number): void {
    if (hash === 0) return;
    const second = secondHash(hash);
    const before = Math.min(this.#read(hash, hash), this.#read(hash, second));
    const count = Math.min(before + uses, mostCount);
    this.#raise(hash, hash, count);
    this.#raise(hash, second, count);
    this.#debt += uses;
    while (this.#debt >= this.#usesPerWord) this.#age();
  }

  clear(): void {
    this.#words = new Int32Array(0);
    this.#nextAged = 0;
  }

  /** @param place - where in the block of `hash`: the word by four bits, the counter by three more */
  #read(hash: number, place: number): number {
    const word = this.#words[this.#wordOf(hash, place)] as number;
    return (word >>> shiftOf(place)) & mostCount;
  }

  #raise(hash: number, place: number, count: number): void {
    const index = this.#wordOf(hash, place);
    const shift = shiftOf(place);
    const word = this.#words[index] as number;
    if (((word >>> shift) & mostCount) >= count) return;
    this.#words[index] = (word & ~(mostCount << shift)) | (count << shift);
  }

  #wordOf(hash: number, place: number): number {
    const block = hash & (this.#words.length - wordsPerBlock);
    return block | (place >>> 28);
  }

  #age(): void {
    this.#debt -= this.#usesPerWord;
    const word = this.#words[this.#nextAged] as number;
    this.#words[this.#nextAged] = (word >>> 1) & withoutCarried;
    this.#nextAged = (this.#nextAged + 1) & (this.#words.length - 1);
  }
}

/** Which of a word's eight counters a place means. */
function shiftOf(place: number): number {
  return (place >>> 23) & 0b11100;
}

function secondHash(hash: number): number {
  return Math.imul(hash, 0x9e3779b1);
}
