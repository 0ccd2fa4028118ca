import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyHasher } from '../src/memory/key-hasher.ts';

describe('KeyHasher', () => {
  it('gives keys that a Map holds for the same the same hash', () => {
    const hasher = new KeyHasher();
    expect(hasher.hash(0)).toBe(hasher.hash(-0));
    expect(hasher.hash(NaN)).toBe(hasher.hash(-NaN));
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 200 }), fc.double(), fc.bigInt()), (key) => {
        const copy = typeof key === 'string' ? [...key].join('') : key;
        expect(hasher.hash(copy)).toBe(hasher.hash(key));
        expect(hasher.hash(key)).not.toBe(0);
        expect(hasher.hash(key)).toBe(hasher.hash(key) | 0);
      }),
    );
  });

  it('says 0 for keys without a value to hash', () => {
    const hasher = new KeyHasher();
    for (const key of [{}, [], Symbol('a'), () => 1, undefined, null, true]) {
      expect(hasher.hash(key)).toBe(0);
    }
  });

  it('spreads keys that differ in one place', () => {
    const hasher = new KeyHasher();
    const low = new Set<number>();
    const high = new Set<number>();
    for (let number = 0; number < 10_000; number++) {
      const hash = hasher.hash(`user:${number}:profile`);
      low.add(hash & 0xffff);
      high.add(hash >>> 16);
    }
    // 10,000 random draws from 65,536 give about 9,270 different ones.
    expect(low.size).toBeGreaterThan(9_000);
    expect(high.size).toBeGreaterThan(9_000);
  });

  it('is different in each cache', () => {
    const hashes = new Set(Array.from({ length: 50 }, () => new KeyHasher().hash('a')));
    expect(hashes.size).toBeGreaterThan(45);
  });
});
