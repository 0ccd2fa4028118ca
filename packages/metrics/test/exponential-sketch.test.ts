import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExponentialSketch, restoreSketch, TDigestSketch } from '../src/index.ts';
import { exponentialIndex } from '../src/sketch/exponential-index.ts';
import { nearestRank, seededRandom } from './random.ts';

/** The most by which an answer may be off at the finest scale: the 64th root of 2, less 1. */
const bound = 2 ** (1 / 64) - 1;
const quantiles = [0, 0.001, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1];

function sketchOf(values: Iterable<number>): ExponentialSketch {
  const sketch = new ExponentialSketch();
  for (const value of values) sketch.record(value);
  return sketch;
}

/** What does not depend on the order in which floats were added. */
function stateOf(sketch: ExponentialSketch): object {
  const { sum: _sum, values, ...state } = sketch.toJSON();
  return { ...state, values: values?.toSorted((a, b) => a - b) };
}

/** Values of either sign within 35 powers of two, so that the bound of the finest scale holds. */
const nearby = fc.oneof(
  fc.double({ min: 1e-4, max: 1e6, noNaN: true }),
  fc.double({ min: -1e6, max: -1e-4, noNaN: true }),
  fc.constantFrom(0, 1, 2, 1024, -0.5),
);
// Without -0, which JSON does not know.
const anything = fc
  .oneof(
    nearby,
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
    fc.constantFrom(Number.MIN_VALUE, 2 ** -1_030, -(2 ** -1_040), 1e-300, 1e300),
  )
  .map((value) => value + 0);
const lists = (value: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.array(value, { minLength: 1, maxLength: 600, size: 'max' });

describe('exponentialIndex', () => {
  it('is the bucket that ends at or above a value and begins below it', () => {
    const float = new Float64Array(1);
    const bits = new BigInt64Array(float.buffer);
    for (let bucket = -2_000; bucket <= 2_000; bucket++) {
      // In two factors, of which the second is exact: large powers are rounded differently by each Node.
      const octave = Math.floor(bucket / 64);
      float[0] = 2 ** (bucket / 64 - octave) * 2 ** octave;
      const edge = float[0];
      expect(exponentialIndex(edge)).toBe(bucket - 1);
      bits[0] = (bits[0] ?? 0n) + 1n;
      expect(exponentialIndex(float[0])).toBe(bucket);
    }
  });

  it('agrees with the logarithm, down to the smallest number', () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, noNaN: true, max: 1e308 }), (value) => {
        expect(Math.abs(exponentialIndex(value) - Math.floor(Math.log2(value) * 64))).toBeLessThan(
          2,
        );
      }),
    );
    expect(exponentialIndex(Number.MIN_VALUE)).toBe(-1_074 * 64 - 1);
  });
});

