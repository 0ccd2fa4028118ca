import type { KeyHasher } from './key-hasher.ts';
import { SegmentedMap } from './segmented-map.ts';

const firstCapacity = 16;
/** A cache for more entries than this divides its index; below, one `Map` is quicker. */
const largestMap = 65_536;
/** From so many entries on it does. */
const smallestDivided = 4_096;
/** Stands where a slot has no key; `undefined` is a key like any other. */
const vacant: unique symbol = Symbol('vacant');

/**
 * Keys and values in numbered slots, and the index from a key to its slot. Slots are used again; there
 * are as many as were needed at the same time, in arrays that grow by doubling.
 */
export class SlotTable<K, V> {
  readonly #hasher: KeyHasher;
  readonly #onGrow: (capacity: number) => void;
  #index: Map<K, number> | SegmentedMap<K> = new Map();
  #keys: (K | typeof vacant)[] = [];
  #values: (V | undefined)[] = [];
  #free: number[] = [];
  #nextFresh = 0;
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
    return this.#index.get(key);
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
    const slot = this.#free.pop() ?? this.#freshSlot();
    this.#index.set(key, slot);
    this.#keys[slot] = key;
    this.#values[slot] = value;
    return slot;
  }

  remove(slot: number): void {
    this.#index.delete(this.#keys[slot] as K);
    this.#keys[slot] = vacant;
    this.#values[slot] = undefined;
    this.#free.push(slot);
  }

  resize(maxEntries: number): void {
    this.#maxEntries = maxEntries;
  }

  clear(): void {
    this.#index = new Map();
    this.#keys = [];
    this.#values = [];
    this.#free = [];
    this.#nextFresh = 0;
    this.#capacity = 0;
  }

  /** @yields the slots that hold something; they may come and go meanwhile */
  *slots(): IterableIterator<number> {
    for (let slot = 0; slot < this.#keys.length; slot++) {
      if (this.#keys[slot] !== vacant) yield slot;
    }
  }

  #freshSlot(): number {
    if (this.#nextFresh === this.#capacity) this.#grow();
    return this.#nextFresh++;
  }

  #grow(): void {
    const before = this.#capacity;
    const doubled = Math.max(firstCapacity, 2 * before);
    this.#capacity = before < this.#maxEntries ? Math.min(doubled, this.#maxEntries) : doubled;
    this.#keys.length = this.#capacity;
    this.#keys.fill(vacant, before);
    this.#values.length = this.#capacity;
    this.#values.fill(undefined, before);
    this.#divideIndex();
    this.#onGrow(this.#capacity);
  }

  #divideIndex(): void {
    if (this.#capacity <= smallestDivided || this.#maxEntries <= largestMap) return;
    if (this.#index instanceof Map) this.#index = new SegmentedMap(this.#hasher, this.#index);
  }
}
