import {
  booleanOption,
  checkOptionNames,
  choiceOption,
  type Counter,
  describeValue,
  functionOption,
  type Gauge,
  type Histogram,
  type HistogramOptions,
  inspectable,
  type InstrumentOptions,
  type Meter,
  noopMeter,
  objectOption,
  type OptionNames,
  type Timer,
} from '@x/interfaces';
import { addDump } from './snapshots/add-dump.ts';
import { compareTexts } from './series/compare-texts.ts';
import { checkDumps, dumpInstrument, type RegistryDump } from './snapshots/dump.ts';
import { expose, exposeProtobuf, exposeStream } from './exposition/expose.ts';
import type { ExpositionSettings } from './exposition/families.ts';
import { openMetricsText, prometheusText } from './exposition/text-format.ts';
import { createHandler, type HandlerBody, type MetricsHandler } from './exposition/handler.ts';
import { InstrumentCatalog } from './instruments/instrument-catalog.ts';
import {
  type GaugeOptions,
  InstrumentMaker,
  type SeriesLimits,
} from './instruments/instrument-maker.ts';
import { labelsText } from './series/label-text.ts';
import { type AnswerFormat, negotiate } from './exposition/negotiate.ts';
import type { Observation } from './instruments/observed.ts';
import {
  type RegistryOptions,
  type RegistrySettings,
  registrySettings,
} from './registry-options.ts';
import {
  renderReport,
  reportLooks,
  reportOptionNames,
  type ReportOptions,
} from './reports/report.ts';
import { reportEvery } from './reports/report-every.ts';
import { type MetricSnapshot, RegistrySnapshot, type SnapshotData } from './snapshots/snapshot.ts';
import { summarize } from './reports/summary.ts';
import { takeSnapshot } from './snapshots/take-snapshot.ts';
import { TurnClock } from './distribution/turn-clock.ts';

const protobufContentType =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

const textFormats = { prometheus: prometheusText, openmetrics: openMetricsText } as const;

/** How an exposition is written. */
export interface ExpositionOptions {
  /**
   * `'prometheus'` for the text format 0.0.4, `'openmetrics'` for OpenMetrics 1.0, which has examples
   * and units as well.
   * @defaultValue `'prometheus'`
   */
  readonly format?: 'prometheus' | 'openmetrics' | undefined;
}

/** What a snapshot holds beside the figures. */
export interface SnapshotOptions {
  /** Whether distributions tell how their values lie, too. @defaultValue `false` */
  readonly shapes?: boolean | undefined;
}

/** How reports are told again and again. */
export interface ReportEveryOptions extends ReportOptions {
  /** Takes each report. @defaultValue the registry's logger (info), or standard error without one */
  readonly write?: ((report: string) => void) | undefined;
}