describe('ExponentialSketch.quantile', () => {
  it('is undefined without values', () => {
    expect(new ExponentialSketch().quantile(0.5)).toBeUndefined();
  });

  it('is the nearest rank, exactly, up to 128 values', () => {
    const values = fc.array(anything, { minLength: 1, maxLength: 128 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
        expect(sketchOf(list).quantile(q)).toEqual(nearestRank(list, q));
      }),
    );
  });

  it('is never off by more than the bound, whatever the values are', () => {
    fc.assert(
      fc.property(lists(nearby), (list) => {
        const sketch = sketchOf(list);
        expect(sketch.relativeError).toBeLessThanOrEqual(bound);
        for (const q of quantiles) {
          const exact = nearestRank(list, q);
          const off = Math.abs((sketch.quantile(q) ?? NaN) - exact);
          expect(off).toBeLessThanOrEqual(Math.abs(exact) * bound * (1 + 1e-9));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the bound that it tells where values lie too far apart for the finest scale', () => {
    fc.assert(
      fc.property(lists(anything), (list) => {
        const sketch = sketchOf(list);
        for (const q of quantiles) {
          const exact = nearestRank(list, q);
          const off = Math.abs((sketch.quantile(q) ?? NaN) - exact);
          expect(off).toBeLessThanOrEqual(Math.abs(exact) * sketch.relativeError * (1 + 1e-9));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('ascends with q, from the smallest value to the largest', () => {
    fc.assert(
      fc.property(lists(anything), (list) => {
        const sketch = sketchOf(list);
        const answers = quantiles.map((q) => sketch.quantile(q) ?? NaN);

        expect(answers[0]).toBeGreaterThanOrEqual(sketch.min);
        expect(answers.at(-1)).toBeLessThanOrEqual(sketch.max);
        for (const [index, answer] of answers.entries()) {
          expect(answer).toBeGreaterThanOrEqual(answers[Math.max(0, index - 1)] ?? NaN);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is within 0.3 percent for distributions as they occur', () => {
    const random = seededRandom(20_261_125);
    const values = Array.from({ length: 200_000 }, () => (1 - random()) ** (-1 / 1.5));
    const sketch = sketchOf(values);

    for (const q of [0.5, 0.95, 0.99, 0.999]) {
      const exact = nearestRank(values, q);
      expect(Math.abs((sketch.quantile(q) ?? NaN) / exact - 1)).toBeLessThan(0.003);
    }
  });
});

describe('ExponentialSketch', () => {
  it('is the same after merging as if it had seen all values, in any order and parts', () => {
    const parts = fc.array(fc.array(anything, { maxLength: 300, size: 'max' }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(parts, (lists) => {
        const merged = new ExponentialSketch();
        const backwards = new ExponentialSketch();
        for (const list of lists) {
          const sketch = sketchOf(list);
          sketch.compact();
          merged.merge(sketch);
        }
        for (const list of lists.toReversed()) backwards.merge(sketchOf(list));
        const whole = sketchOf(lists.flat());

        expect(stateOf(merged)).toEqual(stateOf(whole));
        expect(stateOf(backwards)).toEqual(stateOf(whole));
        for (const q of quantiles) expect(merged.quantile(q)).toBe(whole.quantile(q));
      }),
      { numRuns: 60 },
    );
  });

  it('comes back equal from JSON, and goes on', () => {
    fc.assert(
      fc.property(lists(anything), anything, (list, next) => {
        const sketch = sketchOf(list);
        const restored = restoreSketch(JSON.parse(JSON.stringify(sketch)));

        expect(restored.toJSON()).toEqual(sketch.toJSON());
        sketch.record(next);
        restored.record(next);
        expect(restored.toJSON()).toEqual(sketch.toJSON());
      }),
      { numRuns: 40 },
    );
    expect(restoreSketch(new ExponentialSketch().toJSON())).toMatchObject({
      count: 0,
      min: Infinity,
      max: -Infinity,
    });
  });

  it('records on after it was compacted', () => {
    const sketch = sketchOf(Array.from({ length: 500 }, (_, index) => 10 + index));
    sketch.compact();
    for (let value = 510; value < 1_010; value++) sketch.record(value);

    expect(stateOf(sketch)).toEqual(
      stateOf(sketchOf(Array.from({ length: 1_000 }, (_, index) => 10 + index))),
    );
  });

  it('counts more than a narrow number holds', () => {
    const sketch = new ExponentialSketch();
    for (let count = 0; count < 70_000; count++) sketch.record(5);

    expect(sketch.toJSON().positive.counts).toEqual([70_000]);
    for (let doubling = 0; doubling < 20; doubling++) sketch.merge(restoreSketch(sketch.toJSON()));
    expect(sketch.count).toBe(70_000 * 2 ** 20);
    expect(sketch.toJSON().positive.counts).toEqual([70_000 * 2 ** 20]);
  });

  it('stays small, however far apart the values are', () => {
    const sketch = new ExponentialSketch();
    for (let exponent = -1_000; exponent <= 1_000; exponent++) {
      sketch.record(2 ** exponent);
      sketch.record(-(2 ** exponent));
    }
    const { positive, negative, scale } = sketch.toJSON();

    expect(positive.counts.length).toBeLessThanOrEqual(2_560);
    expect(negative.counts.length).toBeLessThanOrEqual(2_560);
    expect(scale).toBe(0);
    expect(sketch.relativeError).toBe(1);
  });

  it('leaves out what is no finite number', () => {
    const sketch = sketchOf([NaN, Infinity, -Infinity, 1]);

    expect(sketch).toMatchObject({ count: 1, sum: 1, min: 1, max: 1 });
  });

  it('forgets everything on reset', () => {
    const sketch = sketchOf(Array.from({ length: 300 }, (_, index) => index - 100));
    sketch.reset();

    expect(sketch.toJSON()).toEqual(new ExponentialSketch().toJSON());
  });

  it('refuses to merge with another engine', () => {
    expect(() => new ExponentialSketch().merge(new TDigestSketch())).toThrow(TypeError);
  });

  it('puts few values into buckets when told to', () => {
    expect(sketchOf([1, 2, 0, -4]).inBuckets()).toMatchObject({
      scale: 6,
      zeros: 1,
      positive: { offset: -1, counts: [1, ...Array.from({ length: 63 }, () => 0), 1] },
      negative: { offset: 127, counts: [1] },
    });
  });
});
