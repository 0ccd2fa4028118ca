import type { Clock, RunningTimer, Timer, TimerChild, TimerOutcome } from '@x/interfaces';
import { Distribution, type DistributionOptions } from './distribution.ts';
import { Instrument, type InstrumentSetup, type Series } from './instrument.ts';

class Measurement implements RunningTimer {
  readonly #series: TimerSeries;
  readonly #startedAt: number;
  #durationMs: number | undefined;

  constructor(series: TimerSeries, startedAt: number) {
    this.#series = series;
    this.#startedAt = startedAt;
  }

  stop(outcome: TimerOutcome = 'success'): number {
    return (this.#durationMs ??= this.#series.end(this.#startedAt, outcome));
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

class TimerSeries implements TimerChild, Series {
  readonly #options: DistributionOptions;
  readonly #clock: Clock;
  readonly #onRejected: () => void;
  readonly #success: Distribution;
  /** Made for the first failure. */
  #failure: Distribution | undefined;
  #inFlight = 0;

  constructor(options: DistributionOptions, clock: Clock, onRejected: () => void) {
    this.#options = options;
    this.#clock = clock;
    this.#onRejected = onRejected;
    this.#success = new Distribution(options, clock.monotonic());
  }

  /** Measurements under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The distributions that there are. */
  get outcomes(): readonly (readonly [TimerOutcome, Distribution])[] {
    const success = ['success', this.#success] as const;
    return this.#failure === undefined ? [success] : [['failure', this.#failure], success];
  }

  start(): RunningTimer {
    return new Measurement(this, this.#begin());
  }

  record(durationMs: number, outcome: TimerOutcome = 'success'): void {
    if (durationMs >= 0 && durationMs < Infinity && typeof durationMs === 'number') {
      this.#record(durationMs, outcome, this.#clock.monotonic());
    } else {
      this.#onRejected();
    }
  }

  time<T>(fn: () => T): T {
    const startedAt = this.#begin();
    let result;
    try {
      result = fn();
    } catch (error) {
      this.end(startedAt, 'failure');
      throw error;
    }
    if (!isThenable(result)) {
      this.end(startedAt, 'success');
      return result;
    }
    return result.then(
      (value) => {
        this.end(startedAt, 'success');
        return value;
      },
      (error: unknown) => {
        this.end(startedAt, 'failure');
        throw error;
      },
    ) as T;
  }

  /** Ends a measurement and answers how long it took. */
  end(startedAt: number, outcome: TimerOutcome): number {
    const now = this.#clock.monotonic();
    this.#inFlight--;
    this.#record(now - startedAt, outcome, now);
    return now - startedAt;
  }

  /** What is under way stays so. */
  reset(now: number): void {
    this.#success.reset(now);
    this.#failure?.reset(now);
  }

  #begin(): number {
    this.#inFlight++;
    return this.#clock.monotonic();
  }

  #record(durationMs: number, outcome: TimerOutcome, now: number): void {
    if (outcome === 'success') this.#success.record(durationMs, now);
    else (this.#failure ??= new Distribution(this.#options, now)).record(durationMs, now);
  }
}

/** A distribution of durations in milliseconds, by labels and outcome. */
export class TimerInstrument extends Instrument<TimerSeries> implements Timer<readonly string[]> {
  readonly kind = 'timer';
  readonly options: DistributionOptions;
  readonly #clock: Clock;

  constructor(setup: InstrumentSetup, options: DistributionOptions, clock: Clock) {
    super(setup);
    this.options = options;
    this.#clock = clock;
  }

  start(): RunningTimer {
    return this.own.start();
  }

  record(durationMs: number, outcome: TimerOutcome = 'success'): void {
    this.own.record(durationMs, outcome);
  }

  time<T>(fn: () => T): T {
    return this.own.time(fn);
  }

  protected createChild(): TimerSeries {
    return new TimerSeries(this.options, this.#clock, this.setup.onRejected);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
