import type { KeyHasher } from './key-hasher.ts';
import { KeyIndex, type KeyLookup } from './key-index.ts';

const firstCapacity = 16;
/** Stands where a slot has no key any more; `undefined` is a key like any other. */
const vacant: unique symbol = Symbol('vacant');
/** No slot. */
export const nowhere = -1;

/**
 * Keys and values in numbered slots, and the index from a key to its slot. Slots are used again; there
 * are as many as were needed at the same time, in arrays that grow by doubling.
 */
export class SlotTable<K, V> {
  /** Finds the slots of keys. */
  readonly index: KeyLookup<K>;
  readonly #index: KeyIndex<K>;
  readonly #onGrow: (capacity: number) => void;
  readonly #keys: (K | typeof vacant)[] = [];
  /** Of a slot that is vacant again: the next such slot, which saves a list of them. */
  #values: (V | number | undefined)[] = anyValues();
  #firstVacant = nowhere;
  /** Slots used so far. */
  #used = 0;
  #size = 0;
  #capacity = 0;
  #maxEntries: number;

  /**
   * @param maxEntries - for which memory is made; it may be exceeded
   * @param onGrow - told the new capacity before a slot is named that needs it
   */
  constructor(hasher: KeyHasher, maxEntries: number, onGrow: (capacity: number) => void) {
    this.#index = new KeyIndex(hasher, this.#keys as K[]);
    this.index = this.#index;
    this.#maxEntries = maxEntries;
    this.#onGrow = onGrow;
  }

  get size(): number {
    return this.#size;
  }

  /** Slots for which there is room. */
  get capacity(): number {
    return this.#capacity;
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

  /**
   * Puts `key`, which has no slot yet, and `value` into one; answers which.
   *
   * @param mayLeave - whether the key is likely to leave soon; {@link RankedKeys.settle} tells if it stays
   */
  add(key: K, value: V, mayLeave: boolean): number {
    const slot = this.#firstVacant === nowhere ? this.#freshSlot() : this.#vacantSlot();
    this.#index.add(key, slot, mayLeave);
    this.#keys[slot] = key;
    this.#values[slot] = value;
    this.#size++;
    return slot;
  }

  /** Gives `slot` to another key, which has none yet; see {@link add}. */
  reuse(slot: number, key: K, value: V, mayLeave: boolean): void {
    this.#index.delete(slot);
    this.#index.add(key, slot, mayLeave);
    this.#keys[slot] = key;
    this.#values[slot] = value;
  }

  remove(slot: number): void {
    this.#index.delete(slot);
    this.#keys[slot] = vacant;
    this.#values[slot] = this.#firstVacant;
    this.#firstVacant = slot;
    this.#size--;
  }

  resize(maxEntries: number): void {
    this.#maxEntries = maxEntries;
  }

  clear(): void {
    this.#index.clear();
    this.#keys.length = 0;
    this.#values = anyValues();
    this.#firstVacant = nowhere;
    this.#used = 0;
    this.#size = 0;
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
    this.#index.grow(this.#capacity, this.#maxEntries);
    this.#onGrow(this.#capacity);
  }
}

/** An array that V8 does not take for one of numbers alone, from which each read would make an object. */
function anyValues(): undefined[] {
  return [undefined];
}
