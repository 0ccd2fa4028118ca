import { checkOptionNames, numberOption, objectOption, type OptionNames } from '@x/interfaces';
import { checkState, dumpBucket, loadBucket, type TokenBucketState } from './bucket-state.ts';
import { GatedLimiter } from './gated-limiter.ts';
import { Gcra } from './gcra.ts';
import {
  burstOption,
  limiterOptionNames,
  type RateLimit,
  type RateLimiterOptions,
  rateNames,
  rateOption,
} from './limiter-options.ts';
import { WarmUp } from './warm-up.ts';

/** How a {@link TokenBucket} limits. */
export interface TokenBucketOptions extends RateLimit, RateLimiterOptions {
  /**
   * How long the rate takes to rise after idleness, in milliseconds: it begins at
   * `permitsPerSecond / coldFactor`, without a burst, and rises evenly. The bucket is cold at its start
   * and when nobody has asked for that long. 0 for no warm-up.
   * @defaultValue 0
   */
  readonly warmUpMs?: number | undefined;
  /** How many times slower a cold bucket is. At least 1. @defaultValue 3 */
  readonly coldFactor?: number | undefined;
}

const optionNames: OptionNames<TokenBucketOptions> = {
  ...rateNames,
  known: { ...rateNames.known, ...limiterOptionNames, warmUpMs: true, coldFactor: true },
};

/**
 * Limits a rate and allows bursts. The bucket starts full and gains `permitsPerSecond` in fractions,
 * up to `burst`. Waiting callers are served strictly in their order, each at the moment its permits
 * are there; one timer serves them all, and there is none while nobody waits.
 *
 * In any stretch of `w` seconds it grants at most `burst + permitsPerSecond × w` permits. Callers
 * released by a late timer may get one permit more, or as many as accrue in 2 ms where the burst is
 * smaller than that.
 */
export class TokenBucket extends GatedLimiter {
  readonly #bucket: Gcra;
  readonly #warmUp: WarmUp | undefined;
  /** How it stood when it was closed, which pauses it for ever. */
  #lastState: TokenBucketState | undefined;

  /**
   * @throws TypeError when an option is of the wrong type
   * @throws RangeError when `permitsPerSecond` is not above 0 and finite, or `burst` is below 1
   */
  constructor(options: TokenBucketOptions) {
    objectOption('options', options, '{ permitsPerSecond }');
    checkOptionNames(options, optionNames);
    const permitsPerSecond = rateOption(options.permitsPerSecond);
    const bucket = new Gcra(permitsPerSecond, burstOption(options.burst, permitsPerSecond));
    const warmUpMs = numberOption('warmUpMs', options.warmUpMs, 0, { min: 0, max: 2 ** 31 });
    const coldFactor = numberOption('coldFactor', options.coldFactor, 3, { min: 1, max: 1e6 });
    const warmUp = warmUpMs === 0 ? undefined : new WarmUp(bucket, warmUpMs, coldFactor);
    super(warmUp ?? bucket, 'token-bucket', options);
    this.#bucket = bucket;
    this.#warmUp = warmUp;
  }

  /** Permits added per second. */
  get permitsPerSecond(): number {
    return this.#bucket.permitsPerSecond;
  }

  /**
   * Goes on with another rate or burst. The permits that are there stay, up to the new burst, as do
   * a debt, a pause and the queue. Callers who wait for more than the new burst are rejected with a
   * RangeError, and those whom a slower rate makes too late with a RateLimitTimeoutError.
   *
   * @throws as the constructor does, and nothing changes then
   */
  configure(limit: Partial<RateLimit>): void {
    objectOption('limit', limit, '{ permitsPerSecond }');
    checkOptionNames(limit, rateNames);
    const permitsPerSecond = rateOption(limit.permitsPerSecond ?? this.permitsPerSecond);
    const burst = burstOption(limit.burst ?? this.burst, permitsPerSecond);
    const now = this.clock.monotonic();
    this.#bucket.configure(permitsPerSecond, burst, this.#inBucketTime(now));
    this.queue.refuseLargerThan(burst, now);
    this.queue.reschedule(now);
  }

  /**
   * How it stands, or stood when it was closed, to {@link load} it after a restart. Callers who wait
   * are not part of it.
   */
  dump(): TokenBucketState {
    return this.#lastState ?? dumpBucket(this.#bucket, this.clock, this.#warmUp);
  }

  override close(): void {
    this.#lastState ??= this.dump();
    super.close();
  }

  /** @internal */
  protected override rates(): object {
    return { permitsPerSecond: this.permitsPerSecond, burst: this.burst };
  }

  /**
   * Lets it stand as `state` says, with what has accrued since. A state from the future, as after a
   * step of the wall clock, counts as of now.
   *
   * @throws TypeError or RangeError when a field is no number or `NaN`
   * @throws ClosedError after {@link close}
   */
  load(state: TokenBucketState): void {
    this.assertOpen();
    const checked = checkState(state, this.clock);
    const now = this.clock.monotonic();
    loadBucket(this.#bucket, checked, now, this.#warmUp);
    this.queue.reschedule(now);
  }

  #inBucketTime(now: number): number {
    return this.#warmUp?.inBucketTime(now) ?? now;
  }
}
