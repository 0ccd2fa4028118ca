import {
  booleanOption,
  checkOptionNames,
  choiceOption,
  type Clock,
  clockOption,
  describeValue,
  hours,
  type Logger,
  loggerOption,
  numberOption,
  objectOption,
  type OptionNames,
  textOption,
} from '@x/interfaces';
import { bucketsOption, defaultBuckets } from './distribution/buckets.ts';
import { checkLabelNames } from './instruments/names.ts';

/** The engines that estimate quantiles. */
export type SketchEngine = 'exponential' | 'tdigest';

/** How a registry measures. */
export interface RegistryOptions {
  /** `false` makes a registry that records nothing and costs nothing. @defaultValue `true` */
  readonly enabled?: boolean | undefined;
  /**
   * How long values count for quantiles, extremes and rates, in milliseconds; above 0. Totals and
   * buckets are kept for ever.
   * @defaultValue one hour
   */
  readonly retentionMs?: number | undefined;
  /**
   * Upper bounds of the buckets of histograms and timers that bring none of their own; for timers in
   * milliseconds.
   * @defaultValue 1, 2.5 and 5 at each power of ten, from 0.5 to 10,000; then 30,000 and 60,000
   */
  readonly buckets?: readonly number[] | undefined;
  /**
   * Most series of one metric. Further label values share one more series, whose labels are all
   * `overflow`. A whole number, at least 1.
   * @defaultValue 2,000
   */
  readonly maxSeries?: number | undefined;
  /**
   * How long a series with labels may record nothing before it is left out, in milliseconds; above 0.
   * It is looked at whenever something is read. Who holds its child may go on recording: then it is
   * there again, with what it had.
   * @defaultValue `Infinity`: never
   */
  readonly idleTimeoutMs?: number | undefined;
  /** Labels that every series gets in the exposition, such as `{ service: 'shop' }`. @defaultValue none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * The engine that estimates quantiles. `'exponential'` is never off by more than 1.09 percent;
   * `'tdigest'` is closest for values that are dense or negative, and takes more memory and time.
   * @defaultValue `'exponential'`
   */
  readonly sketch?: SketchEngine | undefined;
  /**
   * Whether histograms and timers keep all values since the start in exponential buckets as well, for
   * native histograms in the protobuf exposition.
   * @defaultValue `false`
   */
  readonly nativeHistograms?: boolean | undefined;
  /** Source of time. Pass your own to test without waiting. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /**
   * Told once per metric when it reaches `maxSeries` (warn), and when a function that is to answer a
   * value fails (error). @defaultValue none
   */
  readonly logger?: Logger | undefined;
  /** Names the registry in its report and in log lines. @defaultValue `'metrics'` */
  readonly name?: string | undefined;
}

const noPercentiles =
  'not needed: p50, p95, p99 and p999 of histograms and timers are always there';
const inNames = "part of each name, or a label of all series: labels: { service: 'shop' }";

const optionNames: OptionNames<RegistryOptions> = {
  known: {
    enabled: true,
    retentionMs: true,
    buckets: true,
    maxSeries: true,
    idleTimeoutMs: true,
    labels: true,
    sketch: true,
    nativeHistograms: true,
    clock: true,
    logger: true,
    name: true,
  },
  misnamed: {
    defaultLabels: 'labels',
    retention: 'retentionMs, in milliseconds',
    histogramBuckets: 'buckets',
    percentiles: noPercentiles,
    quantiles: noPercentiles,
    maxAgeSeconds: 'retentionMs, in milliseconds',
    windowMs: 'retentionMs',
    maxCardinality: 'maxSeries',
    maxLabels: 'maxSeries',
    prefix: inNames,
    namespace: inNames,
    collectDefaultMetrics: 'a function: collectProcessMetrics(registry)',
    contentType: 'chosen by the client of handler(), or by format of exposition()',
  },
};

/** Options as checked, with their defaults. */
export interface RegistrySettings {
  readonly enabled: boolean;
  readonly retentionMs: number;
  readonly buckets: readonly number[];
  readonly maxSeries: number;
  readonly idleTimeoutMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly sketch: SketchEngine;
  readonly nativeHistograms: boolean;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  readonly name: string;
}

/**
 * Checks what was given and fills in what was not.
 *
 * @throws TypeError when an option is of the wrong type
 * @throws RangeError when a number is out of range
 */
export function registrySettings(options: RegistryOptions): RegistrySettings {
  objectOption('options', options, '{ retentionMs }');
  checkOptionNames(options, optionNames);
  return {
    enabled: booleanOption('enabled', options.enabled, true),
    retentionMs: numberOption('retentionMs', options.retentionMs, hours(1), { above: 0 }),
    buckets: bucketsOption(options.buckets, defaultBuckets),
    maxSeries: maxSeriesOption(options.maxSeries, 2_000),
    idleTimeoutMs: idleTimeoutOption(options.idleTimeoutMs, Infinity),
    labels: commonLabelsOption(options.labels),
    sketch: choiceOption('sketch', options.sketch, 'exponential', ['exponential', 'tdigest']),
    nativeHistograms: booleanOption('nativeHistograms', options.nativeHistograms, false),
    clock: clockOption(options.clock),
    logger: loggerOption(options.logger),
    name: textOption('name', options.name, 'metrics'),
  };
}

/** @throws TypeError or RangeError unless it is a whole number of at least 1 */
export function maxSeriesOption(value: number | undefined, fallback: number): number {
  return numberOption('maxSeries', value, fallback, { min: 1, integer: true });
}

/** @throws TypeError or RangeError unless it is above 0 */
export function idleTimeoutOption(value: number | undefined, fallback: number): number {
  return numberOption('idleTimeoutMs', value, fallback, { above: 0 });
}

function commonLabelsOption(
  labels: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  if (Array.isArray(labels)) {
    throw new TypeError("labels must be an object such as { service: 'shop' }, got an array");
  }
  objectOption('labels', labels, "{ service: 'shop' }");
  checkLabelNames('labels', Object.keys(labels), ['le', 'outcome', 'quantile']);
  for (const [name, value] of Object.entries(labels)) {
    if (typeof value === 'string') continue;
    throw new TypeError(`label ${name} must be a string, got ${describeValue(value)}`);
  }
  return { ...labels };
}
