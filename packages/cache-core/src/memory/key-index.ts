import { grown } from './grown.ts';
import { KeyFilter } from './key-filter.ts';
import type { KeyHasher } from './key-hasher.ts';
import { ProbeTable } from './probe-table.ts';
import { SplitTable } from './split-table.ts';

/** For more entries than this a `Map` takes too long when it is rebuilt. */
const largestMap = 65_536;
/** From so many entries on such an index is in tables. */
const smallestSplit = 4_096;
/** Below so many keys a `Map` is quick also where they come and go. */
const fewKeys = 1_024;
/** For one newcomer there are at least so many others. */
const settledPerNewcomer = 8;
/** Newcomers are few, and looked for, added and removed with every miss. */
const cellsPerNewcomer = 4;
/** Slots whose keys are hashed with each newcomer, until all are. */
const hashedAtOnce = 4;
/** Stands for no key; `undefined` is a key like any other. */
const none: unique symbol = Symbol('none');

/** What a {@link KeyIndex} is asked. */
export type KeyLookup<K> = Pick<
  KeyIndex<K>,
  'get' | 'getSettled' | 'getNewcomer' | 'getToWrite' | 'hashAt' | 'settle'
>;

/**
 * From keys to slots. A `Map` is quickest for keys that stay, as V8 knows their hashes. Where many come
 * and few stay it does little but forget: each deletion leaves a hole, and it is rebuilt as a whole
 * when there are too many. So newcomers have a table of their own until it is decided that they stay,
 * and in an index for very many all have. Where new keys are written without being read before, a filter
 * spares most of them the look in the `Map`.
 */
export class KeyIndex<K> {
  readonly #hasher: KeyHasher;
  /** Of each slot, as its owner has them. */
  readonly #keys: readonly K[];
  /** Of very many, those that a table does not take. */
  #map = new Map<K, number>();
  /** Knows the keys in the `Map`; not where the tables for very many have the others. */
  #filter: KeyFilter | undefined = new KeyFilter();
  #newcomers: ProbeTable<K>;
  #many: SplitTable<K> | undefined;
  /** A key that was looked for in vain, if none came in since: it is the one that is written next. */
  #absent: K | typeof none = none;
  #absentHash = 0;
  /** Of the key in each slot, once somebody asked for it; until then 0. */
  #hashes = new Int32Array(0);
  /** From here on there may be keys of which the filter has no hash. */
  #nextHashed = 0;
  /** Whether a key was missed, or came in, since one that is there was written. */
  #expectsNew = false;

  constructor(hasher: KeyHasher, keys: readonly K[]) {
    this.#hasher = hasher;
    this.#keys = keys;
    this.#newcomers = new ProbeTable(keys, cellsPerNewcomer);
  }

  get size(): number {
    return this.#map.size + this.#newcomers.size + (this.#many?.size ?? 0);
  }

  get(key: K): number | undefined {
    return this.getSettled(key) ?? this.getNewcomer(key);
  }

  /** The first step of {@link get}, which finds the keys that stay; the second looks for the others. */
  getSettled(key: K): number | undefined {
    return this.#many === undefined ? this.#map.get(key) : this.#getOfMany(this.#many, key);
  }

