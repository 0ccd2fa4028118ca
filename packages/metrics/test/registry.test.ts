import type { Logger } from '@x/interfaces';
import { ManualClock } from '@x/testkit';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { type MetricSnapshot, Registry } from '../src/index.ts';

const valueOf = (metric: MetricSnapshot | undefined): unknown =>
  metric?.series.map((series) => ('value' in series ? series.value : series.count));

describe('new Registry', () => {
  it.each([
    [{ retentionMs: 0 }, 'retentionMs must be a number above 0, got 0'],
    [{ maxSeries: 0 }, 'maxSeries must be a whole number of at least 1, got 0'],
    [{ buckets: [1, 1] }, 'buckets must ascend and be finite, got 1, 1'],
    [{ buckets: [NaN] }, 'buckets must ascend and be finite, got NaN'],
  ])('refuses %o', (options, message) => {
    expect(() => new Registry(options)).toThrow(new RangeError(message));
  });

  it('refuses options of the wrong type', () => {
    expect(() => new Registry({ sketch: 'magic' as never })).toThrow(
      new TypeError('sketch must be one of "exponential", "tdigest", got "magic"'),
    );
    expect(() => new Registry({ buckets: 5 as never })).toThrow(
      new TypeError('buckets must be an array of numbers, got 5'),
    );
  });
});

describe('Common labels', () => {
  it('come first in the exposition, and may not be labels of a metric', () => {
    const registry = new Registry({ labels: { service: 'a "shop"', zone: 'z1' } });
    registry.counter('a').inc();
    registry
      .gauge('b', { labelNames: ['x'] })
      .labels('1')
      .set(2);

    expect(registry.exposition()).toBe(
      [
        '# TYPE a_total counter',
        String.raw`a_total{service="a \"shop\"",zone="z1"} 1`,
        '# TYPE b gauge',
        String.raw`b{service="a \"shop\"",zone="z1",x="1"} 2`,
        '',
      ].join('\n'),
    );
    expect(() => registry.counter('c', { labelNames: ['zone'] })).toThrow(TypeError);
  });

  it.each([{ 'a-b': '1' }, { le: '1' }, { a: 1 as never }])('refuse %o', (labels) => {
    expect(() => new Registry({ labels })).toThrow(TypeError);
  });
});

