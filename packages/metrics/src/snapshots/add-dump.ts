import type { DistributionDump, RegistryDump, ValueDump } from './dump.ts';
import type { InstrumentMaker } from '../instruments/instrument-maker.ts';

/**
 * Adds what another registry recorded to the instruments of `maker`, which are made where they are
 * missing.
 *
 * @param now - monotonic milliseconds
 */
export function addDump(maker: InstrumentMaker, dump: RegistryDump, now: number): void {
  for (const metric of dump.metrics) {
    if ('buckets' in metric) addDistributions(maker, metric, now);
    else addValues(maker, metric);
  }
}

function addValues(maker: InstrumentMaker, metric: ValueDump): void {
  const { help, labelNames } = metric;
  if (metric.kind === 'counter') {
    const counter = maker.counter(metric.name, { help, labelNames });
    for (const { values, value } of metric.series) counter.labels(...values).inc(value);
    return;
  }
  const gauge = maker.gauge(metric.name, { help, labelNames, merge: metric.merge });
  for (const { values, value } of metric.series) gauge.labels(...values).take(value, gauge.merge);
}

function addDistributions(maker: InstrumentMaker, metric: DistributionDump, now: number): void {
  const { help, labelNames, buckets } = metric;
  const shape = { help, labelNames, buckets };
  if (metric.kind === 'histogram') {
    const histogram = maker.histogram(metric.name, shape);
    for (const series of metric.series) {
      histogram.labels(...series.values).distribution.add(series, now);
    }
    return;
  }
  const timer = maker.timer(metric.name, shape);
  for (const { outcome = 'success', inFlight, ...series } of metric.series) {
    const child = timer.labels(...series.values);
    child.of(outcome, now).add(series, now);
    if (inFlight !== undefined) child.addInFlight(inFlight);
  }
}
