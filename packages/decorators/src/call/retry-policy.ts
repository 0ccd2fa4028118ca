import {
  type Clock,
  clockOption,
  functionOption,
  numberOption,
  type OptionNames,
  ToolkitError,
} from '@x/interfaces';

/** Which failures are tried again, how often, and after which pause. */
export interface RetryPolicyOptions {
  /** Attempts after the first. @defaultValue 3 */
  readonly maxRetries?: number | undefined;
  /** Whether a failure is worth another attempt; `retry` counts from 0. @defaultValue all but an `AbortError` and what is closed */
  readonly retryIf?: ((error: unknown, retry: number) => boolean) | undefined;
  /** The longest pause before the first retry, in milliseconds; it doubles with each. @defaultValue 300 */
  readonly backoffMs?: number | undefined;
  /** The longest pause before any retry, in milliseconds, unless `retryAfterMs` asks for more. @defaultValue 30 seconds */
  readonly maxBackoffMs?: number | undefined;
  /**
   * The largest share by which a pause is shortened at random, from 0 to 1, so that what failed
   * together does not come back together. @defaultValue 1: evenly from 0 to the whole (full jitter)
   */
  readonly jitterRatio?: number | undefined;
  /**
   * The longest `retryAfterMs` of an error that is waited for, in milliseconds; a longer one ends the
   * retries. @defaultValue 60 seconds
   */
  readonly maxRetryAfterMs?: number | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Source of the jitter, from 0, the shortest pause, to below 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
}

/** The names of {@link RetryPolicyOptions}. */
export const retryOptionNames: OptionNames<RetryPolicyOptions> = {
  known: {
    maxRetries: true,
    retryIf: true,
    backoffMs: true,
    maxBackoffMs: true,
    jitterRatio: true,
    maxRetryAfterMs: true,
    clock: true,
    random: true,
  },
  misnamed: {
    retries: 'maxRetries',
    retryCount: 'maxRetries',
    limit: 'maxRetries',
    forever: 'maxRetries: Infinity',
    times: 'maxRetries, which does not count the first attempt',
    attempts: 'maxRetries, which does not count the first attempt',
    maxAttempts: 'maxRetries, which does not count the first attempt',
    numOfAttempts: 'maxRetries, which does not count the first attempt',
    shouldRetry: 'retryIf',
    onFailedAttempt: 'retryIf, which is asked before each retry',
    onRetry: 'retryIf, which is asked before each retry',
    delay: 'backoffMs',
    delayMs: 'backoffMs',
    minTimeout: 'backoffMs',
    initialDelay: 'backoffMs',
    startingDelay: 'backoffMs',
    baseDelay: 'backoffMs',
    interval: 'backoffMs',
    factor: 'not needed: pauses double, up to maxBackoffMs',
    exponent: 'not needed: pauses double, up to maxBackoffMs',
    timeout: 'timeoutMs of timeLimited: timeLimited({ timeoutMs })',
    signal: 'one of the call, as its last argument or in it',
    maxDelay: 'maxBackoffMs',
    maxTimeout: 'maxBackoffMs',
    jitter: 'jitterRatio',
    randomize: 'jitterRatio',
    backoffFactor: 'backoffMs, in milliseconds: backoffMs: 300 for a back-off factor of 0.3 s',
  },
};

function isWorthRetrying(error: unknown): boolean {
  if (error instanceof Error && error.name === 'AbortError') return false;
  return !(ToolkitError.isToolkitError(error) && error.code === 'ERR_CLOSED');
}

function askedPauseMs(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('retryAfterMs' in error)) return 0;
  const { retryAfterMs } = error;
  return typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : 0;
}

/** Decides what is tried again, and how long to wait before. */
export class RetryPolicy {
  readonly clock: Clock;
  readonly #maxRetries: number;
  readonly #retryIf: (error: unknown, retry: number) => boolean;
  readonly #backoffMs: number;
  readonly #maxBackoffMs: number;
  readonly #jitterRatio: number;
  readonly #maxRetryAfterMs: number;
  readonly #random: () => number;

  constructor(options: RetryPolicyOptions) {
    const atLeast0 = { min: 0 };
    this.clock = clockOption(options.clock);
    this.#maxRetries = numberOption('maxRetries', options.maxRetries, 3, { min: 0, integer: true });
    this.#retryIf = functionOption('retryIf', options.retryIf, isWorthRetrying);
    this.#backoffMs = numberOption('backoffMs', options.backoffMs, 300, atLeast0);
    this.#maxBackoffMs = numberOption('maxBackoffMs', options.maxBackoffMs, 30_000, atLeast0);
    this.#jitterRatio = numberOption('jitterRatio', options.jitterRatio, 1, { min: 0, max: 1 });
    this.#maxRetryAfterMs = numberOption(
      'maxRetryAfterMs',
      options.maxRetryAfterMs,
      60_000,
      atLeast0,
    );
    this.#random = functionOption('random', options.random, Math.random);
  }

  /** The pause before the retry of that number, from 0 on, or `undefined` for none. */
  pauseMs(error: unknown, retry: number): number | undefined {
    if (retry >= this.#maxRetries || !this.#retryIf(error, retry)) return undefined;
    const asked = askedPauseMs(error);
    if (asked > this.#maxRetryAfterMs) return undefined;
    const longest = Math.min(this.#maxBackoffMs, this.#backoffMs * 2 ** Math.min(retry, 1_000));
    return Math.max(asked, longest * (1 - this.#jitterRatio * (1 - this.#random())));
  }
}
