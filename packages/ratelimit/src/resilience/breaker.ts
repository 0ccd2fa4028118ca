import {
  type CallOutcome,
  checkOptionNames,
  type CircuitBreaker,
  type CircuitState,
  type Clock,
  clockOption,
  describeValue,
  functionOption,
  inspectable,
  type Logger,
  loggerOption,
  meterOption,
  numberOption,
  objectOption,
  type OptionNames,
  textOption,
} from '@x/interfaces';
import { CircuitOpenError } from '../errors/circuit-open-error.ts';
import { BreakerMeter } from './breaker-meter.ts';
import {
  type BreakerOptions,
  type BreakerSettings,
  breakerSettings,
  type BreakerWindow,
} from './breaker-options.ts';
import { CountWindow, TimeWindow } from './call-window.ts';

interface WindowOptions {
  readonly calls?: number | undefined;
  readonly durationMs?: number | undefined;
}

const windowNames: OptionNames<WindowOptions> = {
  known: { calls: true, durationMs: true },
  misnamed: { size: 'calls', ms: 'durationMs', windowMs: 'durationMs' },
};

/** Callers may start their stopwatch just before they ask whether they may pass. */
const clockGrainMs = 1;

/** What is done with the outcome of a call; calls that began before a change of state have older ones. */
interface Handlers {
  readonly onValue: <T>(value: T) => T;
  readonly onError: (error: unknown) => never;
}

/**
 * A circuit breaker: after failures in a row, or when too many recent calls failed or were slow, it
 * refuses calls for a while. Then it lets a few calls try, and closes when they succeed, or opens for a
 * longer time. It sets no timers: states change when somebody asks.
 */
export class Breaker implements CircuitBreaker {
  readonly name: string;
  readonly #settings: BreakerSettings;
  readonly #window: CountWindow | TimeWindow | undefined;
  readonly #judge: (error: unknown) => CallOutcome;
  readonly #onChange: BreakerOptions['onChange'];
  readonly #clock: Clock;
  readonly #logger: Logger | undefined;
  readonly #meter: BreakerMeter | undefined;
  /** Whether each call is timed; else outcomes are recorded as of no duration. */
  readonly #timesCalls: boolean;
  #state: CircuitState = 'closed';
  #stateSince = -Infinity;
  #handlers = this.#createHandlers();
  #failuresInRow = 0;
  #breaks = 0;
  #openUntil = -Infinity;
  #trialsBegun = 0;
  #trialsPassed = 0;

