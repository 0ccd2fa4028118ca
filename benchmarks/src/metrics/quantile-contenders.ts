// The quantile engines that are compared.
import { createHistogram } from 'node:perf_hooks';
import { DDSketch } from '@datadog/sketches-js';
import { build } from 'hdr-histogram-js';
import client from 'prom-client';
import { TDigest } from 'tdigest';
import { ExponentialSketch, Registry, type Sketch, TDigestSketch } from '@x/metrics';

export interface Quantiles {
  record(value: number): void;
  quantile(q: number): number;
}

type Windowed = () => { record(value: number): void; count(): number | Promise<number> };

export interface QuantileContender {
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

export const quantileContenders: Readonly<Record<string, QuantileContender>> = {
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
