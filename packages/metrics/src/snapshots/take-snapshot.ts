import type { AnyInstrument } from '../instruments/any-instrument.ts';
import type { Distribution } from '../distribution/distribution.ts';
import { shapeOf } from './shape.ts';
import type { DistributionValues, MetricSnapshot } from './snapshot.ts';

/**
 * What an instrument holds at `now` (monotonic milliseconds), as plain data.
 *
 * @param shapes - whether distributions tell how their values lie as well
 */
export function takeSnapshot(
  instrument: AnyInstrument,
  now: number,
  shapes: boolean,
): MetricSnapshot {
  const { labelNames } = instrument;
  const facts = { name: instrument.name, help: instrument.help, labelNames };
  const labelsOf = (values: readonly string[]): Record<string, string> =>
    Object.fromEntries(labelNames.map((label, index) => [label, values[index] ?? '']));
  switch (instrument.kind) {
    case 'counter':
    case 'gauge': {
      const series = Array.from<
        readonly [readonly string[], { readonly value: number }],
        { readonly labels: Record<string, string>; readonly value: number }
      >(instrument.series(now), ([values, child]) => ({
        labels: labelsOf(values),
        value: child.value,
      }));
      return { kind: instrument.kind, ...facts, overflowed: instrument.overflowed, series };
    }
    case 'histogram': {
      const series = Array.from(instrument.series(now), ([values, child]) => ({
        labels: labelsOf(values),
        ...figuresOf(child.distribution, now, shapes),
      }));
      return { kind: 'histogram', ...facts, overflowed: instrument.overflowed, series };
    }
    case 'timer': {
      const series = Array.from(instrument.series(now)).flatMap(([values, child]) =>
        child.outcomes.map(([outcome, distribution]) => ({
          labels: { ...labelsOf(values), outcome },
          ...figuresOf(distribution, now, shapes),
          inFlight: child.inFlight ?? 0,
        })),
      );
      return { kind: 'timer', ...facts, overflowed: instrument.overflowed, series };
    }
  }
}

function figuresOf(distribution: Distribution, now: number, shapes: boolean): DistributionValues {
  const { sketch, coveredMs } = distribution.recent(now);
  const empty = sketch.count === 0;
  return {
    count: distribution.count,
    sum: distribution.sum,
    min: empty ? null : sketch.min,
    max: empty ? null : sketch.max,
    mean: empty ? null : sketch.sum / sketch.count,
    p50: sketch.quantile(0.5) ?? null,
    p95: sketch.quantile(0.95) ?? null,
    p99: sketch.quantile(0.99) ?? null,
    p999: sketch.quantile(0.999) ?? null,
    ratePerSecond: coveredMs > 0 ? (sketch.count / coveredMs) * 1_000 : null,
    windowCount: sketch.count,
    ...(shapes && { shape: shapeOf(sketch) }),
  };
}
