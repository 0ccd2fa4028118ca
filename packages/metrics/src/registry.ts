import {
  type Counter,
  type Gauge,
  type Histogram,
  type HistogramOptions,
  type InstrumentOptions,
  type Meter,
  noopMeter,
  type Timer,
} from '@x/interfaces';
import { BucketLookup } from './bucket-lookup.ts';
import { bucketsOption } from './buckets.ts';
import { compareTexts } from './compare-texts.ts';
import { CounterInstrument } from './counter.ts';
import type { DistributionOptions } from './distribution.ts';
import { expose, exposeStream } from './exposition/expose.ts';
import type { ExpositionSettings } from './exposition/families.ts';
import { openMetricsText, prometheusText } from './exposition/text-format.ts';
import { GaugeInstrument } from './gauge.ts';
import { HistogramInstrument } from './histogram.ts';
import type { InstrumentSetup } from './instrument.ts';
import { InstrumentCatalog } from './instrument-catalog.ts';
import { labelsText } from './label-text.ts';
import { type Observation, ObservedInstrument } from './observed.ts';
import {
  type CheckedRegistryOptions,
  checkRegistryOptions,
  idleTimeoutOption,
  maxSeriesOption,
  type RegistryOptions,
} from './registry-options.ts';
import { renderReport, type ReportOptions } from './report.ts';
import { ExponentialSketch } from './sketch/exponential-sketch.ts';
import type { SketchFactory } from './sketch/sketch.ts';
import { TDigestSketch } from './sketch/tdigest-sketch.ts';
import { type MetricSnapshot, RegistrySnapshot } from './snapshot.ts';
import { summarize } from './summary.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { TimerInstrument } from './timer.ts';
import { TurnClock } from './turn-clock.ts';

/** Slots that the retention window is cut into. */
const windowSlots = 12;

const sketchFactories: Readonly<Record<CheckedRegistryOptions['sketch'], SketchFactory>> = {
  exponential: () => new ExponentialSketch(),
  tdigest: () => new TDigestSketch(),
};

const textFormats = { prometheus: prometheusText, openmetrics: openMetricsText } as const;

/** What a metric may have beside help and label names. */
export interface SeriesLimits {
  /** Most series of this metric. @defaultValue that of the registry */
  readonly maxSeries?: number | undefined;
  /** How long a series may record nothing before it is left out, ms. @defaultValue that of the registry */
  readonly idleTimeoutMs?: number | undefined;
}

/** How an exposition is written. */
export interface ExpositionOptions {
  /**
   * `'prometheus'` for the text format 0.0.4, `'openmetrics'` for OpenMetrics 1.0, which has examples
   * and units as well.
   * @defaultValue `'prometheus'`
   */
  readonly format?: 'prometheus' | 'openmetrics' | undefined;
}

/**
 * Owns counters, gauges, histograms and timers, and tells what they hold: as data, as figures, as
 * tables for people, and for Prometheus. It holds nothing open, so there is nothing to close.
 *
 * Asking twice for one name answers the same instrument. A metric shows up once it has a series.
 */
export class Registry implements Meter {
  readonly name: string;
  readonly enabled: boolean;
  readonly #options: CheckedRegistryOptions;
  readonly #clock: TurnClock;
  readonly #catalog: InstrumentCatalog;
  readonly #rejected: CounterInstrument;

  /**
   * @throws TypeError when an option is of the wrong type
   * @throws RangeError when a number is out of range
   */
  constructor(options: RegistryOptions = {}) {
    this.#options = checkRegistryOptions(options);
    this.name = this.#options.name;
    this.enabled = this.#options.enabled;
    this.#clock = new TurnClock(this.#options.clock);
    this.#catalog = new InstrumentCatalog(Object.keys(this.#options.labels));
    const help = 'Values that were not recorded: negative, not finite or no number.';
    const labelNames = ['metric'];
    this.#rejected = this.#catalog.getOrCreate(
      'counter',
      'metrics_rejected_values_total',
      { help, labelNames },
      (facts) => new CounterInstrument(this.#setup(facts, {})),
    );
  }

  /**
   * A sum that only grows.
   *
   * @throws TypeError when the name is bad, or taken by another kind or with other labels
   */
  counter<const Names extends readonly string[] = readonly []>(
    name: string,
    options: InstrumentOptions<Names> & SeriesLimits = {},
  ): Counter<Names> {
    if (!this.enabled) return noopMeter.counter(name, options);
    const instrument = this.#catalog.getOrCreate(
      'counter',
      name,
      options,
      (facts) => new CounterInstrument(this.#setup(facts, options)),
    );
    return handedOut(instrument);
  }

