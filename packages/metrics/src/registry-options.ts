import {
  type Clock,
  choiceOption,
  hours,
  type Logger,
  numberOption,
  systemClock,
  textOption,
} from '@x/interfaces';
import { bucketsOption, defaultBuckets } from './buckets.ts';

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
   * @defaultValue 1, 2.5 and 5 at each power of ten, from 0.5 to 60,000
   */
  readonly buckets?: readonly number[] | undefined;
  /**
   * Most series of one metric. Further label values share one more series, whose labels are all
   * `overflow`. A whole number, at least 1.
   * @defaultValue 2,000
   */
  readonly maxSeries?: number | undefined;
  /** The engine that estimates quantiles. @defaultValue `'tdigest'` */
  readonly sketch?: 'tdigest' | undefined;
  /** Source of time. Pass your own to test without waiting. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Told once per metric when it reaches `maxSeries` (warn). @defaultValue none */
  readonly logger?: Logger | undefined;
  /** Names the registry in its report and in log lines. @defaultValue `'metrics'` */
  readonly name?: string | undefined;
}

/** Options that were checked, with their defaults. */
export interface CheckedRegistryOptions {
  readonly enabled: boolean;
  readonly retentionMs: number;
  readonly buckets: readonly number[];
  readonly maxSeries: number;
  readonly sketch: 'tdigest';
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
export function checkRegistryOptions(options: RegistryOptions): CheckedRegistryOptions {
  return {
    enabled: options.enabled ?? true,
    retentionMs: numberOption('retentionMs', options.retentionMs, hours(1), { above: 0 }),
    buckets: bucketsOption(options.buckets, defaultBuckets),
    maxSeries: numberOption('maxSeries', options.maxSeries, 2_000, { min: 1, integer: true }),
    sketch: choiceOption('sketch', options.sketch, 'tdigest', ['tdigest']),
    clock: options.clock ?? systemClock,
    logger: options.logger,
    name: textOption('name', options.name, 'metrics'),
  };
}
