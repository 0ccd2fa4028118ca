import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sketch } from '../src/sketch/sketch.ts';
import { restoreSketch } from '../src/sketch/restore-sketch.ts';
import { TDigestSketch } from '../src/sketch/tdigest-sketch.ts';
import { nearestRank, seededRandom } from './random.ts';

const quantiles = [0, 0.001, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1];

function sketchOf(values: Iterable<number>): TDigestSketch {
  const sketch = new TDigestSketch();
  for (const value of values) sketch.record(value);
  return sketch;
}

function inParts(values: readonly number[], parts: number): TDigestSketch {
  const merged = new TDigestSketch();
  for (let part = 0; part < parts; part++) {
    const sketch = sketchOf(values.filter((_, index) => index % parts === part));
    sketch.compact();
    merged.merge(sketch);
  }
  return merged;
}

const random = seededRandom(20_260_101);
const normal = (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const samples = (make: (index: number) => number): number[] =>
  Array.from({ length: 50_000 }, (_, index) => make(index));

const inputs: readonly (readonly [name: string, values: readonly number[]])[] = [
  ['uniform', samples(() => 100 * random())],
  ['lognormal', samples(() => Math.exp(normal()))],
  ['Pareto', samples(() => (1 - random()) ** (-1 / 1.5))],
  ['bimodal', samples(() => (random() < 0.9 ? 10 + normal() : 500 + 50 * normal()))],
  ['negative', samples(() => -Math.exp(normal()))],
  ['ascending', samples((index) => 1 + index)],
  ['descending', samples((index) => 50_000 - index)],
  ['constant', samples(() => 7.25)],
  ['two-valued', samples((index) => (index % 10 === 0 ? 2 : 1))],
];

const relativeErrors = (
  sketch: Sketch,
  values: readonly number[],
  qs: readonly number[],
): number[] =>
  qs.map((q) => {
    const exact = nearestRank(values, q);
    return Math.abs(((sketch.quantile(q) ?? NaN) - exact) / exact);
  });

describe('TDigestSketch.quantile', () => {
  it('is undefined without values', () => {
    expect(new TDigestSketch().quantile(0.5)).toBeUndefined();
  });

  it('is the nearest rank, exactly, up to a thousand values', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 1_000,
    });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
        const sketch = sketchOf(list);
        expect(sketch.quantile(q)).toEqual(nearestRank(list, q));
        sketch.compact();
        expect(sketch.quantile(q)).toEqual(nearestRank(list, q));
      }),
      { numRuns: 50 },
    );
  });

  it.each(inputs)('errs by less than 1 percent, 2 in the far tail, for %s values', (_, values) => {
    const sketch = sketchOf(values);

    expect(Math.max(...relativeErrors(sketch, values, [0.5, 0.75, 0.95]))).toBeLessThan(0.01);
    expect(Math.max(...relativeErrors(sketch, values, [0.99, 0.999]))).toBeLessThan(0.02);
  });

  it.each(inputs)('errs no more after twelve parts are merged, for %s values', (_, values) => {
    const sketch = inParts(values, 12);

    expect(Math.max(...relativeErrors(sketch, values, [0.5, 0.75, 0.95]))).toBeLessThan(0.01);
    expect(Math.max(...relativeErrors(sketch, values, [0.99, 0.999]))).toBeLessThan(0.02);
  });

  it.each([
    ['constant', 7.25],
    ['two-valued', 1],
  ])('is exact in the middle of %s values', (name, median) => {
    const values = inputs.find(([input]) => input === name)?.[1] ?? [];

    expect(sketchOf(values).quantile(0.5)).toBe(median);
    expect(inParts(values, 12).quantile(0.5)).toBe(median);
  });

  it('answers between smallest and largest, ascending with q, for any values', () => {
    const values = fc.array(
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
        fc.integer({ min: -5, max: 5 }),
        fc.constantFrom(0, -0, Number.MIN_VALUE, 1e-300),
      ),
      { minLength: 1_001, maxLength: 4_000, size: 'max' },
    );
    fc.assert(
      fc.property(values, (list) => {
        const sketch = sketchOf(list);
        const answers = quantiles.map((q) => sketch.quantile(q) ?? NaN);

        expect(answers[0]).toBe(sketch.min);
        expect(answers.at(-1)).toBe(sketch.max);
        for (const [index, answer] of answers.entries()) {
          expect(answer).toBeGreaterThanOrEqual(answers[Math.max(0, index - 1)] ?? NaN);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('TDigestSketch', () => {
  it('keeps count, sum, smallest and largest exactly', () => {
    const sketch = sketchOf(Array.from({ length: 10_000 }, (_, index) => index - 10));

    expect(sketch).toMatchObject({ count: 10_000, sum: 49_895_000, min: -10, max: 9_989 });
  });

  it('answers anew after it was asked, when something was recorded or merged', () => {
    const values = Array.from({ length: 3_000 }, (_, index) => index);
    const sketch = sketchOf(values);
    expect(sketch.quantile(0.5)).toBeCloseTo(1_499, -1);

    for (const value of values) sketch.record(value + 3_000);
    expect(sketch.quantile(0.5)).toBeCloseTo(2_999, -1);
    sketch.record(1e6);
    for (let time = 0; time < 500; time++) sketch.record(1e6 + time);
    expect(sketch.quantile(0.99)).toBeGreaterThan(1e6);
    sketch.merge(sketchOf(values.map((value) => value - 1e6)));
    expect(sketch.quantile(0.01)).toBeLessThan(-9e5);
  });

  it('goes on recording after compact', () => {
    const sketch = sketchOf(Array.from({ length: 3_000 }, (_, index) => index));
    sketch.compact();
    for (let index = 3_000; index < 6_000; index++) sketch.record(index);

    expect(sketch.count).toBe(6_000);
    expect(sketch.quantile(0.5)).toBeCloseTo(2_999, -1);
  });

  it('forgets everything on reset', () => {
    const sketch = sketchOf(Array.from({ length: 3_000 }, (_, index) => index));
    sketch.reset();

    expect(sketch).toMatchObject({ count: 0, sum: 0, min: Infinity, max: -Infinity });
    expect(sketch.quantile(0.5)).toBeUndefined();
    sketch.record(5);
    expect(sketch.quantile(0.99)).toBe(5);
  });

  it('leaves alone what it merges, and takes an empty sketch', () => {
    const one = sketchOf([1, 2, 3]);
    const other = sketchOf(Array.from({ length: 2_000 }, (_, index) => index));
    one.merge(other);
    one.merge(new TDigestSketch());

    expect(one.count).toBe(2_003);
    expect(other.count).toBe(2_000);
    expect(other.quantile(1)).toBe(1_999);
    other.record(5_000);
    expect(one.max).toBe(1_999);
  });

  it('counts the same whatever the order of merging', () => {
    const lists = fc.array(fc.array(fc.integer(), { maxLength: 600 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(lists, (parts) => {
        const merge = (order: readonly (readonly number[])[]): TDigestSketch => {
          const sketch = new TDigestSketch();
          for (const part of order) sketch.merge(sketchOf(part));
          return sketch;
        };
        const forward = merge(parts);
        const backward = merge(parts.toReversed());
        const all = parts.flat();

        expect(forward.count).toBe(all.length);
        expect(forward.min).toBe(backward.min);
        expect(forward.max).toBe(backward.max);
        expect(forward.sum).toBe(backward.sum);
        if (all.length === 0 || all.length > 1_000) return;
        expect(forward.quantile(0.9)).toBe(nearestRank(all, 0.9));
      }),
      { numRuns: 50 },
    );
  });

  it('stays small when many sketches are merged into one', () => {
    const sketch = new TDigestSketch();
    const values = Array.from({ length: 2_000 }, (_, index) => index);
    for (let round = 0; round < 60; round++)
      sketch.merge(sketchOf(values.map((v) => v + round / 60)));

    expect(sketch.count).toBe(120_000);
    expect(sketch.quantile(0.99)).toBeCloseTo(1_980, -1);
  });

  it('keeps a few hundred groups once it is compacted', () => {
    const sketch = sketchOf(Array.from({ length: 20_000 }, (_, index) => index));
    sketch.compact();

    expect(sketch.toJSON().means.length).toBeLessThan(300);
  });

  it('comes back equal from JSON, few values and many, and goes on', () => {
    for (const length of [0, 100, 5_000]) {
      const sketch = sketchOf(Array.from({ length }, (_, index) => index));
      const restored = restoreSketch(JSON.parse(JSON.stringify(sketch)));

      expect(restored.toJSON()).toEqual(sketch.toJSON());
      sketch.record(1e6);
      restored.record(1e6);
      for (const q of quantiles) expect(restored.quantile(q)).toBe(sketch.quantile(q));
    }
  });

  it('leaves out what is no finite number', () => {
    expect(sketchOf([NaN, Infinity, -Infinity, 1])).toMatchObject({ count: 1, max: 1 });
  });

  it('refuses a sketch of another engine', () => {
    const other = { count: 1 } as unknown as Sketch;

    expect(() => new TDigestSketch().merge(other)).toThrow(TypeError);
  });
});