  /**
   * A value that goes up and down.
   *
   * @throws TypeError when the name is bad, or taken by another kind or with other labels
   */
  gauge<const Names extends readonly string[] = readonly []>(
    name: string,
    options: InstrumentOptions<Names> & SeriesLimits = {},
  ): Gauge<Names> {
    if (!this.enabled) return noopMeter.gauge(name, options);
    const instrument = this.#catalog.getOrCreate(
      'gauge',
      name,
      options,
      (facts) => new GaugeInstrument(this.#setup(facts, options)),
    );
    return handedOut(instrument);
  }

  /**
   * A distribution of values in a unit of the caller's choice.
   *
   * @throws TypeError when the name is bad, or taken by another kind, with other labels or buckets
   * @throws RangeError when the buckets do not ascend
   */
  histogram<const Names extends readonly string[] = readonly []>(
    name: string,
    options: HistogramOptions<Names> & SeriesLimits = {},
  ): Histogram<Names> {
    if (!this.enabled) return noopMeter.histogram(name, options);
    const distribution = this.#distributionOptions(options.buckets);
    const histogram = this.#catalog.getOrCreate(
      'histogram',
      name,
      options,
      (facts) => new HistogramInstrument(this.#setup(facts, options), distribution, this.#clock),
    );
    checkSameBuckets(name, histogram.options, options.buckets);
    return handedOut(histogram);
  }

  /**
   * A distribution of durations in milliseconds, apart by outcome, and how many are under way. The
   * name needs no unit: Prometheus sees it in seconds as `name_seconds`.
   *
   * @throws TypeError when the name is bad, or taken by another kind, with other labels or buckets
   * @throws RangeError when the buckets, in milliseconds, do not ascend
   */
  timer<const Names extends readonly string[] = readonly []>(
    name: string,
    options: HistogramOptions<Names> & SeriesLimits = {},
  ): Timer<Names> {
    if (!this.enabled) return noopMeter.timer(name, options);
    const distribution = this.#distributionOptions(options.buckets);
    const timer = this.#catalog.getOrCreate(
      'timer',
      name,
      options,
      (facts) => new TimerInstrument(this.#setup(facts, options), distribution, this.#clock),
    );
    checkSameBuckets(name, timer.options, options.buckets);
    return handedOut(timer);
  }

  /**
   * A counter whose totals `observe` answers whenever something is read, such as what another library
   * counts. With label names it answers pairs of label values and total; what it does not name is left
   * out. When it fails, the metric is left out and the logger is told.
   *
   * @throws TypeError when the name is bad or taken
   */
  observedCounter(
    name: string,
    options: InstrumentOptions & Pick<SeriesLimits, 'maxSeries'>,
    observe: () => Observation,
  ): void {
    this.#observed('counter', name, options, observe);
  }

  /**
   * A gauge whose values `observe` answers whenever something is read, as with
   * {@link Registry.observedCounter}.
   *
   * @throws TypeError when the name is bad or taken
   */
  observedGauge(
    name: string,
    options: InstrumentOptions & Pick<SeriesLimits, 'maxSeries'>,
    observe: () => Observation,
  ): void {
    this.#observed('gauge', name, options, observe);
  }

