import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Registry } from '../src/index.ts';
import { parseExposition } from './parse-exposition.ts';

describe('Registry.exposition', () => {
  it('names counters with _total and timers with _seconds, in seconds', () => {
    const registry = new Registry({ clock: new ManualClock() });
    registry.counter('requests', { help: 'Requests\nthat came in \\ out.' }).inc(3);
    registry.gauge('level').set(-0.5);
    const timer = registry.timer('fetch', {
      help: 'Time per call.',
      labelNames: ['host'],
      buckets: [2.5, 1_000],
    });
    timer.labels('a').record(2);
    timer.labels('a').record(1_500);
    timer.labels('a').start();

    expect(registry.exposition()).toBe(
      [
        '# HELP fetch_in_flight In flight: Time per call.',
        '# TYPE fetch_in_flight gauge',
        'fetch_in_flight{host="a"} 1',
        '# HELP fetch_seconds Time per call.',
        '# TYPE fetch_seconds histogram',
        'fetch_seconds_bucket{host="a",outcome="success",le="0.0025"} 1',
        'fetch_seconds_bucket{host="a",outcome="success",le="1"} 1',
        'fetch_seconds_bucket{host="a",outcome="success",le="+Inf"} 2',
        'fetch_seconds_sum{host="a",outcome="success"} 1.502',
        'fetch_seconds_count{host="a",outcome="success"} 2',
        '# TYPE level gauge',
        'level -0.5',
        '# HELP requests_total Requests\\nthat came in \\\\ out.',
        '# TYPE requests_total counter',
        'requests_total 3',
        '',
      ].join('\n'),
    );
  });

  it('adds no suffix twice', () => {
    const registry = new Registry();
    registry.counter('requests_total').inc();
    registry.timer('fetch_seconds').time(() => 1);

    const names = parseExposition(registry.exposition()).map(({ name }) => name);
    expect(names).toEqual(['fetch_seconds', 'fetch_seconds_in_flight', 'requests_total']);
  });

  it('tells what a timer has in flight only where measurements are begun', () => {
    const registry = new Registry();
    const timer = registry.timer('fetch', { labelNames: ['host'] });
    timer.labels('recorded').record(1);
    expect(registry.exposition()).not.toContain('in_flight');

    timer.labels('measured').time(() => 1);
    const merged = Registry.merged([registry.dump(), registry.dump()]);

    for (const text of [registry.exposition(), merged.exposition()]) {
      const found = parseExposition(text).find(({ name }) => name === 'fetch_in_flight');
      expect(found?.samples).toMatchObject([{ labels: { host: 'measured' }, value: 0 }]);
    }
  });

  it('is empty without metrics, and leaves out those without series', () => {
    const registry = new Registry();
    registry.counter('a', { labelNames: ['x'] });

    expect(registry.exposition()).toBe('');
  });

  it('comes back whole through a strict parser, whatever labels and help contain', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', ',', '=', '"', '\\', '\n', '}', '{', ' ', 'n') }),
      fc.string({ unit: 'binary' }),
    );
    const metrics = fc.record({
      help: text,
      series: fc.uniqueArray(fc.tuple(text, text), { selector: JSON.stringify, maxLength: 8 }),
      values: fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { maxLength: 20 }),
    });
    fc.assert(
      fc.property(metrics, ({ help, series, values }) => {
        const registry = new Registry();
        const options = { help, labelNames: ['x', 'y'] as const };
        for (const [index, [x, y]] of series.entries()) {
          registry
            .counter('c', options)
            .labels(x, y)
            .inc(index + 0.25);
          const histogram = registry.histogram('h', options).labels({ x, y });
          for (const value of values) histogram.observe(value);
          const timer = registry.timer('t', options).labels(x, y);
          timer.start().stop();
          for (const value of values) timer.record(Math.abs(value));
        }
        const families = parseExposition(registry.exposition());

        const names = series.length === 0 ? [] : ['c_total', 'h', 't_in_flight', 't_seconds'];
        expect(families.map(({ name }) => name)).toEqual(names);
        for (const family of families) {
          const prefix = family.name === 't_in_flight' && help !== '' ? 'In flight: ' : '';
          expect(family.help ?? '').toBe(prefix + help);
          const found = new Set(
            family.samples.map(({ labels: { x, y } }) => JSON.stringify([x, y])),
          );
          expect(found).toEqual(new Set(series.map((pair) => JSON.stringify(pair))));
        }
        for (const [index, [x, y]] of series.entries()) {
          const samples = families[0]?.samples ?? [];
          const sample = samples.find(({ labels }) => labels['x'] === x && labels['y'] === y);
          expect(sample?.value).toBe(index + 0.25);
        }
      }),
      { numRuns: 60 },
    );
  });
});
