import { grown } from './grown.ts';
import type { KeyHasher } from './key-hasher.ts';
import { Newcomers } from './newcomers.ts';
import { SegmentedMap } from './segmented-map.ts';

/** An index for more entries than this is divided; below, one `Map` is quicker. */
const largestMap = 65_536;
/** From so many entries on it is. */
const smallestDivided = 4_096;
/** Below so many keys a `Map` is quick also where they come and go. */
const fewKeys = 1_024;
/** For one newcomer there are at least so many others. */
const settledPerNewcomer = 8;
/** Stands for no key; `undefined` is a key like any other. */
const none: unique symbol = Symbol('none');

/**
 * From keys to slots. Where many keys come and few stay, a `Map` does little but forget: each deletion
 * leaves a hole, and it is rebuilt as a whole when there are too many. So newcomers have a small table
 * of their own until it is decided that they stay.
 */
export class KeyIndex<K> {
  readonly #hasher: KeyHasher;
  readonly #keyAt: (slot: number) => K;
  #settled: Map<K, number> | SegmentedMap<K> = new Map();
  readonly #newcomers: Newcomers<K>;
  /** A key that was looked for in vain, if none came in since: it is the one that is written next. */
  #absent: K | typeof none = none;
  #absentHash = 0;
  /** Of the key in each slot, once somebody asked for it; until then 0. */
  #hashes = new Uint32Array(0);

  constructor(hasher: KeyHasher, keyAt: (slot: number) => K) {
    this.#hasher = hasher;
    this.#keyAt = keyAt;
    this.#newcomers = new Newcomers(keyAt);
  }

  get size(): number {
    return this.#settled.size + this.#newcomers.size;
  }

  get(key: K): number | undefined {
    const slot = this.#settled.get(key);
    return slot === undefined ? this.#getNewcomer(key) : slot;
  }

  /** Like {@link get}, for a key that is to be written and that was perhaps just missed. */
  getToWrite(key: K): number | undefined {
    return this.#absent !== none && key === this.#absent ? undefined : this.get(key);
  }

  /** The hash of the key in `slot`, see {@link KeyHasher}. */
  hashAt(slot: number): number {
    const known = this.#hashes[slot] as number;
    if (known !== 0) return known;
    const hash = this.#hasher.hash(this.#keyAt(slot));
    this.#hashes[slot] = hash;
    return hash;
  }

  /**
   * Adds a key that is not there, before it is put into `slot`.
   *
   * @param mayLeave - whether it is likely to leave soon, and {@link settle} is called if it does not
   */
  add(key: K, slot: number, mayLeave: boolean): void {
    if (!mayLeave || !this.#addNewcomer(key, slot)) {
      this.#settled.set(key, slot);
      this.#hashes[slot] = 0;
    }
    this.#absent = none;
  }

  /** The key in `slot` is to stay. */
  settle(slot: number): void {
    if (this.#newcomers.size === 0) return;
    if (this.#newcomers.delete(this.hashAt(slot), slot)) {
      this.#settled.set(this.#keyAt(slot), slot);
    }
  }

  /** Forgets the key in `slot`, which is there still. */
  delete(slot: number): void {
    const isNewcomer = this.#newcomers.size > 0 && this.#newcomers.delete(this.hashAt(slot), slot);
    if (!isNewcomer) this.#settled.delete(this.#keyAt(slot));
  }

  /** Prepares for `capacity` keys out of `maxEntries` to come. */
  grow(capacity: number, maxEntries: number): void {
    this.#hashes = grown(this.#hashes, capacity);
    if (capacity <= smallestDivided || maxEntries <= largestMap) return;
    if (this.#settled instanceof Map) this.#settled = new SegmentedMap(this.#hasher, this.#settled);
  }

  clear(): void {
    this.#settled = new Map();
    this.#newcomers.clear();
    this.#absent = none;
    this.#hashes = new Uint32Array(0);
  }

  #getNewcomer(key: K): number | undefined {
    if (this.#newcomers.size > 0) {
      const hash = this.#hasher.hash(key);
      const slot = this.#newcomers.find(hash, key);
      if (slot !== undefined) return slot;
      this.#absentHash = hash;
    }
    this.#absent = key;
    return undefined;
  }

  #addNewcomer(key: K, slot: number): boolean {
    const settled = this.#settled.size;
    if (settled < fewKeys || settled < settledPerNewcomer * this.#newcomers.size) return false;
    const isHashed = this.#newcomers.size > 0 && key === this.#absent;
    const hash = isHashed ? this.#absentHash : this.#hasher.hash(key);
    if (hash === 0 || !this.#newcomers.add(hash, slot)) return false;
    this.#hashes[slot] = hash;
    return true;
  }
}
