import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyHasher } from '../src/memory/key-hasher.ts';
import { KeyIndex } from '../src/memory/key-index.ts';
import { ProbeTable } from '../src/memory/probe-table.ts';

const capacity = 4_096;

/** An index with keys in slots, as a cache uses it. */
class Slots {
  readonly keys: unknown[] = [];
  readonly index = new KeyIndex<unknown>(new KeyHasher(), this.keys);
  #vacant: number[] = [];

  constructor() {
    this.index.grow(capacity, capacity);
  }

  /** Room for more keys than one `Map` is to hold. */
  growTo(capacity: number): void {
    this.index.grow(capacity, capacity);
  }

  add(key: unknown, mayLeave: boolean): number {
    const slot = this.#vacant.pop() ?? this.keys.length;
    this.index.add(key, slot, mayLeave);
    this.keys[slot] = key;
    return slot;
  }

  delete(slot: number): void {
    this.index.delete(slot);
    this.#vacant.push(slot);
  }
}

describe('KeyIndex', () => {
  it('finds what a Map finds, whoever comes, stays and goes', () => {
    const key = fc.oneof(
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: 300 }).map((number) => `key ${number}`),
      fc.constantFrom(NaN, 0, undefined, null, '', true, 12n, Symbol.iterator),
      // Long keys of one length that differ in the middle only all have one hash.
      fc.integer({ min: 100, max: 400 }).map((n) => `${'a'.repeat(20)}${n}${'b'.repeat(60)}`),
    );
    const action = fc.constantFrom('come', 'come', 'come', 'stay', 'leave', 'look');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(action, key), { minLength: 500, maxLength: 2_000, size: 'max' }),
        (steps) => {
          const slots = new Slots();
          const model = new Map<unknown, number>();
          // Only beside enough others do newcomers have a table of their own.
          for (let number = 0; number < 1_500; number++) {
            model.set(`resident ${number}`, slots.add(`resident ${number}`, false));
          }
          for (const [what, key] of steps) {
            const slot = model.get(key);
            expect(slots.index.getToWrite(key)).toBe(slot);
            if (what === 'come' && slot === undefined) model.set(key, slots.add(key, true));
            else if (what === 'stay' && slot !== undefined) slots.index.settle(slot);
            else if (what === 'leave' && slot !== undefined) {
              slots.delete(slot);
              model.delete(key);
            }
            expect(slots.index.get(key)).toBe(model.get(key));
            expect(slots.index.size).toBe(model.size);
          }
          for (const [key, slot] of model) expect(slots.index.get(key)).toBe(slot);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('KeyIndex of keys that are written without being read', () => {
  it('finds what a Map finds, also when it has learnt to expect new ones', () => {
    const residents = 1_200;
    const key = fc.oneof(
      fc.integer({ min: 0, max: residents - 1 }).map((number) => `resident ${number}`),
      fc.integer({ min: 0, max: 300 }).map((number) => `key ${number}`),
    );
    const action = fc.constantFrom('come', 'come', 'stay', 'leave', 'look');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(action, key), { minLength: 500, maxLength: 2_000, size: 'max' }),
        (steps) => {
          const slots = new Slots();
          const model = new Map<string, number>();
          for (let number = 0; number < residents; number++) {
            model.set(`resident ${number}`, slots.add(`resident ${number}`, false));
          }
          // With each newcomer some hashes of residents are learnt.
          for (let number = 0; number < capacity; number++) {
            slots.delete(slots.add(`passer-by ${number}`, true));
          }
          for (const [number, [what, key]] of steps.entries()) {
            if (number === 250) slots.growTo(2 * capacity);
            assert.equal(slots.index.getToWrite(`new ${number}`), undefined);
            const slot = model.get(key);
            assert.equal(slots.index.getToWrite(key), slot);
            if (what === 'come' && slot === undefined) model.set(key, slots.add(key, true));
            else if (what === 'stay' && slot !== undefined) slots.index.settle(slot);
            else if (what === 'leave' && slot !== undefined) {
              slots.delete(slot);
              model.delete(key);
            }
          }
          for (const [key, slot] of model) expect(slots.index.getToWrite(key)).toBe(slot);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('KeyIndex of very many keys', () => {
  it('finds what a Map finds, before and after keys of every kind move to tables', () => {
    const slots = new Slots();
    const model = new Map<unknown, number>();
    const objects = Array.from({ length: 60_000 }, () => ({}));
    const keyOf = (number: number): unknown =>
      [`key:${number}`, number, number / 3, BigInt(number), objects[number]][number % 5];
    for (let number = 0; number < 60_000; number++) {
      if (number === 5_000) slots.growTo(100_000);
      const key = keyOf(number);
      assert.equal(slots.index.getToWrite(key), undefined);
      model.set(key, slots.add(key, number % 2 === 0));
      if (number % 3 !== 0) continue;
      const other = keyOf(Math.floor(number / 2));
      const slot = model.get(other);
      assert.equal(slots.index.get(other), slot);
      if (slot === undefined) continue;
      slots.delete(slot);
      model.delete(other);
    }

    expect(slots.index.size).toBe(model.size);
    for (let number = 0; number < 60_000; number++) {
      const key = keyOf(number);
      assert.equal(slots.index.get(key), model.get(key));
    }
    expect(slots.index.get('absent')).toBeUndefined();
  });

  it('keeps keys that all have one hash', () => {
    const slots = new Slots();
    slots.growTo(100_000);
    const keys = Array.from(
      { length: 200 },
      (_, n) => `${'a'.repeat(20)}${n + 100}${'b'.repeat(60)}`,
    );
    const placed = keys.map((key) => slots.add(key, false));
    expect(keys.map((key) => slots.index.get(key))).toEqual(placed);
    for (const slot of placed) slots.delete(slot);
    expect(slots.index.size).toBe(0);
    expect(keys.map((key) => slots.index.get(key))).toEqual(keys.map(() => undefined));
  });
});

describe('ProbeTable', () => {
  /** In each slot its own number. */
  const keys = Array.from({ length: 1_000 }, (_, slot) => slot);

  it('keeps apart keys with neighbouring or equal hashes, and finds them until they leave', () => {
    const hashes = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 60, max: 70 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), hashes)), (steps) => {
        const table = new ProbeTable(keys, 2);
        const model = new Map<number, number>();
        for (const [slot, [comes, hash]] of steps.entries()) {
          const [oldest] = model;
          if (comes && table.add(hash, slot)) model.set(slot, hash);
          if (!comes && oldest !== undefined) {
            model.delete(oldest[0]);
            const deletions = [1, 2].map(() => table.delete(oldest[1], oldest[0]));
            assert.deepEqual(deletions, [true, false]);
          }
          for (const [slot, hash] of model) expect(table.find(hash, slot)).toBe(slot);
          expect(table.size).toBe(model.size);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('refuses keys that all have one hash when there are many', () => {
    const table = new ProbeTable(keys, 2);
    const added = Array.from({ length: 100 }, (_, slot) => table.add(7, slot));
    expect(added.filter(Boolean).length).toBeLessThan(40);
    expect(added.slice(0, 10)).toEqual(Array(10).fill(true));
  });
});
