import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Registry } from '../src/index.ts';
import { readOpenMetrics } from './check-openmetrics.ts';
import { parseExposition } from './parse-exposition.ts';

describe('Registry.exposition in OpenMetrics', () => {
  it('names families, units, floats and examples as OpenMetrics wants them, and says where it ends', () => {
    const registry = new Registry({ clock: new ManualClock(1_500), labels: { service: 'shop' } });
    registry.counter('requests', { help: 'All "requests".' }).inc(3, { trace_id: 'abc' });
    registry.gauge('level').set(-0.5);
    const timer = registry.timer('fetch', { labelNames: ['host'], buckets: [2.5, 1_000] });
    timer.labels('a').record(2, 'success', { trace_id: 'x"y' });
    timer.labels('a').record(1_500);

    const text = registry.exposition({ format: 'openmetrics' });
    expect(text).toBe(
      [
        '# TYPE fetch_seconds histogram',
        '# UNIT fetch_seconds seconds',
        String.raw`fetch_seconds_bucket{service="shop",host="a",outcome="success",le="0.0025"} 1 # {trace_id="x\"y"} 0.002 1.5`,
        'fetch_seconds_bucket{service="shop",host="a",outcome="success",le="1.0"} 1',
        'fetch_seconds_bucket{service="shop",host="a",outcome="success",le="+Inf"} 2',
        'fetch_seconds_sum{service="shop",host="a",outcome="success"} 1.502',
        'fetch_seconds_count{service="shop",host="a",outcome="success"} 2',
        '# TYPE level gauge',
        'level{service="shop"} -0.5',
        '# TYPE requests counter',
        String.raw`# HELP requests All \"requests\".`,
        'requests_total{service="shop"} 3 # {trace_id="abc"} 3 1.5',
        '# EOF',
        '',
      ].join('\n'),
    );
    readOpenMetrics(text);
    expect(registry.exposition()).not.toContain('trace_id');
  });

  it('is no more than its end without metrics', () => {
    expect(new Registry().exposition({ format: 'openmetrics' })).toBe('# EOF\n');
  });

  it('passes a strict reader, whatever was recorded, and says the same as the older format', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', ',', '=', '"', '\\', '\n', '}', '{', ' ', '#') }),
      fc.string({ unit: 'binary' }),
    );
    const bound = fc.integer({ min: -1e9, max: 1e9 }).map((thousandths) => thousandths / 1_000);
    const metrics = fc.record({
      help: text,
      common: text,
      series: fc.uniqueArray(text, { maxLength: 5 }),
      bounds: fc.uniqueArray(bound, { maxLength: 6 }),
      values: fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true }), { maxLength: 20 }),
      exemplar: fc.option(fc.record({ trace_id: text }), { nil: undefined }),
    });
    fc.assert(
      fc.property(metrics, ({ help, common, series, bounds, values, exemplar }) => {
        const registry = new Registry({
          buckets: bounds.toSorted((a, b) => a - b),
          labels: { common },
        });
        registry.observedGauge('observed', { help }, () => values.length);
        for (const x of series) {
          const counter = registry.counter('c', { help, labelNames: ['x'] }).labels(x);
          const histogram = registry.histogram('h', { help, labelNames: ['x'] }).labels(x);
          const timer = registry.timer('t', { labelNames: ['x'] }).labels(x);
          for (const value of values) {
            counter.inc(value, exemplar);
            histogram.observe(value, exemplar);
            timer.record(value, 'failure', exemplar);
          }
        }
        const families = readOpenMetrics(registry.exposition({ format: 'openmetrics' }));

        const values_ = families.flatMap(({ samples }) => samples.map(({ value }) => value));
        const older = parseExposition(registry.exposition());
        expect(values_).toEqual(older.flatMap(({ samples }) => samples.map(({ value }) => value)));
        const told = families.filter(({ name }) => ['c', 'h', 'observed'].includes(name));
        expect(told.map((family) => family.help ?? '')).toEqual(told.map(() => help));
      }),
      { numRuns: 60 },
    );
  });

  it('writes what has grown beyond all numbers as Prometheus does', () => {
    const registry = new Registry({ buckets: [] });
    const sizes = registry.histogram('size');
    for (const value of [1e308, 1e308]) sizes.observe(value);

    expect(registry.exposition({ format: 'openmetrics' })).toContain('size_sum +Inf\n');
  });

  it('refuses another format', () => {
    expect(() => new Registry().exposition({ format: 'xml' as never })).toThrow(
      new TypeError('format must be one of "prometheus", "openmetrics", got "xml"'),
    );
  });
});

describe('readOpenMetrics', () => {
  it.each([
    ['', 'the end is missing'],
    ['# EOF\n# EOF\n', 'outside a family'],
    ['# TYPE a gauge\n# EOF\n', 'a has no samples'],
    ['# TYPE a counter\na 1\n# EOF\n', 'outside its family'],
    ['# TYPE a_total counter\na_total_total 1\n# EOF\n', 'ends as its samples do'],
    ['# TYPE a counter\na_total NaN\n# EOF\n', 'is no total'],
    ['# TYPE a gauge\na 1\na 1\n# EOF\n', 'twice'],
    ['# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\n# EOF\n', 'torn apart'],
    ['# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n', 'not in the name'],
    ['# TYPE a gauge\na 1 # {x="y"} 1\n# EOF\n', 'no example here'],
    [`# TYPE a counter\na_total 1 # {x="${'y'.repeat(128)}"} 1\n# EOF\n`, 'example too long'],
    ['# TYPE a histogram\na_bucket{le="+Inf"} 2\na_sum 1\na_count 1\n# EOF\n', 'does not end'],
    [
      '# TYPE a histogram\na_bucket{le="1.0"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n# EOF\n',
      'does not ascend',
    ],
    [
      '# TYPE a histogram\na_bucket{le="1"} 1\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n# EOF\n',
      'is no float',
    ],
  ])('refuses %j', (text, message) => {
    expect(() => readOpenMetrics(text)).toThrow(message);
  });
});
