import {
  checkOptionNames,
  type Clock,
  clockOption,
  describeValue,
  inspectable,
  numberOption,
  objectOption,
  type OptionNames,
} from '@x/interfaces';
import { rateOption } from './limiter-options.ts';
import type { TokenBucket } from './token-bucket.ts';

/** How an {@link AdaptiveRate} adapts. */
export interface AdaptiveRateOptions {
  /** The bucket whose rate is set. Its burst stays as it is. */
  readonly limiter: Pick<TokenBucket, 'permitsPerSecond' | 'configure'>;
  /** The lowest rate, in permits per second. @defaultValue a hundredth of the bucket's rate */
  readonly minPermitsPerSecond?: number | undefined;
  /** The highest rate, in permits per second. @defaultValue the bucket's rate */
  readonly maxPermitsPerSecond?: number | undefined;
  /** What the rate is multiplied by after a throttled answer. Above 0 and below 1. @defaultValue 0.5 */
  readonly decreaseFactor?: number | undefined;
  /**
   * How much the rate grows in a second of successes, in permits per second.
   * @defaultValue a twentieth of the highest rate
   */
  readonly increasePerSecond?: number | undefined;
  /**
   * How long after a decrease further throttled answers change nothing, since requests under way then
   * were sent at the old rate; in milliseconds.
   * @defaultValue 1,000
   */
  readonly cooldownMs?: number | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

const optionNames: OptionNames<AdaptiveRateOptions> = {
  known: {
    limiter: true,
    minPermitsPerSecond: true,
    maxPermitsPerSecond: true,
    decreaseFactor: true,
    increasePerSecond: true,
    cooldownMs: true,
    clock: true,
  },
  misnamed: { bucket: 'limiter' },
};

/** The rate is raised in steps of at least this length, not by every answer. */
const leastStepMs = 100;

/**
 * Finds the rate that a server accepts, by additive increase and multiplicative decrease (Chiu and
 * Jain, 1989): successes raise the rate of a token bucket slowly, answers that ask to slow down, 429
 * and 503, lower it at once. For a `Retry-After` call the bucket's `pauseUntil` as well.
 */
export class AdaptiveRate {
  readonly #limiter: Pick<TokenBucket, 'permitsPerSecond' | 'configure'>;
  readonly #min: number;
  readonly #max: number;
  readonly #decreaseFactor: number;
  readonly #increasePerSecond: number;
  readonly #cooldownMs: number;
  readonly #clock: Clock;
  #raisedAt = -Infinity;
  #loweredAt = -Infinity;

  /** @throws TypeError or RangeError when an option is not what {@link AdaptiveRateOptions} says */
  constructor(options: AdaptiveRateOptions) {
    objectOption('options', options, '{ limiter }');
    checkOptionNames(options, optionNames);
    this.#limiter = options.limiter;
    if (typeof this.#limiter?.configure !== 'function') {
      throw new TypeError(`limiter must be a TokenBucket, got ${describeValue(this.#limiter)}`);
    }
    const { permitsPerSecond } = this.#limiter;
    this.#max = rateOption(options.maxPermitsPerSecond ?? permitsPerSecond, 'maxPermitsPerSecond');
    this.#min = numberOption('minPermitsPerSecond', options.minPermitsPerSecond, this.#max / 100, {
      above: 0,
      max: this.#max,
    });
    this.#decreaseFactor = numberOption('decreaseFactor', options.decreaseFactor, 0.5, {
      above: 0,
      max: 1 - Number.EPSILON,
    });
    this.#increasePerSecond = numberOption(
      'increasePerSecond',
      options.increasePerSecond,
      this.#max / 20,
      { above: 0 },
    );
    this.#cooldownMs = numberOption('cooldownMs', options.cooldownMs, 1_000, { min: 0 });
    this.#clock = clockOption(options.clock);
    inspectable(this, this.#facts);
  }

  /** The rate now, in permits per second. */
  get permitsPerSecond(): number {
    return this.#limiter.permitsPerSecond;
  }

  /**
   * Tells the status of an HTTP answer: 429 and 503 are throttled, 5xx says nothing, the rest is a success.
   *
   * @throws TypeError when it is no number
   */
  recordStatus(status: number): void {
    if (typeof status !== 'number') {
      throw new TypeError(`status must be a number such as 429, got ${describeValue(status)}`);
    }
    if (status === 429 || status === 503) this.recordThrottled();
    else if (status < 500) this.recordSuccess();
  }

  /** Tells that a request was answered without a complaint. */
  recordSuccess(): void {
    const now = this.#clock.monotonic();
    const sinceMs = now - Math.max(this.#raisedAt, this.#loweredAt);
    if (sinceMs < leastStepMs) return;
    this.#raisedAt = now;
    // Idle time is no evidence that the server would accept more.
    const step = (this.#increasePerSecond * Math.min(sinceMs, 1_000)) / 1_000;
    this.#setRate(this.#limiter.permitsPerSecond + step);
  }

  /** Tells that the server asked to slow down. */
  recordThrottled(): void {
    const now = this.#clock.monotonic();
    if (now - this.#loweredAt < this.#cooldownMs) return;
    this.#loweredAt = now;
    this.#setRate(this.#limiter.permitsPerSecond * this.#decreaseFactor);
  }

  #facts(this: void, self: AdaptiveRate): object {
    return {
      permitsPerSecond: self.permitsPerSecond,
      minPermitsPerSecond: self.#min,
      maxPermitsPerSecond: self.#max,
    };
  }

  #setRate(wanted: number): void {
    const permitsPerSecond = Math.min(this.#max, Math.max(this.#min, wanted));
    if (permitsPerSecond === this.#limiter.permitsPerSecond) return;
    this.#limiter.configure({ permitsPerSecond });
  }
}
