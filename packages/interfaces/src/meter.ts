/** Label values, one for each label name, in the order of the names. */
export type LabelValues<Names extends readonly string[]> = { readonly [I in keyof Names]: string };

/** Label values by name. */
export type LabelRecord<Names extends readonly string[]> = Readonly<Record<Names[number], string>>;

/** What an instrument is and how it is labelled. */
export interface InstrumentOptions<Names extends readonly string[] = readonly string[]> {
  /** What is measured, in words, for the help line of an exposition. */
  readonly help?: string | undefined;
  /** Names of the labels. @defaultValue none */
  readonly labelNames?: Names | undefined;
}

/** Options of a histogram. */
export interface HistogramOptions<
  Names extends readonly string[] = readonly string[],
> extends InstrumentOptions<Names> {
  /** Upper bounds of the buckets, ascending, in the unit that is observed. */
  readonly buckets?: readonly number[] | undefined;
}

/**
 * An instrument with labels: `labels('GET', '200')` or `labels({ method: 'GET', status: '200' })`
 * answers the child for these values. The same values answer the same child: hold it where it is
 * used often.
 */
export interface Labelled<Names extends readonly string[], Child> {
  labels(...values: LabelValues<Names>): Child;
  labels(values: LabelRecord<Names>): Child;
}

/**
 * Labels of an example of what is recorded, such as `{ trace_id: '…' }`. Names and values together
 * have at most 128 characters; longer ones are not kept.
 */
export type Exemplar = Readonly<Record<string, string>>;

/** A sum that only grows. */
export interface CounterChild {
  /** Adds `amount`, 1 by default. A negative amount or `NaN` is not recorded; a registry refuses what is no number. */
  inc(amount?: number, exemplar?: Exemplar): void;
}

/** A value that goes up and down. */
export interface GaugeChild {
  /** Sets the value; `NaN` is not recorded, and a registry refuses what is no number. */
  set(value: number): void;
  /** Adds `amount`, 1 by default. */
  inc(amount?: number): void;
  /** Takes `amount` off, 1 by default. */
  dec(amount?: number): void;
  /**
   * From now on the value is what `read` answers at the time when it is asked for. Where `read` throws
   * or answers no finite number it stays as it was. Disposing the result asks once more, and keeps
   * that. A later `observe` takes the place of an earlier one. A meter may leave it out.
   */
  observe?(read: () => number): Disposable;
}

/** A distribution of values. */
export interface HistogramChild {
  /** Records one value; `NaN` is not recorded, and a registry refuses what is no number. */
  observe(value: number, exemplar?: Exemplar): void;
}

/** One measurement under way. Disposing it stops it. */
export interface RunningTimer extends Disposable {
  /**
   * Records the time since the start; only the first call counts. Answers it in milliseconds.
   *
   * @throws TypeError when `outcome` is none, such as `true`, of a registry; the measurement goes on then
   */
  stop(outcome?: TimerOutcome, exemplar?: Exemplar): number;
}

/** How what was timed ended. */
export type TimerOutcome = 'success' | 'failure';

/** A distribution of durations, kept apart by outcome. */
export interface TimerChild {
  /** Begins a measurement. */
  start(): RunningTimer;
  /**
   * Records a duration in milliseconds. @defaultValue outcome `'success'`
   *
   * @throws TypeError when `outcome` is none, such as `true`, of a registry
   */
  record(durationMs: number, outcome?: TimerOutcome, exemplar?: Exemplar): void;
  /** Runs `fn` and records how long it took; `'failure'` when it throws or rejects. */
  time<T>(fn: () => T): T;
}

/** A counter, with or without labels; one with labels is only recorded through its children. */
export interface Counter<Names extends readonly string[] = readonly []>
  extends CounterChild, Labelled<Names, CounterChild> {}

/** A gauge, with or without labels; one with labels is only recorded through its children. */
export interface Gauge<Names extends readonly string[] = readonly []>
  extends GaugeChild, Labelled<Names, GaugeChild> {}

/** A histogram, with or without labels; one with labels is only recorded through its children. */
export interface Histogram<Names extends readonly string[] = readonly []>
  extends HistogramChild, Labelled<Names, HistogramChild> {}

/** A timer, with or without labels; one with labels is only recorded through its children. */
export interface Timer<Names extends readonly string[] = readonly []>
  extends TimerChild, Labelled<Names, TimerChild> {}

/**
 * The narrow interface by which packages measure themselves. Asking twice for one name answers the
 * same instrument; asking with another kind or other labels is an error.
 */
export interface Meter {
  counter<const Names extends readonly string[] = readonly []>(
    name: string,
    options?: InstrumentOptions<Names>,
  ): Counter<Names>;
  gauge<const Names extends readonly string[] = readonly []>(
    name: string,
    options?: InstrumentOptions<Names>,
  ): Gauge<Names>;
  histogram<const Names extends readonly string[] = readonly []>(
    name: string,
    options?: HistogramOptions<Names>,
  ): Histogram<Names>;
  timer<const Names extends readonly string[] = readonly []>(
    name: string,
    options?: InstrumentOptions<Names>,
  ): Timer<Names>;
}
