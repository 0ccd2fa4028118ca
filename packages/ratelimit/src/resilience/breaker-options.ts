import {
  type CallOutcome,
  checkOptionNames,
  type CircuitState,
  type Clock,
  type Logger,
  type Meter,
  numberOption,
  type OptionNames,
} from '@x/interfaces';

/** Which calls are looked at: the last so many, or those of the last so many milliseconds. */
export type BreakerWindow = { readonly calls: number } | { readonly durationMs: number };

/** When a {@link Breaker} opens, and how it closes again. */
export interface BreakerOptions {
  /**
   * Opens after so many failures in a row. `Infinity` for never.
   * @defaultValue 5, or `Infinity` when there is a `window`
   */
  readonly consecutiveFailures?: number | undefined;
  /** Looks at shares of failures and slow calls within this window. @defaultValue none */
  readonly window?: BreakerWindow | undefined;
  /** Opens when at least this share of the calls in the window, which must be given, failed. Above 0, at most 1. @defaultValue 0.5 */
  readonly failureRatio?: number | undefined;
  /** How long a call takes that counts as slow, in milliseconds. @defaultValue `Infinity` */
  readonly slowCallMs?: number | undefined;
  /** Opens when at least this share of the calls in the window was slow. Above 0, at most 1. @defaultValue 1 */
  readonly slowRatio?: number | undefined;
  /** Never opens because of a share while there are fewer calls in the window. @defaultValue 10 */
  readonly minCalls?: number | undefined;
  /** How long it stays open at first, in milliseconds. @defaultValue 5,000 */
  readonly breakMs?: number | undefined;
  /** What the break is multiplied by when the trials after it fail. At least 1. @defaultValue 2 */
  readonly breakFactor?: number | undefined;
  /** The longest break, in milliseconds. @defaultValue 60,000 */
  readonly maxBreakMs?: number | undefined;
  /** How many calls are tried after a break. It closes when all of them succeed. @defaultValue 1 */
  readonly trials?: number | undefined;
  /**
   * How a call that threw `error` counts.
   * @defaultValue an `AbortError` is ignored, everything else is a failure
   */
  readonly judge?: ((error: unknown) => CallOutcome) | undefined;
  /** Called after each change of state. @defaultValue none */
  readonly onChange?: ((state: CircuitState, before: CircuitState) => void) | undefined;
  /** Names the breaker in errors, log lines and metrics. @defaultValue `'circuit-breaker'` */
  readonly name?: string | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Told when it opens (warn) and closes (info). @defaultValue none */
  readonly logger?: Logger | undefined;
  /** Where the breaker measures itself. @defaultValue nowhere */
  readonly meter?: Meter | undefined;
}

/** Options as checked, with their defaults. */
export interface BreakerSettings {
  readonly consecutiveFailures: number;
  readonly failureRatio: number;
  readonly slowCallMs: number;
  readonly slowRatio: number;
  readonly minCalls: number;
  readonly breakMs: number;
  readonly breakFactor: number;
  readonly maxBreakMs: number;
  readonly trials: number;
}

const failures = 'consecutiveFailures, or failureRatio with a window';
const slow = 'slowCallMs, or timeLimited({ timeoutMs }) to end a slow call';
const judge = "judge(error), which answers 'success', 'failure' or 'ignored'";

const optionNames: OptionNames<BreakerOptions> = {
  known: {
    consecutiveFailures: true,
    window: true,
    failureRatio: true,
    slowCallMs: true,
    slowRatio: true,
    minCalls: true,
    breakMs: true,
    breakFactor: true,
    maxBreakMs: true,
    trials: true,
    judge: true,
    onChange: true,
    name: true,
    clock: true,
    logger: true,
    meter: true,
  },
  misnamed: {
    threshold: failures,
    failureThreshold: failures,
    errorThreshold: failures,
    breaker: failures,
    maxFailures: 'consecutiveFailures',
    errorThresholdPercentage: 'failureRatio, from 0 to 1, with a window',
    failureRateThreshold: 'failureRatio, from 0 to 1, with a window',
    volumeThreshold: 'minCalls',
    minimumRps: 'minCalls',
    minimumNumberOfCalls: 'minCalls',
    rollingCountTimeout: 'window: { durationMs }',
    rollingCountBuckets: 'window: { durationMs }, which is always cut into 10 parts',
    slidingWindowSize: 'window: { calls } or { durationMs }',
    windowMs: 'window: { durationMs }',
    duration: 'window: { durationMs }',
    size: 'window: { calls }',
    halfOpenAfter: 'breakMs',
    resetTimeout: 'breakMs',
    resetTimeoutMs: 'breakMs',
    sleepWindow: 'breakMs',
    waitDurationInOpenState: 'breakMs',
    cooldown: 'breakMs',
    cooldownMs: 'breakMs',
    openMs: 'breakMs',
    breakDuration: 'breakMs',
    successThreshold: 'trials',
    halfOpenMax: 'trials',
    timeout: slow,
    timeoutMs: slow,
    slowCallDurationThreshold: 'slowCallMs',
    errorFilter: judge,
    isFailure: judge,
    filter: judge,
    handle: judge,
    shouldTrip: judge,
    onOpen: 'onChange(state, before)',
    onClose: 'onChange(state, before)',
    onHalfOpen: 'onChange(state, before)',
    onBreak: 'onChange(state, before)',
    onReset: 'onChange(state, before)',
    onStateChange: 'onChange(state, before)',
    capacity: 'permits of a Semaphore, which limits how many run at the same time',
    group: 'name',
    fallback: 'for the caller, who catches the CircuitOpenError',
  },
};

/** @throws TypeError or RangeError when an option is not what {@link BreakerOptions} says */
export function breakerSettings(options: BreakerOptions): BreakerSettings {
  checkOptionNames(options, optionNames);
  refuseWithoutWindow(options);
  const count = { min: 1, integer: true };
  const share = { above: 0, max: 1 };
  const inRow = options.window === undefined ? 5 : Infinity;
  const breakMs = numberOption('breakMs', options.breakMs, 5_000, { above: 0 });
  return {
    consecutiveFailures: numberOption(
      'consecutiveFailures',
      options.consecutiveFailures,
      inRow,
      count,
    ),
    failureRatio: numberOption('failureRatio', options.failureRatio, 0.5, share),
    slowCallMs: numberOption('slowCallMs', options.slowCallMs, Infinity, { min: 0 }),
    slowRatio: numberOption('slowRatio', options.slowRatio, 1, share),
    minCalls: numberOption('minCalls', options.minCalls, 10, count),
    breakMs,
    breakFactor: numberOption('breakFactor', options.breakFactor, 2, { min: 1 }),
    maxBreakMs: numberOption('maxBreakMs', options.maxBreakMs, Math.max(60_000, breakMs), {
      min: breakMs,
    }),
    trials: numberOption('trials', options.trials, 1, {
      ...count,
      max: Number.MAX_SAFE_INTEGER,
    }),
  };
}

/** Shares are of the calls in a window: without one they would mean nothing. */
function refuseWithoutWindow(options: BreakerOptions): void {
  if (options.window !== undefined) return;
  for (const name of ['failureRatio', 'slowRatio', 'minCalls'] as const) {
    if (options[name] === undefined) continue;
    throw new TypeError(`${name} needs a window, such as window: { calls: 100 }`);
  }
}
