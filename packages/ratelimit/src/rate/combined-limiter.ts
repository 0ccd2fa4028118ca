import {
  checkOptionNames,
  describeValue,
  type MisnamedOptions,
  objectOption,
  type OptionNames,
} from '@x/interfaces';
import { AllGates } from './all-gates.ts';
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

/** How a {@link CombinedLimiter} limits. */
export interface CombinedLimiterOptions extends RateLimiterOptions {
  /** The limits that hold at the same time. At least one. */
  readonly limits: readonly RateLimit[];
}

const example = 'limits: [{ permitsPerSecond, burst }]';
const ofEach = (name: string): string => `${name} of each limit: ${example}`;

function misnamedLimits(...names: readonly string[]): MisnamedOptions {
  return Object.fromEntries(names.map((name) => [name, `limits, an array: ${example}`]));
}

const optionNames: OptionNames<CombinedLimiterOptions> = {
  known: { limits: true, ...limiterOptionNames },
  misnamed: {
    ...rateNames.misnamed,
    ...misnamedLimits('limit', 'limiters', 'rates', 'buckets'),
    permitsPerSecond: ofEach('permitsPerSecond'),
    burst: ofEach('burst'),
  },
};

/**
 * Several limits at the same time, such as 10 per second and 1,000 per hour: a request gets its
 * permits from all of them at once, or from none, so that one limit never spends what another
 * refuses. It waits, and serves those who wait, as a token bucket does.
 *
 * `pauseUntil`, `penalize` and `refund` go to every limit.
 */
export class CombinedLimiter extends GatedLimiter {
  /** The limits, with their bursts. */
  readonly limits: readonly Required<RateLimit>[];
  readonly #buckets: readonly Gcra[];
  /** How they stood when the limiter was closed, which pauses them for ever. */
  #lastStates: TokenBucketState[] | undefined;

  /**
   * @throws TypeError when an option is of the wrong type, or there is no limit
   * @throws RangeError when a limit is not what {@link RateLimit} says
   */
  constructor(options: CombinedLimiterOptions) {
    objectOption('options', options, '{ limits }');
    checkOptionNames(options, optionNames);
    if (!Array.isArray(options.limits) || options.limits.length === 0) {
      const came = Array.isArray(options.limits) ? 'none' : describeValue(options.limits);
      throw new TypeError(`limits must be an array of at least one limit, got ${came}`);
    }
    const limits = options.limits.map((limit: RateLimit) => {
      objectOption('limit', limit, '{ permitsPerSecond }');
      checkOptionNames(limit, rateNames);
      const permitsPerSecond = rateOption(limit.permitsPerSecond);
      return { permitsPerSecond, burst: burstOption(limit.burst, permitsPerSecond) };
    });
    const buckets = limits.map(({ permitsPerSecond, burst }) => new Gcra(permitsPerSecond, burst));
    super(new AllGates(buckets), 'combined-limiter', options);
    this.limits = limits;
    this.#buckets = buckets;
  }

  /**
   * How each limit stands, or stood when the limiter was closed, to {@link load} them after a restart.
   * Callers who wait are not part of it.
   */
  dump(): TokenBucketState[] {
    return this.#lastStates ?? this.#buckets.map((bucket) => dumpBucket(bucket, this.clock));
  }

  override close(): void {
    this.#lastStates ??= this.dump();
    super.close();
  }

  /** @internal */
  protected override rates(): object {
    return { limits: this.limits };
  }

  /**
   * Lets each limit stand as its state says, with what has accrued since.
   *
   * @param states - one for each limit, in their order
   * @throws TypeError when there are more or fewer, or a field is no number, RangeError for `NaN`;
   * nothing changes then
   * @throws ClosedError after {@link close}
   */
  load(states: readonly TokenBucketState[]): void {
    this.assertOpen();
    if (!Array.isArray(states) || states.length !== this.#buckets.length) {
      const came = Array.isArray(states) ? `${states.length}` : describeValue(states);
      throw new TypeError(`states must be ${this.#buckets.length} in an array, got ${came}`);
    }
    const checked = states.map((state: TokenBucketState) => checkState(state, this.clock));
    const now = this.clock.monotonic();
    for (const [at, state] of checked.entries()) {
      loadBucket(this.#buckets[at] as Gcra, state, now);
    }
    this.queue.reschedule(now);
  }
}
