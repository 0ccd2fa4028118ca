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
import { bucketsOption } from './buckets.ts';
import { CounterInstrument } from './counter.ts';
import type { DistributionOptions } from './distribution.ts';
import { expose, exposedNames } from './exposition.ts';
import { GaugeInstrument } from './gauge.ts';
import { HistogramInstrument } from './histogram.ts';
import type { InstrumentKind, InstrumentSetup } from './instrument.ts';
import { checkLabelNames, checkMetricName } from './names.ts';
import {
  type CheckedRegistryOptions,
  checkRegistryOptions,
  type RegistryOptions,
} from './registry-options.ts';
import { renderReport, type ReportOptions } from './report.ts';
import { TDigestSketch } from './sketch/tdigest-sketch.ts';
import type { SketchFactory } from './sketch/sketch.ts';
import type { MetricSnapshot, RegistrySnapshot } from './snapshot.ts';
import { summarize } from './summary.ts';
import { type AnyInstrument, compareTexts, takeSnapshot } from './take-snapshot.ts';
import { TimerInstrument } from './timer.ts';

/** Slots that the retention window is cut into. */
const windowSlots = 12;

const reservedLabels: Readonly<Record<InstrumentKind, readonly string[]>> = {
  counter: [],
  gauge: [],
  histogram: ['le'],
  timer: ['le', 'outcome'],
};