  /** Everything there is now, by name, as plain data that survives JSON. */
  snapshot(): RegistrySnapshot {
    const now = this.#clock.exact();
    const metrics = Array.from(this.#catalog.all(), (instrument) => takeSnapshot(instrument, now))
      .filter((metric) => metric.series.length > 0)
      .sort((a, b) => compareTexts(a.name, b.name));
    return new RegistrySnapshot(this.#clock.wall(), metrics);
  }

  /** One metric as plain data, or `undefined` when there is none of this name. */
  find(name: string): MetricSnapshot | undefined {
    const instrument = this.#catalog.get(name);
    return instrument && takeSnapshot(instrument, this.#clock.exact());
  }

  /**
   * Everything as one flat object of numbers: `requests_total{method="GET"}` for counters and gauges,
   * `size_p95{...}` for histograms and `fetch_p95_ms{...}` for timers. The figures of a distribution
   * are count, mean, min, max, p50, p95 and p99; those that are not known are left out.
   */
  summary(): Record<string, number> {
    return summarize(this.snapshot());
  }

  /** Everything as aligned tables for people, with units and P50, P95 and P99. */
  report(options?: ReportOptions): string {
    const title = `Metrics of "${this.name}"${this.enabled ? '' : ' (off)'}`;
    return renderReport(title, this.snapshot(), options);
  }

  /**
   * Everything as text for Prometheus, in an order that depends on names and labels only. Serve it as
   * `text/plain; version=0.0.4; charset=utf-8`, and OpenMetrics as
   * `application/openmetrics-text; version=1.0.0; charset=utf-8`.
   */
  exposition(options: ExpositionOptions = {}): string {
    return expose(this.#catalog.all(), this.#expositionSettings(options, true));
  }

  /**
   * The same in pieces, with a turn of the event loop between them, so that many series hold nothing
   * up for long. Series of one metric come in the order in which they were made.
   */
  expositionStream(options: ExpositionOptions = {}): AsyncGenerator<string, void, undefined> {
    const settings = this.#expositionSettings(options, false);
    return exposeStream(this.#catalog.all(), settings, this.#clock);
  }

  /**
   * Forgets what counters, histograms and timers recorded. Instruments and children stay valid.
   * Gauges, and what timers have under way, tell how things stand and are kept.
   */
  reset(): void {
    const now = this.#clock.exact();
    for (const instrument of this.#catalog.all()) instrument.reset(now);
  }

  #observed(
    kind: 'counter' | 'gauge',
    name: string,
    options: InstrumentOptions & Pick<SeriesLimits, 'maxSeries'>,
    observe: () => Observation,
  ): void {
    if (!this.enabled) return;
    if (typeof observe !== 'function') throw new TypeError(`"${name}" needs a function to ask`);
    if (this.#catalog.get(name) !== undefined) throw new TypeError(`"${name}" is there already`);
    this.#catalog.getOrCreate(kind, name, options, (facts) => {
      const onFailure = (error: unknown): void =>
        this.#options.logger?.error(
          `${this.name}: "${name}" could not be observed: ${String(error)}`,
        );
      const setup = { ...this.#setup(facts, options), onFailure };
      return new ObservedInstrument(kind, setup, observe);
    });
  }

  #setup(
    facts: Pick<InstrumentSetup, 'name' | 'help' | 'labelNames'>,
    limits: SeriesLimits,
  ): InstrumentSetup {
    const maxSeries = maxSeriesOption(limits.maxSeries, this.#options.maxSeries);
    return {
      ...facts,
      maxSeries,
      idleTimeoutMs: idleTimeoutOption(limits.idleTimeoutMs, this.#options.idleTimeoutMs),
      onOverflow: () => {
        this.#options.logger?.warn(
          `${this.name}: "${facts.name}" has ${maxSeries} series; further label values are recorded together, under "overflow"`,
        );
      },
      onRejected: () => this.#rejected.labels(facts.name).inc(),
      wallTime: () => this.#clock.wall(),
    };
  }

  #expositionSettings({ format }: ExpositionOptions, sorted: boolean): ExpositionSettings {
    return {
      format: textFormats[format ?? 'prometheus'],
      commonPairs: labelsText(this.#options.labels).slice(1, -1),
      sorted,
      now: this.#clock.exact(),
    };
  }

  #distributionOptions(buckets: readonly number[] | undefined): DistributionOptions {
    return {
      buckets: new BucketLookup(bucketsOption(buckets, this.#options.buckets)),
      window: {
        retentionMs: this.#options.retentionMs,
        slots: windowSlots,
        createSketch: sketchFactories[this.#options.sketch],
      },
      createTotal: this.#options.nativeHistograms ? sketchFactories.exponential : undefined,
    };
  }
}

/** The instrument, or its only child when it has no labels. */
function handedOut<I extends { readonly labelNames: readonly string[]; readonly own: unknown }>(
  instrument: I,
): I & I['own'] {
  return (instrument.labelNames.length === 0 ? instrument.own : instrument) as I & I['own'];
}

function checkSameBuckets(
  name: string,
  { buckets: { bounds } }: DistributionOptions,
  buckets: readonly number[] | undefined,
): void {
  const wanted = bucketsOption(buckets, bounds);
  if (wanted.length === bounds.length && wanted.every((bound, index) => bound === bounds[index])) {
    return;
  }
  throw new TypeError(`"${name}" has the buckets ${bounds.join(', ')}, not ${wanted.join(', ')}`);
}
