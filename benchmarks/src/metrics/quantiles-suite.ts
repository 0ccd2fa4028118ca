// Quantiles: what a value costs by itself and in a sliding window, how far answers are off, and what
// sketches take.
import assert from 'node:assert/strict';
import { createHistogram } from 'node:perf_hooks';
import { DDSketch } from '@datadog/sketches-js';
import { build } from 'hdr-histogram-js';
import client from 'prom-client';
import { TDigest } from 'tdigest';
import { ExponentialSketch, Registry, type Sketch, TDigestSketch } from '@x/metrics';
import type { Case, Suite } from '../harness/suite.ts';
import { durations, inputs } from './values.ts';

const timed = durations(200_000);
const judged = 1_000_000;

interface Quantiles {
  record(value: number): void;
  quantile(q: number): number;
}

type Windowed = () => { record(value: number): void; count(): number | Promise<number> };

interface QuantileContender {
  /** Values by themselves. */
  readonly sketch?: () => Quantiles;
  /** Values in a sliding window. */
  readonly windowed?: Windowed;
}

function own(create: () => Sketch): () => Quantiles {
  return () => {
    const sketch = create();
    return {
      record: (value) => sketch.record(value),
      quantile: (q) => sketch.quantile(q) ?? NaN,
    };
  };
}

function ownWindow(engine: 'exponential' | 'tdigest'): Windowed {
  return () => {
    const registry = new Registry({ sketch: engine });
    const histogram = registry.histogram('h');
    return {
      record: (value) => histogram.observe(value),
      count: () => {
        const metric = registry.find('h');
        return metric?.kind === 'histogram' ? (metric.series[0]?.windowCount ?? 0) : 0;
      },
    };
  };
}

const contenders: Readonly<Record<string, QuantileContender>> = {
  ours: { sketch: own(() => new ExponentialSketch()), windowed: ownWindow('exponential') },
  'ours, tdigest': { sketch: own(() => new TDigestSketch()), windowed: ownWindow('tdigest') },
  'sketches-js': {
    sketch: () => {
      const sketch = new DDSketch({ relativeAccuracy: 0.01 });
      return {
        record: (value) => sketch.accept(value),
        quantile: (q) => sketch.getValueAtQuantile(q),
      };
    },
  },
  'tdigest push': {
    sketch: () => {
      const digest = new TDigest();
      return {
        record: (value) => digest.push(value),
        quantile: (q) => digest.percentile(q) ?? NaN,
      };
    },
  },
  'hdr-histogram-js': {
    sketch: () => {
      // Whole numbers only: a thousandth of a unit is the least that it tells apart.
      const histogram = build({ lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 });
      return {
        record: (value) => histogram.recordValue(value * 1_000),
        quantile: (q) => histogram.getValueAtPercentile(q * 100) / 1_000,
      };
    },
  },
  perf_hooks: {
    sketch: () => {
      const histogram = createHistogram({ figures: 3 });
      return {
        record: (value) => histogram.record(Math.ceil(value * 1_000)),
        quantile: (q) => histogram.percentile(q * 100) / 1_000,
      };
    },
  },
  'prom-client Summary': {
    windowed: () => {
      const options = { name: 'h', help: 'h', maxAgeSeconds: 3_600, ageBuckets: 12, registers: [] };
      const summary = new client.Summary(options);
      return {
        record: (value) => summary.observe(value),
        count: async () =>
          (await summary.get()).values.find(({ metricName }) => metricName === 'h_count')?.value ??
          0,
      };
    },
  },
};

const recording: Case<QuantileContender> = async ({ sketch }, probe) => {
  const quantiles = sketch?.() as Quantiles;
  await probe.time(timed.length, () => {
    for (let index = 0; index < timed.length; index++) quantiles.record(timed[index] as number);
  });
  const median = timed.slice().sort()[timed.length / 2] as number;
  assert.ok(Math.abs(quantiles.quantile(0.5) - median) < 0.02 * median);
};

const windowed: Case<QuantileContender> = async (contender, probe) => {
  const window = contender.windowed?.();
  if (window === undefined) return;
  let recorded = 0;
  const count = timed.length / 4;
  await probe.time(count, () => {
    recorded += count;
    for (let index = 0; index < count; index++) window.record(timed[index] as number);
  });
  assert.equal(await window.count(), recorded);
};

/** By how much p50, p99 and p99.9 are off, in percent, over a million values. */
function accuracy(input: string): Case<QuantileContender> {
  return ({ sketch }, probe) => {
    const quantiles = sketch?.() as Quantiles;
    const values = inputs[input]?.(judged) as Float64Array;
    for (const value of values) quantiles.record(value);
    values.sort();
    for (const [name, q] of [
      ['p50', 0.5],
      ['p99', 0.99],
      ['p99.9', 0.999],
    ] as const) {
      const exact = values[Math.ceil(q * judged) - 1] as number;
      probe.record(`${name} off by %`, (Math.abs(quantiles.quantile(q) - exact) / exact) * 100);
    }
  };
}

const cases: Record<string, Case<QuantileContender>> = {
  'a value': recording,
  'a value in a window': windowed,
};
for (const input of Object.keys(inputs)) cases[input] = accuracy(input);

export const suite: Suite<QuantileContender> = {
  contenders: Object.fromEntries(
    Object.entries(contenders).map(([name, contender]) => [name, () => contender]),
  ),
  cases,
  leftOut: Object.entries(contenders).flatMap(([name, contender]) =>
    Object.keys(cases)
      .filter((one) =>
        one === 'a value in a window'
          ? contender.windowed === undefined
          : contender.sketch === undefined,
      )
      .map((one) => `${name}: ${one}`),
  ),
};