describe('Exemplars', () => {
  it('are left out where OpenMetrics could not carry them, and what they come with is recorded', () => {
    const registry = new Registry();
    const counter = registry.counter('a');
    const bad = [{ trace_id: 'x'.repeat(121) }, { 'trace-id': 'x' }, { trace_id: 5 as never }];
    for (const exemplar of bad) counter.inc(1, exemplar);

    expect(registry.exposition({ format: 'openmetrics' })).toBe(
      '# TYPE a counter\na_total 3\n# EOF\n',
    );
    counter.inc(1, { trace_id: 'x'.repeat(120) });
    expect(registry.exposition({ format: 'openmetrics' })).toContain('a_total 4 # {trace_id="xx');
    registry.reset();
    expect(registry.exposition({ format: 'openmetrics' })).toContain('a_total 0\n');
  });

  it('belong to the bucket of their value, the last of each', () => {
    const registry = new Registry({ buckets: [1, 10] });
    const histogram = registry.histogram('a');
    histogram.observe(5, { trace_id: 'first' });
    histogram.observe(7, { trace_id: 'second' });
    histogram.observe(100, { trace_id: 'beyond' });
    const lines = registry.exposition({ format: 'openmetrics' }).split('\n');

    expect(lines[1]).toBe('a_bucket{le="1.0"} 0');
    expect(lines[2]).toMatch(/^a_bucket\{le="10.0"\} 2 # \{trace_id="second"\} 7 \d/);
    expect(lines[3]).toMatch(/^a_bucket\{le="\+Inf"\} 3 # \{trace_id="beyond"\} 100 \d/);
  });
});

describe('Registry instruments', () => {
  it('are the same for the same name and shape', () => {
    const registry = new Registry();
    const labelNames = ['method'] as const;

    expect(registry.counter('a_total')).toBe(registry.counter('a_total'));
    expect(registry.gauge('b', { labelNames })).toBe(registry.gauge('b', { labelNames }));
    expect(registry.histogram('c', { buckets: [1, Infinity] })).toBe(
      registry.histogram('c', { buckets: [1] }),
    );
    expect(registry.histogram('c')).toBe(registry.histogram('c', { help: 'other words' }));
    expect(registry.timer('d')).toBe(registry.timer('d'));
  });

  it('are refused under a name that another kind, other labels or buckets have', () => {
    const registry = new Registry();
    registry.counter('a_total', { labelNames: ['method', 'status'] });
    registry.histogram('b', { buckets: [1, 2] });

    expect(() => registry.gauge('a_total')).toThrow(
      new TypeError(
        '"a_total" is a counter with the labels method, status, not a gauge with no labels',
      ),
    );
    expect(() => registry.counter('a_total', { labelNames: ['status', 'method'] })).toThrow(
      TypeError,
    );
    expect(() => registry.histogram('b', { buckets: [1, 3] })).toThrow(
      new TypeError('"b" has the buckets 1, 2, not 1, 3'),
    );
  });

  it('are refused when Prometheus would see one name twice', () => {
    const registry = new Registry();
    registry.counter('requests');
    registry.timer('fetch');
    registry.histogram('size');

    expect(() => registry.counter('requests_total')).toThrow(
      new TypeError(
        '"requests_total" would be exposed as requests_total, which "requests" is already',
      ),
    );
    expect(() => registry.histogram('fetch_seconds')).toThrow(TypeError);
    expect(() => registry.gauge('fetch_in_flight')).toThrow(TypeError);
    expect(() => registry.gauge('size_count')).toThrow(TypeError);
  });

  it.each(['', '1a', 'a-b', 'a b', 'ä', 'a\n'])('refuse the name %j', (name) => {
    expect(() => new Registry().counter(name)).toThrow(TypeError);
  });

  it.each(['', '1a', 'a-b', 'a:b', '__name', 'ä'])('refuse the label name %j', (label) => {
    expect(() => new Registry().counter('a', { labelNames: [label] })).toThrow(TypeError);
  });

  it('refuse labels that they set by themselves, or that come twice', () => {
    const registry = new Registry();

    expect(() => registry.histogram('a', { labelNames: ['le'] })).toThrow(
      new TypeError('"a" cannot have a label "le", which it sets by itself'),
    );
    expect(() => registry.timer('a', { labelNames: ['outcome'] })).toThrow(TypeError);
    expect(() => registry.counter('a', { labelNames: ['x', 'x'] })).toThrow(
      new TypeError('"a" names the label "x" twice'),
    );
  });

  it('know their label names by type', () => {
    const counter = new Registry().counter('a', { labelNames: ['method', 'status'] });

    expectTypeOf(counter.labels).toBeCallableWith('GET', '200');
    expectTypeOf(counter.labels).toBeCallableWith({ method: 'GET', status: '200' });
    // @ts-expect-error one label is missing
    expect(() => counter.labels('GET')).toThrow(TypeError);
    // @ts-expect-error no such label
    expect(() => counter.labels({ method: 'GET', code: '200' })).toThrow(TypeError);
  });
});

describe('Labelled instruments', () => {
  it('answer the same child for the same values, by place or by name', () => {
    const counter = new Registry().counter('a', { labelNames: ['method', 'status'] });
    const child = counter.labels('GET', '200');

    expect(counter.labels('GET', '200')).toBe(child);
    expect(counter.labels({ status: '200', method: 'GET' })).toBe(child);
    expect(counter.labels('200', 'GET')).not.toBe(child);
  });

  it('refuse too many, too few and other labels, and values that are no strings', () => {
    const counter = new Registry().counter('a', { labelNames: ['x', 'y'] });
    const labels = counter.labels.bind(counter) as (...values: unknown[]) => unknown;

    for (const values of [[], ['1'], ['1', '2', '3'], [{ x: '1' }], [{ x: '1', z: '2' }]]) {
      expect(() => labels(...values)).toThrow(/^counter "a" takes x, y; got /);
    }
    expect(() => labels({ x: '1', y: '2', z: '3' })).toThrow(TypeError);
    expect(() => labels('1', 2)).toThrow(new TypeError('label y of "a" must be a string, got 2'));
    expect(() => labels({ x: '1', y: undefined })).toThrow(TypeError);
  });

  it('cannot be used without labels', () => {
    const registry = new Registry();
    const labelNames = ['x'] as const;

    expect(() => registry.counter('a', { labelNames }).inc()).toThrow(
      new TypeError('counter "a" has labels: call labels(x) first'),
    );
    expect(() => registry.gauge('b', { labelNames }).set(1)).toThrow(TypeError);
    expect(() => registry.histogram('c', { labelNames }).observe(1)).toThrow(TypeError);
    expect(() => registry.timer('d', { labelNames }).start()).toThrow(TypeError);
  });

  it('never mix two lists of values up, whatever they contain', () => {
    const nasty = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', ',', '=', '"', '\\', '\n', ':', '{', '}', '\0') }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '__proto__', 'constructor', 'overflow', '1,y:2', '1', 'ä', 'a\u0308'),
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(nasty, nasty), { selector: JSON.stringify }), (pairs) => {
        const registry = new Registry();
        const counter = registry.counter('a', { labelNames: ['x', 'y'] });
        for (const [index, [x, y]] of pairs.entries()) counter.labels(x, y).inc(index);

        const series = registry.find('a')?.series ?? [];
        const found = series.map(({ labels }) => JSON.stringify([labels['x'], labels['y']]));
        expect(found.toSorted()).toEqual(pairs.map((pair) => JSON.stringify(pair)).toSorted());
        for (const [index, [x, y]] of pairs.entries()) {
          expect(counter.labels({ x, y })).toHaveProperty('value', index);
        }
        expect(new Set(Object.keys(registry.summary())).size).toBe(pairs.length);
      }),
    );
  });

  it('record what is beyond maxSeries in one more series, and warn once', () => {
    const logger: Logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const registry = new Registry({ maxSeries: 2, logger, name: 'app' });
    const counter = registry.counter('a', { labelNames: ['x', 'y'] });
    const first = counter.labels('1', '1');
    counter.labels('2', '2');
    for (let index = 3; index < 100; index++) counter.labels(String(index), 'z').inc();

    expect(counter.labels('1', '1')).toBe(first);
    expect(registry.find('a')?.series).toEqual([
      { labels: { x: '1', y: '1' }, value: 0 },
      { labels: { x: '2', y: '2' }, value: 0 },
      { labels: { x: 'overflow', y: 'overflow' }, value: 97 },
    ]);
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
      'app: "a" has 2 series; further label values are recorded together, under "overflow"',
    );
  });
});

