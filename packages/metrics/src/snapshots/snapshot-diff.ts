import { labelsText } from '../series/label-text.ts';
import type { DistributionValues, MetricSnapshot, SnapshotData, ValueSeries } from './snapshot.ts';

/** What changed from one snapshot to the next. */
export interface SnapshotDiff {
  /** Time between the two, in milliseconds. */
  readonly elapsedMs: number;
  readonly metrics: readonly MetricDiff[];
}

/** What changed in one metric. */
export interface MetricDiff {
  readonly name: string;
  readonly kind: MetricSnapshot['kind'];
  readonly series: readonly (ValueChange | DistributionChange)[];
}

/** What changed in a counter or gauge. */
export interface ValueChange {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** By how much it changed. A counter that began anew since counts from 0. */
  readonly change: number;
  /** `null` when no time has passed. */
  readonly changePerSecond: number | null;
}

/** What a distribution recorded in between, and how its quantiles moved. */
export interface DistributionChange {
  readonly labels: Readonly<Record<string, string>>;
  /** Values recorded in between. */
  readonly count: number;
  /** `null` when no time has passed. */
  readonly countPerSecond: number | null;
  /** Their mean; `null` when there are none. */
  readonly mean: number | null;
  /** By how much the quantiles of the retention window moved; `null` where one is not known. */
  readonly p50Change: number | null;
  readonly p95Change: number | null;
  readonly p99Change: number | null;
}

type Series = ValueSeries | (DistributionValues & Pick<ValueSeries, 'labels'>);

/** What changed from `before` to `after`. */
export function diffSnapshots(before: SnapshotData, after: SnapshotData): SnapshotDiff {
  const elapsedMs = after.takenAt - before.takenAt;
  const metrics = after.metrics.map((metric) => {
    const earlier = before.metrics.find(
      ({ name, kind }) => name === metric.name && kind === metric.kind,
    );
    const known = new Map(
      earlier?.series.map((series: Series) => [labelsText(series.labels), series]),
    );
    const series = metric.series.map((now: Series) => {
      const then = known.get(labelsText(now.labels));
      return 'value' in now
        ? valueChange(now, then as ValueSeries | undefined, metric.kind, elapsedMs)
        : distributionChange(now, then as typeof now | undefined, elapsedMs);
    });
    return { name: metric.name, kind: metric.kind, series };
  });
  return { elapsedMs, metrics };
}

function valueChange(
  now: ValueSeries,
  then: ValueSeries | undefined,
  kind: MetricSnapshot['kind'],
  elapsedMs: number,
): ValueChange {
  const beganAnew = kind === 'counter' && now.value < (then?.value ?? 0);
  const change = now.value - (beganAnew ? 0 : (then?.value ?? 0));
  return {
    labels: now.labels,
    value: now.value,
    change,
    changePerSecond: perSecond(change, elapsedMs),
  };
}

function distributionChange(
  now: DistributionValues & Pick<ValueSeries, 'labels'>,
  then: DistributionValues | undefined,
  elapsedMs: number,
): DistributionChange {
  const since = then !== undefined && then.count <= now.count ? then : { count: 0, sum: 0 };
  const count = now.count - since.count;
  const move = (key: 'p50' | 'p95' | 'p99'): number | null => {
    const [from, to] = [then?.[key] ?? null, now[key]];
    return from === null || to === null ? null : to - from;
  };
  return {
    labels: now.labels,
    count,
    countPerSecond: perSecond(count, elapsedMs),
    mean: count === 0 ? null : (now.sum - since.sum) / count,
    p50Change: move('p50'),
    p95Change: move('p95'),
    p99Change: move('p99'),
  };
}

function perSecond(amount: number, elapsedMs: number): number | null {
  return elapsedMs > 0 ? (amount / elapsedMs) * 1_000 : null;
}
