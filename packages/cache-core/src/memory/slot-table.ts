import type { KeyHasher } from './key-hasher.ts';
import { SegmentedMap } from './segmented-map.ts';

const firstCapacity = 16;
/** A cache for more entries than this divides its index; below, one `Map` is quicker. */
const largestMap = 65_536;
/** From so many entries on it does. */
const smallestDivided = 4_096;
/** Stands where a slot has no key any more; `undefined` is a key like any other. */
const vacant: unique symbol = Symbol('vacant');
const nowhere = -1;

/**
 * Keys and values in numbered slots, and the index from a key to its slot. Slots are used again; there
 * are as many as were needed at the same time, in arrays that grow by doubling.
 */
export class SlotTable<K, V> {
  readonly #hasher: KeyHasher;
  readonly #onGrow: (capacity: number) => void;
  #index: Map<K, number> | SegmentedMap<K> = new Map();
  #keys: (K | typeof vacant)[] = [];
  /** Of a slot that is vacant again: the next such slot, which saves a list of them. */
  #values: (V | number | undefined)[] = anyValues();
  #firstVacant = nowhere;
  /** A key that was looked for in vain, if none came in since: it is the one that is written next. */
  #absent: K | typeof vacant = vacant;
  /** Slots used so far. */
  #used = 0;
  #capacity = 0;
  #maxEntries: number;

  /**
   * @param maxEntries - for which memory is made; it may be exceeded
   * @param onGrow - told the new capacity before a slot is named that needs it
   */
  constructor(hasher: KeyHasher, maxEntries: number, onGrow: (capacity: number) => void) {
    this.#hasher = hasher;
    this.#maxEntries = maxEntries;
    this.#onGrow = onGrow;
  }

  get size(): number {
    return this.#index.size;
  }

  /** Slots for which there is room. */
  get capacity(): number {
    return this.#capacity;
  }

  slotOf(key: K): number | undefined {
    const slot = this.#index.get(key);
    if (slot === undefined) this.#absent = key;
    return slot;
  }

  /** Like {@link slotOf}, for a key that is to be written and that was perhaps just missed. */
  slotToWrite(key: K): number | undefined {
    return key === this.#absent ? undefined : this.#index.get(key);
  }

  keyAt(slot: number): K {
    return this.#keys[slot] as K;
  }

  valueAt(slot: number): V {
    return this.#values[slot] as V;
  }

  setValue(slot: number, value: V): void {
    this.#values[slot] = value;
  }

  /** Puts `key`, which has no slot yet, and `value` into one; answers which. */
  add(key: K, value: V): number {
    const slot = this.#firstVacant === nowhere ? this.#freshSlot() : this.#vacantSlot();
    this.#index.set(key, slot);
    this.#absent = vacant;
    this.#keys[slot] = key;
    this.#values[slot] = value;
    return slot;
  }

  remove(slot: number): void {
    this.#index.delete(this.#keys[slot] as K);
    this.#keys[slot] = vacant;
    this.#values[slot] = this.#firstVacant;
    this.#firstVacant = slot;
  }

  resize(maxEntries: number): void {
    this.#maxEntries = maxEntries;
  }

  clear(): void {
    this.#index = new Map();
    this.#absent = vacant;
    this.#keys = [];
    this.#values = anyValues();
    this.#firstVacant = nowhere;
    this.#used = 0;
    this.#capacity = 0;
  }

  /** @yields the slots that hold something; they may come and go meanwhile */
  *slots(): IterableIterator<number> {
    for (let slot = 0; slot < this.#used; slot++) {
      if (this.#keys[slot] !== vacant) yield slot;
    }
  }

  #vacantSlot(): number {
    const slot = this.#firstVacant;
    this.#firstVacant = this.#values[slot] as number;
    return slot;
  }

  #freshSlot(): number {
    if (this.#used === this.#capacity) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const before = this.#capacity;
    const doubled = Math.max(firstCapacity, 2 * before);
    this.#capacity = before < this.#maxEntries ? Math.min(doubled, this.#maxEntries) : doubled;
    this.#keys.length = this.#capacity;
    this.#values.length = this.#capacity;
    this.#divideIndex();
    this.#onGrow(this.#capacity);
  }

  #divideIndex(): void {
    if (this.#capacity <= smallestDivided || this.#maxEntries <= largestMap) return;
    if (this.#index instanceof Map) this.#index = new SegmentedMap(this.#hasher, this.#index);
  }
}

/** An array that V8 does not take for one of numbers alone, from which each read would make an object. */
function anyValues(): undefined[] {
  return [undefined];
}
