import { mixBits } from '../memory/key-hasher.ts';

const countersPerWord = 8;
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
  #words = new Uint32Array(0);
  #debt = 0;
  #usesPerWord = 1;
  #nextAged = 0;

  /** Fits the sketch to `capacity` entries; what it knows stays. */
  fit(capacity: number): void {
    const length = 2 ** Math.ceil(Math.log2(Math.max(countersPerWord, capacity)));
    if (length > this.#words.length) {
      const longer = new Uint32Array(length);
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
    if (hash === 0) return 0;
    const second = mixBits(hash);
    return Math.min(this.#read(hash), this.#read(second));
  }

  /** Adds `uses` to the key of `hash`. */
  add(hash: number, uses: number): void {
    if (hash === 0) return;
    const second = mixBits(hash);
    const count = Math.min(this.#read(hash), this.#read(second)) + uses;
    this.#raise(hash, Math.min(count, mostCount));
    this.#raise(second, Math.min(count, mostCount));
    this.#debt += uses;
    while (this.#debt >= this.#usesPerWord) this.#age();
  }

  clear(): void {
    this.#words = new Uint32Array(0);
    this.#nextAged = 0;
  }

  #read(hash: number): number {
    const word = this.#words[hash & (this.#words.length - 1)] as number;
    return (word >>> shiftOf(hash)) & mostCount;
  }

  #raise(hash: number, count: number): void {
    const index = hash & (this.#words.length - 1);
    const shift = shiftOf(hash);
    const word = this.#words[index] as number;
    if (((word >>> shift) & mostCount) >= count) return;
    this.#words[index] = (word & ~(mostCount << shift)) | (count << shift);
  }

  #age(): void {
    this.#debt -= this.#usesPerWord;
    const word = this.#words[this.#nextAged] as number;
    this.#words[this.#nextAged] = (word >>> 1) & withoutCarried;
    this.#nextAged = (this.#nextAged + 1) & (this.#words.length - 1);
  }
}

/** Which of a word's eight counters a hash means: its three highest bits. */
function shiftOf(hash: number): number {
  return (hash >>> 29) << 2;
}
