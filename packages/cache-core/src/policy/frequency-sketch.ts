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
    if (hash === 0) return 0;
    const words = this.#words;
    const second = secondHash(hash);
    const block = blockOf(hash, words.length);
    return Math.min(
      countIn(words[block | wordOf(hash)] as number, hash),
      countIn(words[block | wordOf(second)] as number, second),
    );
  }

  /** Adds `uses` to the key of `hash`. */
  add(hash: number, uses: number): void {
    if (hash === 0) return;
    const words = this.#words;
    const second = secondHash(hash);
    const block = blockOf(hash, words.length);
    const firstWord = block | wordOf(hash);
    const secondWord = block | wordOf(second);
    const before = Math.min(
      countIn(words[firstWord] as number, hash),
      countIn(words[secondWord] as number, second),
    );
    const count = Math.min(before + uses, mostCount);
    words[firstWord] = raised(words[firstWord] as number, hash, count);
    words[secondWord] = raised(words[secondWord] as number, second, count);
    this.#debt += uses;
    if (this.#debt >= this.#usesPerWord) this.#age();
  }

  clear(): void {
    this.#words = new Int32Array(0);
    this.#nextAged = 0;
  }

  #age(): void {
    const words = this.#words;
    while (this.#debt >= this.#usesPerWord) {
      this.#debt -= this.#usesPerWord;
      const word = words[this.#nextAged] as number;
      words[this.#nextAged] = (word >>> 1) & withoutCarried;
      this.#nextAged = (this.#nextAged + 1) & (words.length - 1);
    }
  }
}

/** The first word of the block in which a key has its counters. */
function blockOf(hash: number, words: number): number {
  return hash & (words - wordsPerBlock);
}

// A place in the block is the word by the four upper bits, and the counter in it by the three below.

function wordOf(place: number): number {
  return place >>> 28;
}

function shiftOf(place: number): number {
  return (place >>> 23) & 0b11100;
}

/** The counter of `place` in its word. */
function countIn(word: number, place: number): number {
  return (word >>> shiftOf(place)) & mostCount;
}

/** The word with the counter of `place` at `count`, unless it is higher already. */
function raised(word: number, place: number, count: number): number {
  if (countIn(word, place) >= count) return word;
  const shift = shiftOf(place);
  return (word & ~(mostCount << shift)) | (count << shift);
}

function secondHash(hash: number): number {
  return Math.imul(hash, 0x9e3779b1);
}
