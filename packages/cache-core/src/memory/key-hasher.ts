/** Longer strings are hashed by their first 16 and last 48 characters. */
const wholeLength = 64;
const headLength = 16;

const bits = new DataView(new ArrayBuffer(8));

/**
 * Spreads every bit of `hash` over all of them: the finaliser of MurmurHash3, by Austin Appleby. The
 * answer is signed, because V8 keeps no number from 2³¹ on without making an object of it.
 */
export function mixBits(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * Hashes keys to 32 bits. Each hasher begins with a secret number, so that nobody can choose keys that
 * collide. V8 knows the hash of a string but does not tell it, so a string costs about 2 ns a character.
 */
export class KeyHasher {
  readonly #seed = crypto.getRandomValues(new Int32Array(1))[0] as number;

  /** A signed number of 32 bits that is not 0; 0 for an object, a function or a symbol, which have no value to hash. */
  hash(key: unknown): number {
    if (typeof key === 'string') return this.#finish(this.#hashString(key));
    if (typeof key === 'number') return this.#finish(this.#hashNumber(key));
    if (typeof key === 'bigint') return this.#finish(this.#hashString(key.toString(36)));
    return 0;
  }

  #hashString(text: string): number {
    const { length } = text;
    if (length <= wholeLength) return hashRange(text, 0, length, this.#seed);
    const head = hashRange(text, 0, headLength, this.#seed ^ length);
    return hashRange(text, length - (wholeLength - headLength), length, head);
  }

  #hashNumber(value: number): number {
    if ((value | 0) === value) return this.#seed ^ value;
    if (Number.isNaN(value)) return ~this.#seed;
    bits.setFloat64(0, value);
    return Math.imul(this.#seed ^ bits.getInt32(0), 0x01000193) ^ bits.getInt32(4);
  }

  #finish(hash: number): number {
    return mixBits(hash) || 1;
  }
}

/** FNV-1a over the characters from `start` to `end`, even and odd ones apart, so that they overlap. */
function hashRange(text: string, start: number, end: number, seed: number): number {
  let even = seed;
  let odd = ~seed;
  let index = start;
  for (; index < end - 1; index += 2) {
    even = Math.imul(even ^ text.charCodeAt(index), 0x01000193);
    odd = Math.imul(odd ^ text.charCodeAt(index + 1), 0x01000193);
  }
  if (index < end) even = Math.imul(even ^ text.charCodeAt(index), 0x01000193);
  return mixBits(even) ^ odd;
}
