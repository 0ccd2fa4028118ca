import { describeValue } from '@x/interfaces';
import { diffSnapshots, type SnapshotDiff } from './snapshot-diff.ts';

/**
 * Everything that a registry held at one moment. Plain data beside its method: `JSON.stringify` loses
 * nothing.
 */
export class RegistrySnapshot {
  /** Epoch milliseconds. */
  readonly takenAt: number;
  /** One for each metric, by name. */
  readonly metrics: readonly MetricSnapshot[];

  constructor(takenAt: number, metrics: readonly MetricSnapshot[]) {
    this.takenAt = takenAt;
    this.metrics = metrics;
  }

  /**
   * What changed since `previous`, which may also come from JSON: of each series here, by how much it
   * grew and how fast. What `previous` does not have, or what began anew since, counts from 0.
   *
   * @throws TypeError when `previous` is no snapshot
   */
  diff(previous: SnapshotData): SnapshotDiff {
    if (!Array.isArray(previous?.metrics)) {
      throw new TypeError(`previous must be an earlier snapshot, got ${describeValue(previous)}`);
    }
    return diffSnapshots(previous, this);
  }
}

/** A snapshot without its method, as it comes back from JSON. */
export type SnapshotData = Pick<RegistrySnapshot, 'takenAt' | 'metrics'>;

/** One metric with all its series. */
export type MetricSnapshot = CounterSnapshot | GaugeSnapshot | HistogramSnapshot | TimerSnapshot;

interface MetricBase {
  readonly name: string;
  /** `''` when none was given. */
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Whether there were more label values than `maxSeries`; the rest is in one series of its own. */
  readonly overflowed: boolean;
}

/** A counter: each series has its total since the start. */
export interface CounterSnapshot extends MetricBase {
  readonly kind: 'counter';
  readonly series: readonly ValueSeries[];
}

/** A gauge: each series has its value. */
export interface GaugeSnapshot extends MetricBase {
  readonly kind: 'gauge';
  readonly series: readonly ValueSeries[];
}

/** A histogram: each series has the distribution of its values. */
export interface HistogramSnapshot extends MetricBase {
  readonly kind: 'histogram';
  readonly series: readonly DistributionSeries[];
}

/** Values are milliseconds. Series are kept apart by `labels.outcome`, `success` or `failure`. */
export interface TimerSnapshot extends MetricBase {
  readonly kind: 'timer';
  readonly series: readonly TimerSeries[];
}

/** One value under its labels. */
export interface ValueSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * A distribution in figures. `count` and `sum` are totals since the start; everything else is about
 * the retention window, and `null` where the window holds nothing.
 */
export interface DistributionValues {
  readonly count: number;
  readonly sum: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** The 99.9th percentile. */
  readonly p999: number | null;
  /** Values per second, over the part of the window that has passed; `null` before any time has. */
  readonly ratePerSecond: number | null;
  /** Values in the window. */
  readonly windowCount: number;
  /**
   * The share of the values in the window that lies in each of ten stretches from `min` to `max`, which
   * are even by ratio where all values are above 0. Only where it was asked for.
   */
  readonly shape?: readonly number[];
}

/** One distribution under its labels. */
export interface DistributionSeries extends DistributionValues {
  readonly labels: Readonly<Record<string, string>>;
}

/** One distribution of durations under its labels and its outcome. */
export interface TimerSeries extends DistributionSeries {
  /** Measurements under way with these labels; the same in both outcomes. */
  readonly inFlight: number;
}