  /** The second step of {@link get}. */
  getNewcomer(key: K): number | undefined {
    if (this.#many !== undefined) return undefined;
    if (this.#newcomers.size === 0) return this.#missed(key, 0);
    const hash = this.#hasher.hash(key);
    return this.#newcomers.find(hash, key) ?? this.#missed(key, hash);
  }

  /** Like {@link get}, for a key that is to be written and that was perhaps just missed. */
  getToWrite(key: K): number | undefined {
    return this.#expectsNew ? this.#getUnlikely(key) : this.get(key);
  }

  /** The hash of the key in `slot`, see {@link KeyHasher}. */
  hashAt(slot: number): number {
    const known = this.#hashes[slot] as number;
    return known === 0 ? this.#hashNow(slot) : known;
  }

  /**
   * Adds a key that is not there, before it is put into `slot`.
   *
   * @param mayLeave - whether it is likely to leave soon, and {@link settle} is called if it does not
   */
  add(key: K, slot: number, mayLeave: boolean): void {
    if (this.#many !== undefined) {
      if (!this.#addHashed(this.#many, key, slot)) this.#addToMap(key, slot);
    } else if (
      !mayLeave ||
      !this.#mayHaveNewcomer() ||
      !this.#addHashed(this.#newcomers, key, slot)
    ) {
      this.#addToMap(key, slot);
    }
    this.#absent = none;
  }

  /** The key in `slot` is to stay. */
  settle(slot: number): void {
    if (this.#newcomers.size === 0) return;
    const hash = this.hashAt(slot);
    if (!this.#newcomers.delete(hash, slot)) return;
    this.#map.set(this.#keys[slot] as K, slot);
    this.#filter?.add(hash);
  }

  /** Forgets the key in `slot`, which is there still. */
  delete(slot: number): void {
    if (this.#many === undefined) {
      if (this.#newcomers.size > 0 && this.#newcomers.delete(this.hashAt(slot), slot)) return;
    } else if (this.#many.delete(this.hashAt(slot), slot)) return;
    if (this.#map.delete(this.#keys[slot] as K)) this.#filter?.delete(this.#hashes[slot] as number);
  }

  /** Prepares for `capacity` keys out of `maxEntries` to come. */
  grow(capacity: number, maxEntries: number): void {
    this.#hashes = grown(this.#hashes, capacity);
    if (capacity > smallestSplit && maxEntries > largestMap) this.#many ??= this.#split();
    else this.#filter?.fit(capacity, this.#settledHashes());
  }

  clear(): void {
    this.#map = new Map();
    this.#filter = new KeyFilter();
    this.#nextHashed = 0;
    this.#newcomers = new ProbeTable(this.#keys, cellsPerNewcomer);
    this.#many = undefined;
    this.#absent = none;
    this.#hashes = new Int32Array(0);
  }

  *#settledHashes(): Iterable<number> {
    for (const slot of this.#map.values()) yield this.#hashes[slot] as number;
  }

  #hashNow(slot: number): number {
    const hash = this.#hasher.hash(this.#keys[slot]);
    this.#hashes[slot] = hash;
    if (hash !== 0) this.#filter?.learn(hash);
    return hash;
  }

  /** The filter learns some hashes more of keys that came before hashes were asked for. */
  #hashSome(): void {
    const end = Math.min(this.#nextHashed + hashedAtOnce, this.#hashes.length);
    for (let slot = this.#nextHashed; slot < end; slot++) this.hashAt(slot);
    this.#nextHashed = end === this.#hashes.length ? 0 : end;
  }

  /** Like {@link get}, for a key that is probably not there. */
  #getUnlikely(key: K): number | undefined {
    const wasMissed = this.#absent !== none;
    if (wasMissed && key === this.#absent) return undefined;
    const filter = wasMissed ? undefined : this.#filter;
    const slot = filter?.knowsAll ? this.#getFiltered(key, filter) : this.get(key);
    if (slot !== undefined) this.#expectsNew = false;
    return slot;
  }

  /** Like {@link get}, but hashes the key first, so as not to look where it cannot be. */
  #getFiltered(key: K, filter: KeyFilter): number | undefined {
    const hash = this.#hasher.hash(key);
    if (hash === 0 || !filter.excludes(hash)) return this.get(key);
    return this.#newcomers.find(hash, key) ?? this.#missed(key, hash);
  }

  #getOfMany(many: SplitTable<K>, key: K): number | undefined {
    const hash = this.#hasher.hash(key);
    const slot = many.find(hash, key) ?? (this.#map.size > 0 ? this.#map.get(key) : undefined);
    return slot ?? this.#missed(key, hash);
  }

  /** Notes that `key` is not there; `hash` is 0 where it is not known. */
  #missed(key: K, hash: number): undefined {
    this.#absent = key;
    this.#absentHash = hash;
    this.#expectsNew = true;
    return undefined;
  }

  #addToMap(key: K, slot: number): void {
    this.#map.set(key, slot);
    this.#hashes[slot] = 0;
    this.#filter?.add(0);
  }

  #mayHaveNewcomer(): boolean {
    return this.#map.size >= Math.max(fewKeys, settledPerNewcomer * this.#newcomers.size);
  }

  #addHashed(table: ProbeTable<K> | SplitTable<K>, key: K, slot: number): boolean {
    const known = key === this.#absent ? this.#absentHash : 0;
    const hash = known === 0 ? this.#hasher.hash(key) : known;
    if (hash === 0 || !table.add(hash, slot)) return false;
    this.#hashes[slot] = hash;
    if (this.#filter?.knowsAll === false) this.#hashSome();
    return true;
  }

  #split(): SplitTable<K> {
    const many = new SplitTable(this.#keys);
    const others = new Map<K, number>();
    for (const [key, slot] of this.#map) {
      const hash = this.hashAt(slot);
      if (hash === 0 || !many.add(hash, slot)) others.set(key, slot);
    }
    for (const [hash, slot] of this.#newcomers.entries()) {
      if (!many.add(hash, slot)) others.set(this.#keys[slot] as K, slot);
    }
    this.#map = others;
    this.#filter = undefined;
    this.#newcomers = new ProbeTable(this.#keys, cellsPerNewcomer);
    return many;
  }
}
