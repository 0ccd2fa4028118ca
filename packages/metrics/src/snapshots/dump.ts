import { describeValue } from '@x/interfaces';
import type { AnyInstrument } from '../instruments/any-instrument.ts';
import type { Distribution } from '../distribution/distribution.ts';
import type { GaugeMerge } from '../instruments/gauge.ts';
import type { SketchState } from '../sketch/sketch.ts';

/**
 * Everything that a registry recorded, as plain data from which others can add it up: it survives JSON
 * and `postMessage`.
 */
export interface RegistryDump {
  readonly metrics: readonly MetricDump[];
}

/** One metric of a dump. */
export type MetricDump = ValueDump | DistributionDump;

interface DumpBase {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** Counters and gauges. */
export interface ValueDump extends DumpBase {
  readonly kind: 'counter' | 'gauge';
  /** How gauges of several registries become one. */
  readonly merge?: GaugeMerge | undefined;
  readonly series: readonly { readonly values: readonly string[]; readonly value: number }[];
}

/** Histograms and timers. */
export interface DistributionDump extends DumpBase {
  readonly kind: 'histogram' | 'timer';
  readonly buckets: readonly number[];
  readonly series: readonly DistributionSeriesDump[];
}

/** One distribution with its label values, and of a timer its outcome and what is under way. */
export interface DistributionSeriesDump extends DistributionContents {
  readonly values: readonly string[];
  readonly outcome?: 'success' | 'failure' | undefined;
  /** Of `success`; `undefined` where no measurement has ever begun. */
  readonly inFlight?: number | undefined;
}

/** What one distribution recorded. */
export interface DistributionContents {
  readonly sum: number;
  /** How many values each bucket holds by itself. */
  readonly bucketCounts: readonly number[];
  /** The retention window. */
  readonly recent: SketchState;
  /** How much time the window covers, in milliseconds. */
  readonly coveredMs: number;
  /** All values since the start, where native histograms were asked for. */
  readonly total?: SketchState | undefined;
}

/** @throws TypeError when they are no list, or one of them is no dump */
export function checkDumps(dumps: Iterable<RegistryDump>): readonly RegistryDump[] {
  const refuse = (came: string): never => {
    throw new TypeError(`dumps must be an array of what registry.dump() answers, got ${came}`);
  };
  if (typeof dumps !== 'object' || dumps === null || !(Symbol.iterator in dumps)) {
    return refuse(describeValue(dumps));
  }
  const list = [...dumps];
  for (const dump of list) {
    if (!Array.isArray(dump?.metrics)) refuse(`one with ${describeValue(dump)}`);
    if ('takenAt' in dump) refuse('one with a snapshot');
  }
  return list;
}

/** What an instrument recorded until `now` (monotonic milliseconds). */
export function dumpInstrument(instrument: AnyInstrument, now: number): MetricDump {
  const { name, help, labelNames } = instrument;
  const facts = { name, help, labelNames };
  switch (instrument.kind) {
    case 'counter':
    case 'gauge': {
      const children: Iterable<readonly [readonly string[], { readonly value: number }]> =
        instrument.series(now);
      const series = Array.from(children, ([values, { value }]) => ({ values, value }));
      const merge = 'merge' in instrument ? { merge: instrument.merge } : {};
      return { kind: instrument.kind, ...facts, ...merge, series };
    }
    case 'histogram': {
      const series = Array.from(instrument.series(now), ([values, { distribution }]) => ({
        values,
        ...contentsOf(distribution, now),
      }));
      return { kind: 'histogram', ...facts, buckets: instrument.options.buckets.bounds, series };
    }
    case 'timer': {
      const series = Array.from(instrument.series(now)).flatMap(([values, child]) =>
        child.outcomes.map(([outcome, distribution]) => ({
          values,
          outcome,
          inFlight: outcome === 'success' ? child.inFlight : undefined,
          ...contentsOf(distribution, now),
        })),
      );
      return { kind: 'timer', ...facts, buckets: instrument.options.buckets.bounds, series };
    }
  }
}

function contentsOf(distribution: Distribution, now: number): DistributionContents {
  const { sketch, coveredMs } = distribution.recent(now);
  return {
    sum: distribution.sum,
    bucketCounts: Array.from(distribution.bucketCounts),
    recent: sketch.toJSON(),
    coveredMs,
    total: distribution.total?.toJSON(),
  };
}
