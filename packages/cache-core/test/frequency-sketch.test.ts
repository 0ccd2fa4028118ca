import { describe, expect, it } from 'vitest';
import { mixBits } from '../src/memory/key-hasher.ts';
import { FrequencySketch } from '../src/policy/frequency-sketch.ts';

/** The same hashes at each run: by chance a counter may be the first to age, or two keys share both. */
const hashOf = (key: number): number => mixBits(key + 1);

describe('FrequencySketch', () => {
  it('says what was added, seldom more, and half of it where it aged', () => {
    const sketch = new FrequencySketch();
    sketch.fit(1_000);
    for (let key = 0; key < 500; key++) sketch.add(hashOf(key), key % 8);

    let exact = 0;
    for (let key = 0; key < 500; key++) {
      const estimate = sketch.estimate(hashOf(key));
      expect(estimate).toBeGreaterThanOrEqual(Math.floor((key % 8) / 2));
      if (estimate === key % 8) exact++;
    }
    expect(exact).toBeGreaterThan(350);
  });

  it('counts to 15 and keeps no count of keys without a hash', () => {
    const sketch = new FrequencySketch();
    sketch.fit(100);
    for (let use = 0; use < 30; use++) sketch.add(hashOf(0), 1);
    sketch.add(0, 5);

    expect(sketch.estimate(hashOf(0))).toBe(15);
    expect(sketch.estimate(0)).toBe(0);
  });

  it('forgets what is not used any more', () => {
    const sketch = new FrequencySketch();
    sketch.fit(100);
    sketch.add(hashOf(100), 12);
    for (let use = 0; use < 5_000; use++) sketch.add(hashOf(use % 10), 1);

    expect(sketch.estimate(hashOf(100))).toBeLessThanOrEqual(1);
  });

  it('keeps its counts when it grows', () => {
    const sketch = new FrequencySketch();
    sketch.fit(50);
    for (let key = 0; key < 20; key++) sketch.add(hashOf(key), 5);
    sketch.fit(5_000);

    for (let key = 0; key < 20; key++) {
      expect(sketch.estimate(hashOf(key))).toBeGreaterThanOrEqual(2);
    }
  });
});