const expositionOptionNames: OptionNames<ExpositionOptions> = { known: { format: true } };
const snapshotOptionNames: OptionNames<SnapshotOptions> = { known: { shapes: true } };
const reportEveryOptionNames: OptionNames<ReportEveryOptions> = {
  known: { ...reportOptionNames, write: true },
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
  readonly #settings: RegistrySettings;
  readonly #clock: TurnClock;
  readonly #catalog: InstrumentCatalog;
  readonly #maker: InstrumentMaker;

  /**
   * @throws TypeError when an option is of the wrong type
   * @throws RangeError when a number is out of range
   */
  constructor(options: RegistryOptions = {}) {
    this.#settings = registrySettings(options);
    this.name = this.#settings.name;
    this.enabled = this.#settings.enabled;
    this.#clock = new TurnClock(this.#settings.clock);
    this.#catalog = new InstrumentCatalog(Object.keys(this.#settings.labels));
    this.#maker = new InstrumentMaker(this.#settings, this.#catalog, this.#clock);
    inspectable(this, this.#facts);
  }

  /**
   * A registry that holds what several others recorded, in this process or in others: counters, buckets
   * and what is in flight add up, windows and quantiles are merged, gauges become one as their `merge`
   * option says. Make a new one for each time you tell it; `options` are its own.
   *
   * @throws TypeError when `dumps` is no list of dumps, or one name has another kind, other labels, buckets
   * or another sketch engine in two of them
   */
  static merged(dumps: Iterable<RegistryDump>, options: RegistryOptions = {}): Registry {
    const registry = createRegistry(options);
    for (const dump of checkDumps(dumps)) addDump(registry.#maker, dump, registry.#clock.exact());
    return registry;
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
    return handedOut(this.#maker.counter(name, options));
  }

  /**
   * A value that goes up and down.
   *
   * @throws TypeError when the name is bad, or taken by another kind or with other labels
   */
  gauge<const Names extends readonly string[] = readonly []>(
    name: string,
    options: InstrumentOptions<Names> & SeriesLimits & GaugeOptions = {},
  ): Gauge<Names> {
    if (!this.enabled) return noopMeter.gauge(name, options);
    return handedOut(this.#maker.gauge(name, options));
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
    return handedOut(this.#maker.histogram(name, options));
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
    return handedOut(this.#maker.timer(name, options));
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
    if (this.enabled) this.#maker.observed('counter', name, options, observe);
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
    if (this.enabled) this.#maker.observed('gauge', name, options, observe);
  }

  /** Everything there is now, by name, as plain data that survives JSON. */
  snapshot(options: SnapshotOptions = {}): RegistrySnapshot {
    objectOption('options', options, '{ shapes }');
    checkOptionNames(options, snapshotOptionNames);
    const shapes = booleanOption('shapes', options.shapes, false);
    const now = this.#clock.exact();
    const metrics = Array.from(this.#catalog.all(), (one) => takeSnapshot(one, now, shapes))
      .filter((metric) => metric.series.length > 0)
      .sort((a, b) => compareTexts(a.name, b.name));
    return new RegistrySnapshot(this.#clock.wall(), metrics);
  }

  /**
   * One metric as plain data, or `undefined` when there is none of this name.
   *
   * @throws TypeError when `name` is no string
   */
  find(name: string): MetricSnapshot | undefined {
    if (typeof name !== 'string') {
      throw new TypeError(`name must be a string, got ${describeValue(name)}`);
    }
    const instrument = this.#catalog.get(name);
    return instrument && takeSnapshot(instrument, this.#clock.exact(), false);
  }

  /**
   * Everything as one flat object of numbers: `requests_total{method="GET"}` for counters and gauges,
   * `size_p95{...}` for histograms and `fetch_p95_ms{...}` for timers. The figures of a distribution
   * are count, mean, min, max, p50, p95 and p99; those that are not known are left out.
   */
  summary(): Record<string, number> {
    return summarize(this.snapshot());
  }

  /**
   * Everything as aligned tables for people, with units and P50, P95 and P99, and with a row of bars for
   * how values lie where the width allows it.
   *
   * @param snapshot - what to tell, instead of how things stand now; bars need one with `shapes`
   * @throws TypeError when an option is of the wrong type or name, or `snapshot` is none
   */
  report(
    options?: ReportOptions,
    snapshot: SnapshotData = this.snapshot({ shapes: true }),
  ): string {
    if (!Array.isArray(snapshot?.metrics)) {
      throw new TypeError(`snapshot must be one of a registry, got ${describeValue(snapshot)}`);
    }
    const title = `Metrics of "${this.name}"${this.enabled ? '' : ' (off)'}`;
    return renderReport(title, snapshot, options);
  }

  /**
   * Tells a report every `everyMs` milliseconds, until the result is disposed. It does not keep the
   * process alive.
   *
   * @throws TypeError or RangeError when `everyMs` is not above 0, or an option not what it should be
   */
  reportEvery(everyMs: number, options: ReportEveryOptions = {}): Disposable {
    objectOption('options', options, '{ write }');
    checkOptionNames(options, reportEveryOptionNames);
    const { write, ...looks } = options;
    // Later it would end the process, since nobody catches what a timer throws.
    reportLooks(looks);
    const { clock, logger } = this.#settings;
    const standard = (report: string): void => {
      if (logger === undefined) process.stderr.write(`${report}\n`);
      else logger.info(report);
    };
    const tell = functionOption('write', write, standard);
    return reportEvery(clock, everyMs, () => this.report(looks), tell);
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
   * Answers HTTP requests, of `node:http` or as `Request`, in the format that they accept: the Prometheus
   * text format, OpenMetrics, a snapshot as JSON, or protocol buffers with native histograms where
   * `nativeHistograms` is set. Whatever the path is.
   *
   * @throws TypeError when it is given anything, such as the request
   */
  handler(): MetricsHandler {
    // A route that calls this instead of what it answers would keep its client waiting for ever.
    if (arguments.length > 0) {
      throw new TypeError(
        'handler() takes nothing; what it answers takes the request: handler()(request, response)',
      );
    }
    const offered: AnswerFormat[] = ['prometheus', 'openmetrics', 'json'];
    if (this.#settings.nativeHistograms) offered.push('protobuf');
    return createHandler((accept) => this.#body(negotiate(accept, offered)));
  }

  /** Everything that was recorded, for {@link Registry.merged} in this process or another. */
  dump(): RegistryDump {
    const now = this.#clock.exact();
    return {
      metrics: Array.from(this.#catalog.all(), (instrument) => dumpInstrument(instrument, now)),
    };
  }

  /**
   * Forgets what counters, histograms and timers recorded. Instruments and children stay valid.
   * Gauges, and what timers have under way, tell how things stand and are kept.
   */
  reset(): void {
    const now = this.#clock.exact();
    for (const instrument of this.#catalog.all()) instrument.reset(now);
  }

  #body(format: AnswerFormat): HandlerBody {
    switch (format) {
      case 'prometheus':
      case 'openmetrics':
        return {
          contentType: textFormats[format].contentType,
          pieces: () => this.expositionStream({ format }),
        };
      case 'protobuf':
        return {
          contentType: protobufContentType,
          pieces: () => {
            const labels = Object.entries(this.#settings.labels);
            return exposeProtobuf(this.#catalog.all(), labels, this.#clock);
          },
        };
      case 'json':
        return {
          contentType: 'application/json; charset=utf-8',
          pieces: () => ReadableStream.from([JSON.stringify(this.snapshot())]),
        };
    }
  }

  #facts(this: void, self: Registry): object {
    return {
      name: self.name,
      enabled: self.enabled,
      metrics: self.#catalog.size,
    };
  }

  #expositionSettings(options: ExpositionOptions, sorted: boolean): ExpositionSettings {
    objectOption('options', options, "{ format: 'openmetrics' }");
    checkOptionNames(options, expositionOptionNames);
    const { format } = options;
    return {
      format:
        textFormats[choiceOption('format', format, 'prometheus', ['prometheus', 'openmetrics'])],
      commonPairs: labelsText(this.#settings.labels).slice(1, -1),
      sorted,
      now: this.#clock.exact(),
    };
  }
}

/** Outside of the class: compilers rename a class that mentions itself, and the console shows that name. */
function createRegistry(options: RegistryOptions): Registry {
  return new Registry(options);
}

/** The instrument, or its only child when it has no labels. */
function handedOut<I extends { readonly labelNames: readonly string[]; readonly own: unknown }>(
  instrument: I,
): I & I['own'] {
  return (instrument.labelNames.length === 0 ? instrument.own : instrument) as I & I['own'];
}
