export type {
  DistributionContents,
  DistributionDump,
  DistributionSeriesDump,
  MetricDump,
  RegistryDump,
  ValueDump,
} from './snapshots/dump.ts';
export type { GaugeMerge } from './instruments/gauge.ts';
export type { MetricsHandler } from './exposition/handler.ts';
export type { GaugeOptions, SeriesLimits } from './instruments/instrument-maker.ts';
export {
  collectProcessMetrics,
  type ProcessMetrics,
  type ProcessMetricsOptions,
} from './process-metrics.ts';
export type { Observation } from './instruments/observed.ts';
export {
  type ExpositionOptions,
  Registry,
  type ReportEveryOptions,
  type SnapshotOptions,
} from './registry.ts';
export type { RegistryOptions, SketchEngine } from './registry-options.ts';
export type { ReportOptions } from './reports/report.ts';
export { type ExponentialState, ExponentialSketch } from './sketch/exponential-sketch.ts';
export { restoreSketch } from './sketch/restore-sketch.ts';
export type { Sketch, SketchState } from './sketch/sketch.ts';
export { type TDigestState, TDigestSketch } from './sketch/tdigest-sketch.ts';
export {
  type CounterSnapshot,
  type DistributionSeries,
  type DistributionValues,
  type GaugeSnapshot,
  type HistogramSnapshot,
  type MetricSnapshot,
  RegistrySnapshot,
  type SnapshotData,
  type TimerSeries,
  type TimerSnapshot,
  type ValueSeries,
} from './snapshots/snapshot.ts';
export type {
  DistributionChange,
  MetricDiff,
  SnapshotDiff,
  ValueChange,
} from './snapshots/snapshot-diff.ts';
