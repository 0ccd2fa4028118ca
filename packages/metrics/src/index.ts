export { Registry } from './registry.ts';
export type { RegistryOptions } from './registry-options.ts';
export type { ReportOptions } from './report.ts';
export type {
  CounterSnapshot,
  DistributionSeries,
  DistributionValues,
  GaugeSnapshot,
  HistogramSnapshot,
  MetricSnapshot,
  RegistrySnapshot,
  TimerSeries,
  TimerSnapshot,
  ValueSeries,
} from './snapshot.ts';
