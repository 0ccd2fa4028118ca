// What recording costs: counters, gauges, histograms, timers.
import assert from 'node:assert/strict';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import client from 'prom-client';
import { noopMeter } from '@x/interfaces';
import { Registry } from '@x/metrics';
import type { Suite } from '../harness/suite.ts';
import { type Jobs, suiteOf } from './job.ts';
import { durations } from './values.ts';

const bounds = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000];
const observed = durations(4_096);
const settled = Promise.resolve();
const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const statuses = ['200', '304', '404', '500'] as const;

function valueOf(registry: Registry, name: string): number {
  const metric = registry.find(name);
  if (metric?.kind !== 'counter') throw new Error(`no counter ${name}`);
  return metric.series.reduce((sum, { value }) => sum + value, 0);
}

function countOf(registry: Registry, name: string): number {
  const metric = registry.find(name);
  if (metric?.kind !== 'histogram' && metric?.kind !== 'timer') throw new Error(`no ${name}`);
  return metric.series.reduce((sum, { count }) => sum + count, 0);
}

const ours: Jobs = {
  'counter, no labels': () => {
    const registry = new Registry();
    const counter = registry.counter('requests');
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) counter.inc();
      },
      check: (count) => assert.equal(valueOf(registry, 'requests'), count),
    };
  },
  'counter, bound child': () => {
    const registry = new Registry();
    const child = registry
      .counter('requests', { labelNames: ['method', 'status'] })
      .labels('GET', '200');
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) child.inc();
      },
      check: (count) => assert.equal(valueOf(registry, 'requests'), count),
    };
  },
  'counter, label object': () => {
    const registry = new Registry();
    const counter = registry.counter('requests', { labelNames: ['method', 'status'] });
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) {
          const method = methods[call & 3] as string;
          const status = statuses[(call >> 2) & 3] as string;
          counter.labels({ method, status }).inc();
        }
      },
      check: (count) => assert.equal(valueOf(registry, 'requests'), count),
    };
  },
  'gauge set': () => {
    const registry = new Registry();
    const gauge = registry.gauge('level');
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) gauge.set(call);
      },
      check: () => assert.ok(registry.summary()['level']),
    };
  },
  'histogram, bound child, 12 buckets': () => {
    const registry = new Registry({ buckets: bounds });
    const child = registry.histogram('size', { labelNames: ['method'] }).labels('GET');
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) child.observe(observed[call & 4_095] as number);
      },
      check: (count) => assert.equal(countOf(registry, 'size'), count),
    };
  },
  'histogram, one value a turn': () => {
    const registry = new Registry({ buckets: bounds });
    const child = registry.histogram('size', { labelNames: ['method'] }).labels('GET');
    return {
      run: async (count) => {
        for (let call = 0; call < count; call++) {
          child.observe(observed[call & 4_095] as number);
          await settled;
        }
      },
      check: (count) => assert.equal(countOf(registry, 'size'), count),
    };
  },
  'timer start and stop': () => {
    const registry = new Registry({ buckets: bounds });
    const timer = registry.timer('query', { labelNames: ['table'] }).labels('orders');
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) timer.start().stop();
      },
      check: (count) => assert.equal(countOf(registry, 'query'), count),
    };
  },
};

const switchedOff: Jobs = {
  'counter, bound child': () => {
    const registry = new Registry({ enabled: false });
    const child = registry
      .counter('requests', { labelNames: ['method', 'status'] })
      .labels('GET', '200');
    assert.equal(child, noopMeter.counter('requests'));
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) child.inc();
      },
    };
  },
  'histogram, bound child, 12 buckets': () => {
    const child = new Registry({ enabled: false }).histogram('size');
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) child.observe(observed[call & 4_095] as number);
      },
    };
  },
  'timer start and stop': () => {
    const timer = new Registry({ enabled: false }).timer('query');
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) timer.start().stop();
      },
    };
  },
};

const promClient: Jobs = {
  'counter, no labels': () => {
    const counter = new client.Counter({ name: 'requests', help: 'h', registers: [] });
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) counter.inc();
      },
      check: (count) => counter.get().then(({ values }) => assert.equal(values[0]?.value, count)),
    };
  },
  'counter, bound child': () => {
    const labelNames = ['method', 'status'];
    const counter = new client.Counter({ name: 'requests', help: 'h', labelNames, registers: [] });
    const child = counter.labels('GET', '200');
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) child.inc();
      },
    };
  },
  'counter, label object': () => {
    const labelNames = ['method', 'status'];
    const counter = new client.Counter({ name: 'requests', help: 'h', labelNames, registers: [] });
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) {
          const method = methods[call & 3] as string;
          const status = statuses[(call >> 2) & 3] as string;
          counter.inc({ method, status });
        }
      },
    };
  },
  'gauge set': () => {
    const gauge = new client.Gauge({ name: 'level', help: 'h', registers: [] });
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) gauge.set(call);
      },
    };
  },
  'histogram, bound child, 12 buckets': () => {
    const labelNames = ['method'];
    const options = { name: 'size', help: 'h', labelNames, buckets: bounds, registers: [] };
    const child = new client.Histogram(options).labels('GET');
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) child.observe(observed[call & 4_095] as number);
      },
    };
  },
  'timer start and stop': () => {
    const labelNames = ['table'];
    const options = { name: 'query', help: 'h', labelNames, buckets: bounds, registers: [] };
    const child = new client.Histogram(options).labels('orders');
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) child.startTimer()();
      },
    };
  },
};

/** Collects when it is told to. */
class QuietReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

function openTelemetryMeter(): ReturnType<MeterProvider['getMeter']> {
  return new MeterProvider({ readers: [new QuietReader()] }).getMeter('benchmark');
}

const openTelemetry: Jobs = {
  'counter, bound child': () => {
    const counter = openTelemetryMeter().createCounter('requests');
    const attributes = { method: 'GET', status: '200' };
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) counter.add(1, attributes);
      },
    };
  },
  'counter, label object': () => {
    const counter = openTelemetryMeter().createCounter('requests');
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) {
          const method = methods[call & 3] as string;
          const status = statuses[(call >> 2) & 3] as string;
          counter.add(1, { method, status });
        }
      },
    };
  },
  'histogram, bound child, 12 buckets': () => {
    // Without attributes, which is the least that a record can cost.
    const advice = { explicitBucketBoundaries: bounds };
    const histogram = openTelemetryMeter().createHistogram('size', { advice });
    return {
      run: (count) => {
        for (let call = 0; call < count; call++) {
          histogram.record(observed[call & 4_095] as number);
        }
      },
    };
  },
  'histogram, one value a turn': () => {
    const advice = { explicitBucketBoundaries: bounds };
    const histogram = openTelemetryMeter().createHistogram('size', { advice });
    return {
      run: async (count) => {
        for (let call = 0; call < count; call++) {
          histogram.record(observed[call & 4_095] as number);
          await settled;
        }
      },
    };
  },
};

const nothing: Jobs = {
  'histogram, one value a turn': () => ({
    run: async (count) => {
      for (let call = 0; call < count; call++) await settled;
    },
  }),
};

export const suite: Suite<Jobs> = suiteOf(
  {
    ours,
    'ours, switched off': switchedOff,
    'prom-client': promClient,
    OpenTelemetry: openTelemetry,
    'await alone': nothing,
  },
  {
    'counter, no labels': 5_000_000,
    'counter, bound child': 400_000,
    'counter, label object': 200_000,
    'gauge set': 1_000_000,
    'histogram, bound child, 12 buckets': 1_500_000,
    'histogram, one value a turn': 200_000,
    'timer start and stop': 100_000,
  },
);
