import { UpstreamServer } from '@x/testkit';
import { describe, expect, it, vi } from 'vitest';
import {
  Breaker,
  CacheManager,
  collectProcessMetrics,
  HttpPool,
  monitored,
  Registry,
  Semaphore,
  TokenBucket,
} from '../src/index.ts';

interface Metric {
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'timer';
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

const kinds = {
  counter: 'counter',
  observedCounter: 'counter',
  gauge: 'gauge',
  observedGauge: 'gauge',
  histogram: 'histogram',
  timer: 'timer',
} as const;

const namePatterns: Readonly<Record<Metric['kind'], RegExp>> = {
  counter: /_total$/,
  gauge: /(?<!_total)$/,
  histogram: /_(seconds|bytes)$/,
  // The exposition adds the unit.
  timer: /(?<!_total|_seconds)$/,
};

/** What all parts measure, also what never gets a series. */
async function allMetrics(): Promise<Metric[]> {
  const meter = new Registry();
  const spies = Object.entries(kinds).map(
    ([method, kind]) => [kind, vi.spyOn(meter, method as keyof typeof kinds)] as const,
  );
  using _ = collectProcessMetrics(meter);
  await using server = await UpstreamServer.start();
  await using pool = new HttpPool({ meter });
  await pool.get(server.url('/echo'));
  await using _cache = new CacheManager({ meter });
  using _bucket = new TokenBucket({ permitsPerSecond: 1, meter });
  using _semaphore = new Semaphore({ permits: 1, meter });
  new Breaker({ meter }).tryPass();
  monitored(meter)(function work() {})();

  const metrics = spies.flatMap(([kind, spy]) =>
    spy.mock.calls.map(([name, { help = '', labelNames = [] } = {}]) => ({
      kind,
      name,
      help,
      labelNames,
    })),
  );
  return [...new Map(metrics.map((metric) => [metric.name, metric])).values()];
}

const metrics = await allMetrics();

describe('the metrics of the parts', () => {
  it('are all looked at', () => {
    const beginnings = new Set(metrics.map(({ name }) => name.split('_')[0]));
    expect(beginnings).toEqual(
      new Set('process nodejs pool cache rate concurrency circuit function'.split(' ')),
    );
  });

  it.each(metrics)('are named as Prometheus wants it: $name', ({ kind, name }) => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(name).toMatch(namePatterns[kind]);
    expect(name).not.toMatch(/_(ms|milliseconds|minutes|kb|mb|kilobytes|percent|count|sum)(_|$)/);
  });

  it.each(metrics)('are explained by a sentence with a full stop: $name', ({ help }) => {
    expect(help).toMatch(/^[A-Z0-9][^\n]+[^.]\.$/);
  });

  it.each(metrics)('are labelled by the kind of their component: $name', ({ name, labelNames }) => {
    const component = /^(?:(cache|pool)_|[a-z]+_(limiter)_|circuit_(breaker)_)/.exec(name);
    const expected = component?.slice(1).find((kind) => kind !== undefined);

    expect(labelNames.find((label) => /^(cache|pool|limiter|breaker)$/.test(label))).toBe(expected);
    expect(labelNames).not.toContain('name');
    expect(labelNames).not.toContain('result');
  });
});
