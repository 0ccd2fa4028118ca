import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HistogramSnapshot, Registry } from '../src/index.ts';

const onlySeries = (registry: Registry, name: string): HistogramSnapshot['series'][number] => {
  const metric = registry.find(name);
  const series = metric?.kind === 'histogram' ? metric.series[0] : undefined;
  if (series === undefined) throw new Error(`no histogram ${name}`);
  return series;
};

describe('Registry.histogram', () => {
  it('tells count, sum, extremes, mean and quantiles', () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    const histogram = registry.histogram('size');
    for (let value = 1; value <= 100; value++) histogram.observe(value);
    clock.advance(10_000);

    expect(onlySeries(registry, 'size')).toEqual({
      labels: {},
      count: 100,
      sum: 5_050,
      min: 1,
      max: 100,
      mean: 50.5,
      p50: 50,
      p95: 95,
      p99: 99,
      p999: 100,
      ratePerSecond: 10,
      windowCount: 100,
    });
  });

  it('lets old values leave the quantiles, not the totals', () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock, retentionMs: 60_000 });
    const histogram = registry.histogram('size', { buckets: [10] });
    histogram.observe(1_000);
    clock.advance(59_000);
    histogram.observe(1);

    expect(onlySeries(registry, 'size')).toMatchObject({ max: 1_000, windowCount: 2 });
    clock.advance(10_000);
    expect(onlySeries(registry, 'size')).toMatchObject({
      count: 2,
      sum: 1_001,
      min: 1,
      max: 1,
      mean: 1,
      p999: 1,
      windowCount: 1,
    });
    clock.advance(60_000);
    expect(onlySeries(registry, 'size')).toMatchObject({
      count: 2,
      sum: 1_001,
      max: null,
      p50: null,
      windowCount: 0,
      ratePerSecond: 0,
    });
    expect(registry.exposition()).toContain('size_bucket{le="+Inf"} 2');
  });

  it('has totals and buckets that never decrease', () => {
    const steps = fc.array(
      fc.record({ value: fc.double({ min: 0, max: 100, noNaN: true }), afterMs: fc.nat(40_000) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (sequence) => {
        const clock = new ManualClock();
        const registry = new Registry({ clock, retentionMs: 60_000 });
        const histogram = registry.histogram('size', { buckets: [1, 10, 50] });
        let before: number[] = [];
        for (const { value, afterMs } of sequence) {
          histogram.observe(value);
          clock.advance(afterMs);
          const after = registry
            .exposition()
            .split('\n')
            .filter((line) => line.startsWith('size'))
            .map((line) => Number(line.split(' ')[1]));
          expect(before.every((number, index) => number <= (after[index] ?? NaN))).toBe(true);
          before = after;
        }
      }),
      { numRuns: 30 },
    );
  });

  it('puts a value on a bound into that bucket, and what is beyond into the last', () => {
    const registry = new Registry();
    const histogram = registry.histogram('size', { buckets: [1, 2] });
    for (const value of [-5, 1, 1.5, 2, 3]) histogram.observe(value);

    expect(registry.exposition()).toBe(
      [
        '# TYPE size histogram',
        'size_bucket{le="1"} 2',
        'size_bucket{le="2"} 4',
        'size_bucket{le="+Inf"} 5',
        'size_sum 2.5',
        'size_count 5',
        '',
      ].join('\n'),
    );
  });

  it('uses the buckets of the registry where it has none of its own', () => {
    const registry = new Registry({ buckets: [5] });
    registry.histogram('size').observe(1);

    expect(registry.exposition()).toContain('size_bucket{le="5"} 1\nsize_bucket{le="+Inf"} 1');
  });
});
