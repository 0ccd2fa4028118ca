import { type Clock, describeValue, type Logger, type Meter, numberOption } from '@x/interfaces';

/** How a TokenBucket limits. */
export interface TokenBucketOptions {
  /** Permits added per second. Above 0 and finite; fractions count, so 0.5 is one in two seconds. */
  readonly permitsPerSecond: number;
  /**
   * Most permits that the bucket holds, so the largest burst and the largest single request.
   * @defaultValue `permitsPerSecond`, at least 1
   */
  readonly burst?: number | undefined;
  /** Names the limiter in errors, log lines and metrics. @defaultValue `'token-bucket'` */
  readonly name?: string | undefined;
  /** Source of time. Pass your own to test without waiting. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Told of pauses (info) and of calls that timed out (debug). @defaultValue none */
  readonly logger?: Logger | undefined;
  /** Where the limiter measures itself. @defaultValue nowhere */
  readonly meter?: Meter | undefined;
}

/**
 * A rate that was given.
 *
 * @throws TypeError when it is no number
 * @throws RangeError when it is not above 0 and finite
 */
export function rateOption(value: number): number {
  if (typeof value !== 'number') {
    throw new TypeError(`permitsPerSecond must be a number above 0, got ${describeValue(value)}`);
  }
  if (value === Infinity) throw new RangeError('permitsPerSecond must be finite, got Infinity');
  return numberOption('permitsPerSecond', value, value, { above: 0 });
}