  /** @throws TypeError or RangeError when an option is not what {@link BreakerOptions} says */
  constructor(options: BreakerOptions = {}) {
    objectOption('options', options, '{ consecutiveFailures }');
    this.name = textOption('name', options.name, 'circuit-breaker');
    this.#settings = breakerSettings(options);
    this.#window = createWindow(options.window);
    this.#judge = functionOption('judge', options.judge, judgeByName);
    this.#onChange = functionOption('onChange', options.onChange);
    this.#clock = clockOption(options.clock);
    this.#logger = loggerOption(options.logger);
    const meter = meterOption(options.meter);
    this.#meter = meter && new BreakerMeter(meter, this.name);
    this.#timesCalls = this.#settings.slowCallMs < Infinity;
    inspectable(this, this.#facts);
  }

  /** How it stands now. `'half-open'` also when the break is over and nobody has called since. */
  get state(): CircuitState {
    return this.#state === 'open' && this.#isBreakOver() ? 'half-open' : this.#state;
  }

  tryPass(): boolean {
    if (this.#state === 'closed' || this.#tryPassAsTrial()) return true;
    this.#meter?.call('refused');
    return false;
  }

  /**
   * Tells how a call that {@link tryPass} let through ended. Of calls that were let through before the
   * trials began, which `sincePassMs` tells, nothing is recorded during the trials.
   *
   * @throws TypeError when `outcome` is none, or `durationMs` no number
   */
  record(outcome: CallOutcome, durationMs: number, sincePassMs: number = durationMs): void {
    if (outcome !== 'success') checkOutcome('outcome', outcome);
    if (typeof sincePassMs !== 'number') numberOption('durationMs', sincePassMs, undefined);
    this.#record(outcome, durationMs, sincePassMs);
  }

  #record(outcome: CallOutcome, durationMs: number, sincePassMs: number): void {
    this.#meter?.call(outcome);
    if (this.#state === 'open') return;
    const slow = durationMs > this.#settings.slowCallMs;
    if (outcome === 'success' && !slow && this.#deferSuccess()) return;
    const now = this.#needsTime() ? this.#clock.monotonic() : 0;
    if (this.#state === 'half-open') {
      const isTrial = now - sincePassMs >= this.#stateSince - clockGrainMs;
      if (isTrial) this.#recordTrial(outcome, durationMs, now);
    } else if (outcome !== 'ignored') {
      this.#recordCall(outcome === 'failure', slow, now);
    }
  }

  retryAfterMs(): number {
    if (this.#state === 'closed') return 0;
    const now = this.#clock.monotonic();
    if (this.#state === 'open') return Math.max(0, this.#openUntil - now);
    if (this.#trialsBegun < this.#settings.trials) return 0;
    return Math.max(0, this.#stateSince + this.#breakMs() - now);
  }

  /**
   * Runs `fn` and records its outcome, as `judge` sees it.
   *
   * @throws CircuitOpenError when calls may not pass; `fn` is not called then
   */
  run<T>(fn: () => T | Promise<T>): Promise<T> {
    if (typeof fn !== 'function') {
      return Promise.reject(new TypeError(`fn must be a function, got ${describeValue(fn)}`));
    }
    // Whoever gives a timeout or arguments relies on them.
    if (arguments.length > 1 && arguments[1] !== undefined) {
      return Promise.reject(new TypeError('run(fn) takes nothing but fn: run(() => fn(argument))'));
    }
    if (this.#state !== 'closed' && !this.#tryPassAsTrial()) return Promise.reject(this.#refused());
    const handlers = this.#timesCalls ? this.#createTimedHandlers() : this.#handlers;
    let result;
    try {
      result = fn();
    } catch (error) {
      result = Promise.reject<T>(error);
    }
    return (result instanceof Promise ? result : Promise.resolve(result)).then<T>(
      handlers.onValue,
      handlers.onError,
    );
  }

  /**
   * Opens it by hand.
   *
   * @param breakMs - for how long, in milliseconds; `Infinity` until {@link reset}
   */
  forceOpen(breakMs: number = Infinity): void {
    const forMs = numberOption('breakMs', breakMs, Infinity, { min: 0 });
    this.#open(this.#clock.monotonic(), forMs, 'by hand');
  }

  #facts(this: void, self: Breaker): object {
    return {
      name: self.name,
      state: self.state,
      failuresInRow: self.#failuresInRow,
    };
  }

  /** Closes it by hand, and forgets all calls. */
  reset(): void {
    this.#close();
  }

  #tryPassAsTrial(): boolean {
    if (this.#state === 'open') {
      if (!this.#isBreakOver()) return false;
      this.#beginTrials();
    }
    if (this.#trialsBegun >= this.#settings.trials) {
      // Trials whose outcome nobody tells must not keep it half-open for ever.
      if (this.#clock.monotonic() < this.#stateSince + this.#breakMs()) return false;
      this.#beginTrials();
    }
    this.#trialsBegun++;
    return true;
  }

  #beginTrials(): void {
    this.#trialsBegun = this.#trialsPassed = 0;
    this.#enter('half-open', this.#clock.monotonic());
  }

  #recordTrial(outcome: CallOutcome, durationMs: number, now: number): void {
    if (outcome === 'ignored') {
      this.#trialsBegun = Math.max(0, this.#trialsBegun - 1);
    } else if (outcome === 'failure' || durationMs > this.#settings.slowCallMs) {
      this.#open(now, this.#breakMs(), 'a trial failed');
    } else if (++this.#trialsPassed >= this.#settings.trials) {
      this.#close();
    }
  }

  #recordCall(failed: boolean, slow: boolean, now: number): void {
    this.#failuresInRow = failed ? this.#failuresInRow + 1 : 0;
    this.#window?.record(failed, slow, now);
    const reason = this.#reasonToOpen();
    if (reason !== undefined) this.#open(this.#clock.monotonic(), this.#breakMs(), reason);
  }

  #deferSuccess(): boolean {
    if (this.#state !== 'closed' || this.#window?.usesTime !== true) return false;
    if (!this.#window.deferSuccess()) return false;
    this.#failuresInRow = 0;
    return true;
  }

  #reasonToOpen(): string | undefined {
    const { consecutiveFailures, failureRatio, slowRatio, minCalls } = this.#settings;
    if (this.#failuresInRow >= consecutiveFailures)
      return `${this.#failuresInRow} failures in a row`;
    if (this.#window === undefined || this.#window.calls < minCalls) return undefined;
    const { calls, failures, slowCalls } = this.#window;
    if (failures > 0 && failures >= failureRatio * calls)
      return `${failures} of ${calls} calls failed`;
    if (slowCalls > 0 && slowCalls >= slowRatio * calls)
      return `${slowCalls} of ${calls} calls were slow`;
    return undefined;
  }

  #open(now: number, forMs: number, reason: string): void {
    this.#breaks++;
    this.#openUntil = now + forMs;
    this.#logger?.warn(`circuit breaker "${this.name}" opens for ${forMs} ms: ${reason}`);
    this.#enter('open', now);
  }

  #close(): void {
    this.#breaks = this.#failuresInRow = 0;
    this.#window?.clear();
    if (this.#state === 'closed') return;
    this.#logger?.info(`circuit breaker "${this.name}" closes`);
    this.#enter('closed', this.#clock.monotonic());
  }

  #enter(state: CircuitState, now: number): void {
    const before = this.#state;
    this.#state = state;
    this.#stateSince = now;
    this.#handlers = this.#createHandlers();
    this.#meter?.changed(state);
    this.#onChange?.(state, before);
  }

  /** How long the next break lasts, or how long trials may take. */
  #breakMs(): number {
    const { breakMs, breakFactor, maxBreakMs } = this.#settings;
    return Math.min(maxBreakMs, breakMs * breakFactor ** Math.max(0, this.#breaks));
  }

  #isBreakOver(): boolean {
    return this.#clock.monotonic() >= this.#openUntil;
  }

  #needsTime(): boolean {
    return this.#state !== 'closed' || this.#window?.usesTime === true;
  }

  /** One pair for all calls of a state, so that a call makes no closure of its own. */
  #createHandlers(): Handlers {
    const handlers: Handlers = {
      onValue: (value) => {
        if (handlers === this.#handlers) this.#record('success', 0, 0);
        return value;
      },
      onError: (error) => {
        if (handlers === this.#handlers) this.#record(this.#judged(error), 0, 0);
        throw error;
      },
    };
    return handlers;
  }

  #createTimedHandlers(): Handlers {
    const startedAt = this.#clock.monotonic();
    const begunWith = this.#handlers;
    const recordLate = (outcome: CallOutcome): void => {
      if (begunWith !== this.#handlers) return;
      const durationMs = this.#clock.monotonic() - startedAt;
      this.#record(outcome, durationMs, durationMs);
    };
    return {
      onValue: (value) => {
        recordLate('success');
        return value;
      },
      onError: (error) => {
        recordLate(this.#judged(error));
        throw error;
      },
    };
  }

  #judged(error: unknown): CallOutcome {
    const outcome = this.#judge(error);
    checkOutcome('what judge answers', outcome, error);
    return outcome;
  }

  #refused(): CircuitOpenError {
    this.#meter?.call('refused');
    return new CircuitOpenError(this.name, Math.ceil(this.retryAfterMs()));
  }
}

function createWindow(window: BreakerWindow | undefined): CountWindow | TimeWindow | undefined {
  if (window === undefined) return undefined;
  objectOption('window', window, '{ calls } or { durationMs }');
  checkOptionNames<WindowOptions>(window, windowNames);
  const { calls, durationMs }: WindowOptions = window;
  if ((calls === undefined) === (durationMs === undefined)) {
    throw new TypeError('window takes either calls or durationMs');
  }
  if (durationMs !== undefined) {
    return new TimeWindow(numberOption('window.durationMs', durationMs, undefined, { above: 0 }));
  }
  const range = { min: 1, max: 1e6, integer: true };
  return new CountWindow(numberOption('window.calls', calls, undefined, range));
}

/** @throws TypeError when it is no outcome */
function checkOutcome(name: string, outcome: CallOutcome, cause?: unknown): void {
  if (outcome === 'success' || outcome === 'failure' || outcome === 'ignored') return;
  const came = describeValue(outcome);
  throw new TypeError(`${name} must be "success", "failure" or "ignored", got ${came}`, { cause });
}

/** Who gives up says nothing about the health of what was called. */
function judgeByName(error: unknown): CallOutcome {
  return error instanceof Error && error.name === 'AbortError' ? 'ignored' : 'failure';
}
