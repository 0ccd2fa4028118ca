import { ManualClock } from '@x/testkit';
import { describe, expect, expectTypeOf, it } from 'vitest';
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

describe('Values that make no sense', () => {
  it('are not recorded, but counted', () => {
    const registry = new Registry();
    const counter = registry.counter('a');
    const gauge = registry.gauge('b');
    const histogram = registry.histogram('c');
    const timer = registry.timer('d');

    for (const amount of [NaN, -1, Infinity, null as never]) counter.inc(amount);
    for (const value of [NaN, Infinity, -Infinity]) gauge.set(value);
    gauge.inc(NaN);
    gauge.dec(NaN);
    for (const value of [NaN, Infinity, undefined as never]) histogram.observe(value);
    for (const value of [NaN, Infinity, -1]) timer.record(value);

    for (const name of ['a', 'b', 'c', 'd']) expect(valueOf(registry.find(name))).toEqual([0]);
    expect(registry.find('metrics_rejected_values_total')?.series).toEqual([
      { labels: { metric: 'a' }, value: 4 },
      { labels: { metric: 'b' }, value: 5 },
      { labels: { metric: 'c' }, value: 3 },
      { labels: { metric: 'd' }, value: 3 },
    ]);
  });

  it.each([
    ['5', 'got "5"'],
    [true, 'got true'],
    [5n, 'got 5n'],
    [{ method: 'GET' }, 'got an object; values of labels are given by labels(…)'],
  ])('are no numbers at all: %o is refused, and nothing is recorded', (wrong, got) => {
    const registry = new Registry();
    const value = wrong as never;
    const counter = registry.counter('a', { labelNames: ['x'] }).labels('1');
    const gauge = registry.gauge('b');
    const refusal = (what: string, name: string): TypeError =>
      new TypeError(`the ${what} of "${name}" must be a number, ${got}`);

    expect(() => counter.inc(value)).toThrow(refusal('amount', 'a'));
    expect(() => gauge.set(value)).toThrow(refusal('value', 'b'));
    expect(() => gauge.inc(value)).toThrow(refusal('amount', 'b'));
    expect(() => gauge.dec(value)).toThrow(refusal('amount', 'b'));
    expect(() => registry.histogram('c').observe(value)).toThrow(refusal('value', 'c'));
    expect(() => registry.timer('d').record(value)).toThrow(refusal('duration', 'd'));
    for (const name of ['a', 'b', 'c', 'd']) expect(valueOf(registry.find(name))).toEqual([0]);
    expect(registry.exposition()).not.toContain('rejected');
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