const sketchFactories: Readonly<Record<CheckedRegistryOptions['sketch'], SketchFactory>> = {
  tdigest: () => new TDigestSketch(),
};

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
  readonly #instruments = new Map<string, AnyInstrument>();
  /** Names taken in the exposition, each with the metric that took it. */
  readonly #exposed = new Map<string, string>();
  readonly #rejected: CounterInstrument;

  /**
   * @throws TypeError when an option is of the wrong type
   * @throws RangeError when a number is out of range
   */
  constructor(options: RegistryOptions = {}) {
    this.#options = checkRegistryOptions(options);
    this.name = this.#options.name;
    this.enabled = this.#options.enabled;
    const help = 'Values that were not recorded: negative, not finite or no number.';
    const labelNames = ['metric'];
    this.#rejected = this.#instrument(
      'counter',
      'metrics_rejected_values_total',
      { help, labelNames },
      (setup) => new CounterInstrument(setup),
    );
  }

  /**
   * A sum that only grows.
   *
   * @throws TypeError when the name is bad, or taken by another kind or with other labels
   */
  counter<const Names extends readonly string[] = readonly []>(
    name: string,
    options: InstrumentOptions<Names> = {},
  ): Counter<Names> {
    if (!this.enabled) return noopMeter.counter(name, options);
    return this.#instrument('counter', name, options, (setup) => new CounterInstrument(setup));
  }

  /**
   * A value that goes up and down.
   *
   * @throws TypeError when the name is bad, or taken by another kind or with other labels
   */
  gauge<const Names extends readonly string[] = readonly []>(
    name: string,
    options: InstrumentOptions<Names> = {},
  ): Gauge<Names> {
    if (!this.enabled) return noopMeter.gauge(name, options);
    return this.#instrument('gauge', name, options, (setup) => new GaugeInstrument(setup));
  }

  /**
   * A distribution of values in a unit of the caller's choice.
   *
   * @throws TypeError when the name is bad, or taken by another kind, with other labels or buckets
   * @throws RangeError when the buckets do not ascend
   */
  histogram<const Names extends readonly string[] = readonly []>(
    name: string,
    options: HistogramOptions<Names> = {},
  ): Histogram<Names> {
    if (!this.enabled) return noopMeter.histogram(name, options);
    const distribution = this.#distributionOptions(options.buckets);
    const histogram = this.#instrument(
      'histogram',
      name,
      options,
      (setup) => new HistogramInstrument(setup, distribution, this.#options.clock),
    );
    checkSameBuckets(name, histogram.options, options.buckets);
    return histogram;
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
    options: HistogramOptions<Names> = {},
  ): Timer<Names> {
    if (!this.enabled) return noopMeter.timer(name, options);
    const distribution = this.#distributionOptions(options.buckets);
    const timer = this.#instrument(
      'timer',
      name,
      options,
      (setup) => new TimerInstrument(setup, distribution, this.#options.clock),
    );
    checkSameBuckets(name, timer.options, options.buckets);
    return timer;
  }

  /** Everything there is now, by name, as plain data that survives JSON. */
  snapshot(): RegistrySnapshot {
    const now = this.#options.clock.monotonic();
    const metrics = [...this.#instruments.values()]
      .map((instrument) => takeSnapshot(instrument, now))
      .filter((metric) => metric.series.length > 0)
      .sort((a, b) => compareTexts(a.name, b.name));
    return { takenAt: this.#options.clock.now(), metrics };
  }

  /** One metric as plain data, or `undefined` when there is none of this name. */
  find(name: string): MetricSnapshot | undefined {
    const instrument = this.#instruments.get(name);
    return instrument && takeSnapshot(instrument, this.#options.clock.monotonic());
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
   * Everything in the Prometheus text format, version 0.0.4, in an order that depends on names and
   * labels only. Serve it as `text/plain; version=0.0.4; charset=utf-8`.
   */
  exposition(): string {
    return expose(this.#instruments.values());
  }

  /**
   * Forgets what counters, histograms and timers recorded. Instruments and children stay valid.
   * Gauges, and what timers have under way, tell how things stand and are kept.
   */
  reset(): void {
    const now = this.#options.clock.monotonic();
    for (const instrument of this.#instruments.values()) instrument.reset(now);
  }

  #instrument<I extends AnyInstrument>(
    kind: I['kind'],
    name: string,
    options: InstrumentOptions,
    create: (setup: InstrumentSetup) => I,
  ): I {
    const labelNames = options.labelNames ?? [];
    const existing = this.#instruments.get(name);
    if (existing !== undefined) {
      checkSameShape(existing, kind, labelNames);
      return existing as I;
    }
    checkMetricName(name);
    checkLabelNames(name, labelNames, reservedLabels[kind]);
    this.#reserve(kind, name);
    const instrument = create({
      name,
      help: options.help ?? '',
      labelNames: [...labelNames],
      maxSeries: this.#options.maxSeries,
      onOverflow: () => this.#warnOfOverflow(name),
      onRejected: () => this.#rejected.labels(name).inc(),
    });
    this.#instruments.set(name, instrument);
    return instrument;
  }

  #reserve(kind: InstrumentKind, name: string): void {
    const names = exposedNames(kind, name);
    for (const exposed of names) {
      const owner = this.#exposed.get(exposed);
      if (owner === undefined) continue;
      throw new TypeError(`"${name}" would be exposed as ${exposed}, which "${owner}" is already`);
    }
    for (const exposed of names) this.#exposed.set(exposed, name);
  }

  #warnOfOverflow(metric: string): void {
    this.#options.logger?.warn(
      `${this.name}: "${metric}" has ${this.#options.maxSeries} series; further label values are recorded together, under "overflow"`,
    );
  }

  #distributionOptions(buckets: readonly number[] | undefined): DistributionOptions {
    return {
      bounds: bucketsOption(buckets, this.#options.buckets),
      window: {
        retentionMs: this.#options.retentionMs,
        slots: windowSlots,
        createSketch: sketchFactories[this.#options.sketch],
      },
    };
  }
}

function checkSameShape(
  existing: AnyInstrument,
  kind: InstrumentKind,
  labelNames: readonly string[],
): void {
  const same =
    existing.kind === kind &&
    existing.labelNames.length === labelNames.length &&
    existing.labelNames.every((name, index) => name === labelNames[index]);
  if (same) return;
  const describe = (what: InstrumentKind, names: readonly string[]): string =>
    `a ${what} with ${names.length === 0 ? 'no labels' : `the labels ${names.join(', ')}`}`;
  throw new TypeError(
    `"${existing.name}" is ${describe(existing.kind, existing.labelNames)}, not ${describe(kind, labelNames)}`,
  );
}

function checkSameBuckets(
  name: string,
  { bounds }: DistributionOptions,
  buckets: readonly number[] | undefined,
): void {
  const wanted = bucketsOption(buckets, bounds);
  if (wanted.length === bounds.length && wanted.every((bound, index) => bound === bounds[index])) {
    return;
  }
  throw new TypeError(`"${name}" has the buckets ${bounds.join(', ')}, not ${wanted.join(', ')}`);
}
