import { describe, expect, it } from 'vitest';
import { KeyHasher } from '../src/memory/key-hasher.ts';
import { FrequencySketch } from '../src/policy/frequency-sketch.ts';

describe('FrequencySketch', () => {
  const hasher = new KeyHasher();

  it('says what was added, seldom more, and half of it where it aged', () => {
    const sketch = new FrequencySketch();
    sketch.fit(1_000);
    for (let key = 0; key < 500; key++) sketch.add(hasher.hash(key), key % 8);

    let exact = 0;
    for (let key = 0; key < 500; key++) {
      const estimate = sketch.estimate(hasher.hash(key));
      expect(estimate).toBeGreaterThanOrEqual(Math.floor((key % 8) / 2));
      if (estimate === key % 8) exact++;
    }
    expect(exact).toBeGreaterThan(350);
  });

  it('counts to 15 and keeps no count of keys without a hash', () => {
    const sketch = new FrequencySketch();
    sketch.fit(100);
    for (let use = 0; use < 30; use++) sketch.add(hasher.hash('a'), 1);
    sketch.add(0, 5);

    expect(sketch.estimate(hasher.hash('a'))).toBe(15);
    expect(sketch.estimate(0)).toBe(0);
  });

  it('forgets what is not used any more', () => {
    const sketch = new FrequencySketch();
    sketch.fit(100);
    sketch.add(hasher.hash('old'), 12);
    for (let use = 0; use < 5_000; use++) sketch.add(hasher.hash(use % 10), 1);

    expect(sketch.estimate(hasher.hash('old'))).toBeLessThanOrEqual(1);
  });

  it('keeps its counts when it grows', () => {
    const sketch = new FrequencySketch();
    sketch.fit(50);
    for (let key = 0; key < 20; key++) sketch.add(hasher.hash(key), 5);
    sketch.fit(5_000);

    for (let key = 0; key < 20; key++) {
      expect(sketch.estimate(hasher.hash(key))).toBeGreaterThanOrEqual(2);
    }
  });
});
