import {
  describeValue,
  type Exemplar,
  isThenable,
  type RunningTimer,
  type Timer,
  type TimerChild,
  type TimerOutcome,
} from '@x/interfaces';
import { Distribution, type DistributionOptions } from '../distribution/distribution.ts';
import { Instrument, type InstrumentSetup, Series } from './instrument.ts';
import type { TurnClock } from '../distribution/turn-clock.ts';

class Measurement implements RunningTimer {
  readonly #series: TimerSeries;
  readonly #startedAt: number;
  /** Once it is stopped. For who looks at a measurement. */
  durationMs: number | undefined = undefined;

  constructor(series: TimerSeries, startedAt: number) {
    this.#series = series;
    this.#startedAt = startedAt;
  }

  stop(outcome: TimerOutcome = 'success', exemplar?: Exemplar): number {
    if (outcome !== 'success') checkOutcome(outcome);
    return (this.durationMs ??= this.#series.end(this.#startedAt, outcome, exemplar));
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

class TimerSeries extends Series implements TimerChild {
  readonly #options: DistributionOptions;
  readonly #clock: TurnClock;
  readonly #success: Distribution;
  /** Made for the first failure. */
  #failure: Distribution | undefined;
  /** `undefined` until a measurement has begun: who only records durations has none under way. */
  #inFlight: number | undefined;

  constructor(setup: InstrumentSetup, options: DistributionOptions, clock: TurnClock) {
    super(setup);
    this.#options = options;
    this.#clock = clock;
    this.#success = new Distribution(options, clock.exact());
  }

  figures(): object {
    const [success, failure] = [this.#success.count, this.#failure?.count ?? 0];
    return { success, failure, inFlight: this.#inFlight ?? 0 };
  }

  /** Measurements under way; `undefined` while none has ever begun. */
  get inFlight(): number | undefined {
    return this.#inFlight;
  }

  /** The distributions that there are. */
  get outcomes(): readonly (readonly [TimerOutcome, Distribution])[] {
    const success = ['success', this.#success] as const;
    return this.#failure === undefined ? [success] : [['failure', this.#failure], success];
  }

  /** The distribution of an outcome; made when there is none yet. */
  of(outcome: TimerOutcome, now: number): Distribution {
    return outcome === 'success'
      ? this.#success
      : (this.#failure ??= new Distribution(this.#options, now));
  }

  /** Counts measurements that are under way elsewhere. */
  addInFlight(count: number): void {
    this.#inFlight = (this.#inFlight ?? 0) + count;
  }

  start(): RunningTimer {
    // As prom-client has it; they would be overlooked.
    if (arguments.length > 0 && arguments[0] !== undefined) throw this.#takesNoLabels('start()');
    return new Measurement(this, this.#begin());
  }

  record(durationMs: number, outcome: TimerOutcome = 'success', exemplar?: Exemplar): void {
    if (outcome !== 'success') checkOutcome(outcome);
    if (durationMs >= 0 && durationMs < Infinity && typeof durationMs === 'number') {
      this.#record(durationMs, outcome, this.#clock.now(), exemplar);
    } else {
      this.reject('the duration', durationMs);
    }
  }

  time<T>(fn: () => T): T {
    if (typeof fn !== 'function') {
      throw new TypeError(`fn must be a function, got ${describeValue(fn)}`);
    }
    if (arguments.length > 1 && arguments[1] !== undefined) throw this.#takesNoLabels('time(fn)');
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
  end(startedAt: number, outcome: TimerOutcome, exemplar?: Exemplar): number {
    const now = this.#clock.exact();
    this.addInFlight(-1);
    this.#record(now - startedAt, outcome, now, exemplar);
    return now - startedAt;
  }

  /** What is under way keeps a timer from being idle. */
  activity(): number {
    const recorded = this.#success.count + (this.#failure?.count ?? 0);
    return (this.#inFlight ?? 0) === 0 ? recorded : NaN;
  }

  /** What is under way stays so. */
  reset(now: number): void {
    this.#success.reset(now);
    this.#failure?.reset(now);
  }

  #takesNoLabels(call: string): TypeError {
    const { name } = this.setup;
    return new TypeError(
      `${call} of "${name}" takes no more; values of labels are given by labels(…)`,
    );
  }

  #begin(): number {
    this.addInFlight(1);
    return this.#clock.exact();
  }

  #record(
    durationMs: number,
    outcome: TimerOutcome,
    now: number,
    exemplar: Exemplar | undefined,
  ): void {
    const distribution = this.of(outcome, now);
    distribution.record(durationMs, now);
    if (exemplar !== undefined) distribution.exemplify(exemplar, durationMs, this.#clock.wall());
  }
}

/** @throws TypeError when it is no outcome, such as `true`, which may mean either */
function checkOutcome(outcome: TimerOutcome): void {
  if (outcome === 'success' || outcome === 'failure') return;
  const got = describeValue(outcome);
  throw new TypeError(`outcome must be "success" or "failure", got ${got}`);
}

/** A distribution of durations in milliseconds, by labels and outcome. */
export class TimerInstrument extends Instrument<TimerSeries> implements Timer<readonly string[]> {
  readonly kind = 'timer';
  readonly options: DistributionOptions;
  readonly #clock: TurnClock;

  constructor(setup: InstrumentSetup, options: DistributionOptions, clock: TurnClock) {
    super(setup);
    this.options = options;
    this.#clock = clock;
  }

  start(): never {
    throw this.needsLabels();
  }

  record(): void {
    throw this.needsLabels();
  }

  time(): never {
    throw this.needsLabels();
  }

  protected createChild(): TimerSeries {
    return new TimerSeries(this.setup, this.options, this.#clock);
  }
}