describe('Values that make no sense', () => {
  it('are not recorded, but counted', () => {
    const registry = new Registry();
    const counter = registry.counter('a');
    const gauge = registry.gauge('b');
    const histogram = registry.histogram('c');
    const timer = registry.timer('d');

    for (const amount of [NaN, -1, Infinity, '5' as never]) counter.inc(amount);
    for (const value of [NaN, Infinity, -Infinity]) gauge.set(value);
    gauge.inc(NaN);
    gauge.dec(NaN);
    for (const value of [NaN, Infinity, -Infinity]) histogram.observe(value);
    for (const value of [NaN, Infinity, -1]) timer.record(value);

    for (const name of ['a', 'b', 'c', 'd']) expect(valueOf(registry.find(name))).toEqual([0]);
    expect(registry.find('metrics_rejected_values_total')?.series).toEqual([
      { labels: { metric: 'a' }, value: 4 },
      { labels: { metric: 'b' }, value: 5 },
      { labels: { metric: 'c' }, value: 3 },
      { labels: { metric: 'd' }, value: 3 },
    ]);
  });

  it('leave no trace of that counter while there are none', () => {
    const registry = new Registry();
    registry.counter('a').inc();

    expect(registry.snapshot().metrics.map(({ name }) => name)).toEqual(['a']);
    expect(registry.exposition()).not.toContain('rejected');
  });
});

describe('Counters and gauges', () => {
  it('add up', () => {
    const registry = new Registry();
    const counter = registry.counter('a');
    counter.inc();
    counter.inc(2.5);
    counter.inc(0);
    const gauge = registry.gauge('b');
    gauge.set(10);
    gauge.inc();
    gauge.dec(3);

    expect(valueOf(registry.find('a'))).toEqual([3.5]);
    expect(valueOf(registry.find('b'))).toEqual([8]);
  });
});

describe('Gauge.observe', () => {
  it('asks for the value whenever it is read, until it is disposed', () => {
    const registry = new Registry();
    const queue = [1, 2, 3];
    const observation = registry
      .gauge('queue', { labelNames: ['name'] })
      .labels('a')
      .observe?.(() => queue.length);
    expect(valueOf(registry.find('queue'))).toEqual([3]);
    queue.push(4);
    expect(valueOf(registry.find('queue'))).toEqual([4]);

    queue.pop();
    observation?.[Symbol.dispose]();
    queue.pop();
    expect(valueOf(registry.find('queue'))).toEqual([3]);
  });

  it('gives way to a later one, which the end of the earlier one leaves alone', () => {
    const registry = new Registry();
    const gauge = registry.gauge('a');
    const earlier = gauge.observe?.(() => 1);
    gauge.observe?.(() => 2);
    earlier?.[Symbol.dispose]();

    expect(valueOf(registry.find('a'))).toEqual([2]);
  });

  it('keeps the value where there is none, and counts that as rejected', () => {
    const registry = new Registry();
    const gauge = registry.gauge('a');
    let read = (): number => 5;
    gauge.observe?.(() => read());
    expect(valueOf(registry.find('a'))).toEqual([5]);

    read = () => NaN;
    expect(valueOf(registry.find('a'))).toEqual([5]);
    read = () => {
      throw new Error('gone');
    };
    expect(valueOf(registry.find('a'))).toEqual([5]);
    expect(valueOf(registry.find('metrics_rejected_values_total'))).toEqual([2]);
  });

  it('needs a function, and labels where there are some', () => {
    const registry = new Registry();
    expect(() => registry.gauge('a').observe?.(5 as never)).toThrow('"a" needs a function to ask');
    const labelled = registry.gauge('b', { labelNames: ['x'] });
    expect(() => labelled.observe?.(() => 1)).toThrow('call labels(x) first');
  });
});

