import { describe, expect, it } from 'vitest';
import {
  collectProcessMetrics,
  ExponentialSketch,
  Registry,
  restoreSketch,
  TDigestSketch,
} from '@x/metrics';

/** Options as JavaScript may give them. */
const untyped = (options: unknown): never => options as never;

describe.each(['counter', 'gauge', 'histogram', 'timer'] as const)('Registry.%s', (kind) => {
  it('says what labels are called here', () => {
    const registry = new Registry();
    expect(() => registry[kind]('a', untyped({ labels: ['x'] }))).toThrow(
      new TypeError(
        'labels is not an option; it is labelNames; values are given by labels(…) of the instrument',
      ),
    );
    expect(() => registry[kind]('a', untyped({ labelNames: 'x' }))).toThrow(
      new TypeError('labelNames of "a" must be an array of strings, got "x"'),
    );
    expect(registry.find('a')).toBeUndefined();
  });
});

describe('new Registry', () => {
  it('says what defaultLabels are called here', () => {
    expect(() => new Registry(untyped({ defaultLabels: { service: 'shop' } }))).toThrow(
      new TypeError('defaultLabels is not an option; it is labels'),
    );
  });

  it('refuses what is no object', () => {
    expect(() => new Registry(untyped('shop'))).toThrow(
      new TypeError('options must be an object such as { retentionMs }, got "shop"'),
    );
  });
});

describe('an option of another library, or of another kind', () => {
  it.each([
    ['counter', 'buckets', [1], 'an option of histograms and timers'],
    ['timer', 'merge', 'sum', 'an option of gauges alone'],
    ['counter', 'name', 'b', "the argument before the options: counter('http_requests', { help })"],
    ['gauge', 'aggregator', 'sum', 'merge, an option of gauges'],
    [
      'histogram',
      'percentiles',
      [0.5],
      'not needed: p50, p95, p99 and p999 of histograms and timers are always there',
    ],
    [
      'timer',
      'unit',
      's',
      'part of the name, as in response_bytes; timers take milliseconds, and Prometheus sees seconds',
    ],
  ] as const)('is refused by %s: %s', (kind, name, value, here) => {
    const registry = new Registry();
    const refusal = new TypeError(`${name} is not an option; it is ${here}`);
    expect(() => registry[kind]('a', untyped({ [name]: value }))).toThrow(refusal);
    registry[kind]('a');
    expect(() => registry[kind]('a', untyped({ [name]: value }))).toThrow(refusal);
  });

  it.each([
    ['prefix', "part of each name, or a label of all series: labels: { service: 'shop' }"],
    ['maxAgeSeconds', 'retentionMs, in milliseconds'],
    ['percentiles', 'not needed: p50, p95, p99 and p999 of histograms and timers are always there'],
    ['collectDefaultMetrics', 'a function: collectProcessMetrics(registry)'],
  ])('is refused by a registry: %s', (name, here) => {
    expect(() => new Registry(untyped({ [name]: 5 }))).toThrow(
      new TypeError(`${name} is not an option; it is ${here}`),
    );
  });
});

describe('arguments in the wrong place', () => {
  const registry = new Registry();
  const labelled = registry.counter('requests', { labelNames: ['method', 'status'] });

  it.each<[() => unknown, string]>([
    [
      () => registry.counter(undefined as never),
      'the name of a metric must be a string, got undefined',
    ],
    [
      () => registry.counter({ name: 'a', help: 'b' } as never),
      'the name of a metric must be a string, got an object; options come after it: counter("requests", { help })',
    ],
    [
      () => registry.gauge('queue.length'),
      'a metric name is made of letters, digits, "_" and ":" and begins with no digit, got "queue.length"; did you mean "queue_length"?',
    ],
    [
      () => registry.counter('a', null as never),
      'options must be an object such as { help, labelNames }, got null',
    ],
    [() => registry.counter('a', { help: 5 as never }), 'help must be a string, got 5'],
    [
      () => registry.gauge('a', { merge: 'avg' as never }),
      'merge must be one of "sum", "min", "max", "last", got "avg"',
    ],
    [
      () => labelled.labels(['GET', '200'] as never),
      'counter "requests" takes a value for each of method, status; got an array: give the values one by one',
    ],
    [
      () => labelled.labels('GET' as never),
      'counter "requests" takes a value for each of method, status; got 1 value',
    ],
    [
      () => (labelled.labels('GET', '200') as unknown as typeof labelled).labels('PUT', '200'),
      '"requests" has its labels already; got PUT, 200',
    ],
    [
      () => new Registry({ labels: ['shop'] as never }),
      "labels must be an object such as { service: 'shop' }, got an array",
    ],
    [() => registry.find(undefined as never), 'name must be a string, got undefined'],
    [() => registry.snapshot({ shapes: 1 as never }), 'shapes must be true or false, got 1'],
    [() => registry.report({}, {} as never), 'snapshot must be one of a registry, got an object'],
    [
      () => registry.observedGauge('a', (() => 5) as never, undefined as never),
      'observe must be a function after the options, as in observedGauge("a", {}, () => 1), got undefined',
    ],
    [
      () => registry.report(untyped({ colors: true })),
      'colors is not an option; did you mean color?',
    ],
    [
      () => (registry.handler as (...given: unknown[]) => unknown).call(registry, {}, {}),
      'handler() takes nothing; what it answers takes the request: handler()(request, response)',
    ],
    [
      () => registry.handler()({} as never),
      'request must be a Request, or come with its response, got an object',
    ],
    [
      () => registry.reportEvery(5, { width: 'wide' as never }),
      'width must be a number of at least 0, got "wide"',
    ],
    [
      () => collectProcessMetrics(registry, { eventLoopResolutionMs: 'x' as never }),
      'eventLoopResolutionMs must be a whole number of at least 1 and of at most 2147483647, got "x"',
    ],
    [
      () =>
        (registry.timer('query').start as (...given: unknown[]) => unknown).call(
          registry.timer('query'),
          { a: 'b' },
        ),
      'start() of "query" takes no more; values of labels are given by labels(…)',
    ],
    [
      () =>
        (registry.timer('query').time as (...given: unknown[]) => unknown).call(
          registry.timer('query'),
          () => 1,
          { a: 'b' },
        ),
      'time(fn) of "query" takes no more; values of labels are given by labels(…)',
    ],
    [
      () => restoreSketch({} as never),
      'state must be what toJSON() of a sketch answers, got an object',
    ],
  ])('are told: %s', (call, message) => {
    expect(call).toThrow(new TypeError(message));
  });

  it('leave nothing behind', () => {
    expect(registry.snapshot().metrics.map(({ name }) => name)).toEqual(['query', 'requests']);
  });

  it('are told to the logger where a function answers them', () => {
    const errors: unknown[] = [];
    const nothing = (): void => {};
    const logger = {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: errors.push.bind(errors),
    };
    const observing = new Registry({ logger });
    observing.observedGauge('a', { labelNames: ['x'] }, () => [[{ x: '1' } as never, 5]]);
    observing.snapshot();
    expect(errors).toEqual([
      'metrics: "a" could not be observed: "a" takes a value for each of x in an array, got an object',
    ]);
  });

  it.each([[ExponentialSketch], [TDigestSketch]])('are no share of a %o', (Sketch) => {
    const sketch = new Sketch();
    sketch.record(5);
    expect(() => sketch.quantile(95)).toThrow(
      new RangeError('q must be a number of at least 0 and of at most 1, got 95'),
    );
  });
});