describe('Registry.snapshot', () => {
  it('is plain data, in the order of names and labels, whatever order it was made in', () => {
    const clock = new ManualClock();
    const build = (names: readonly string[], values: readonly string[]): unknown => {
      const registry = new Registry({ clock });
      for (const name of names) {
        for (const value of values) registry.counter(name, { labelNames: ['x'] }).labels(value);
      }
      registry.histogram('h').observe(1);
      registry.histogram('empty');
      registry.timer('t').record(1, 'failure');
      return registry.snapshot();
    };
    const snapshot = build(['b', 'a'], ['2', '1', '10']);

    expect(snapshot).toEqual(build(['a', 'b'], ['10', '1', '2']));
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot).toMatchObject({
      takenAt: clock.now(),
      metrics: [
        { name: 'a', kind: 'counter', help: '', labelNames: ['x'] },
        { name: 'b' },
        { name: 'empty', series: [{ count: 0, p50: null, mean: null, min: null }] },
        { name: 'h', kind: 'histogram' },
        {
          name: 't',
          series: [{ labels: { outcome: 'failure' } }, { labels: { outcome: 'success' } }],
        },
      ],
    });
  });
});

describe('Registry.find', () => {
  it('answers one metric, or undefined', () => {
    const registry = new Registry();
    registry.gauge('a', { help: 'A thing.' }).set(1);

    expect(registry.find('a')).toEqual({
      kind: 'gauge',
      overflowed: false,
      name: 'a',
      help: 'A thing.',
      labelNames: [],
      series: [{ labels: {}, value: 1 }],
    });
    expect(registry.find('b')).toBeUndefined();
  });
});

describe('Registry.reset', () => {
  it('forgets what was recorded and keeps instruments, children, gauges and what is in flight', () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    const child = registry.counter('a', { labelNames: ['x'] }).labels('1');
    const gauge = registry.gauge('b');
    const timer = registry.timer('c');
    const histogram = registry.histogram('d');
    child.inc();
    gauge.inc();
    timer.record(5, 'failure');
    const running = timer.start();
    histogram.observe(1);
    clock.advance(10);

    registry.reset();

    expect(valueOf(registry.find('a'))).toEqual([0]);
    expect(valueOf(registry.find('b'))).toEqual([1]);
    expect(registry.find('c')?.series).toMatchObject([
      { count: 0, windowCount: 0, inFlight: 1 },
      { count: 0, windowCount: 0, inFlight: 1 },
    ]);
    expect(registry.find('d')?.series).toMatchObject([{ count: 0, sum: 0, max: null }]);
    expect(registry.exposition()).toContain('d_bucket{le="+Inf"} 0');
    child.inc();
    gauge.dec();
    running.stop();
    expect(valueOf(registry.find('a'))).toEqual([1]);
    expect(valueOf(registry.find('b'))).toEqual([0]);
    expect(valueOf(registry.find('c'))).toEqual([0, 1]);
  });
});

describe('A registry that is off', () => {
  it('hands out instruments that do nothing, and has nothing to tell', async () => {
    const registry = new Registry({ enabled: false });
    registry
      .counter('a', { labelNames: ['x'] })
      .labels('1')
      .inc();
    registry.gauge('a').set(1);
    registry.histogram('not a name').observe(1);

    expect(await registry.timer('t').time(() => Promise.resolve(1))).toBe(1);
    expect(registry.snapshot().metrics).toEqual([]);
    expect(registry.exposition()).toBe('');
    expect(registry.summary()).toEqual({});
    expect(registry.report()).toBe('Metrics of "metrics" (off)\n\nNothing was recorded.');
    registry.reset();
  });
});
