import {
  choiceOption,
  describeError,
  describeValue,
  type HistogramOptions,
  type InstrumentOptions,
} from '@x/interfaces';
import { BucketLookup } from '../distribution/bucket-lookup.ts';
import { bucketsOption } from '../distribution/buckets.ts';
import { CounterInstrument } from './counter.ts';
import type { DistributionOptions } from '../distribution/distribution.ts';
import { GaugeInstrument, type GaugeMerge } from './gauge.ts';
import { HistogramInstrument } from './histogram.ts';
import type { InstrumentSetup } from './instrument.ts';
import type { InstrumentCatalog } from './instrument-catalog.ts';
import { checkInstrumentOptions } from './instrument-options.ts';
import { type Observation, ObservedInstrument } from './observed.ts';
import { idleTimeoutOption, maxSeriesOption, type RegistrySettings } from '../registry-options.ts';
import { ExponentialSketch } from '../sketch/exponential-sketch.ts';
import type { SketchFactory } from '../sketch/sketch.ts';
import { TDigestSketch } from '../sketch/tdigest-sketch.ts';
import { TimerInstrument } from './timer.ts';
import type { TurnClock } from '../distribution/turn-clock.ts';

/** Slots that the retention window is cut into. */
const windowSlots = 12;

const sketchFactories: Readonly<Record<RegistrySettings['sketch'], SketchFactory>> = {
  exponential: () => new ExponentialSketch(),
  tdigest: () => new TDigestSketch(),
};

/** What a metric may have beside help and label names. */
export interface SeriesLimits {
  /** Most series of this metric. @defaultValue that of the registry */
  readonly maxSeries?: number | undefined;
  /** How long a series may record nothing before it is left out, ms. @defaultValue that of the registry */
  readonly idleTimeoutMs?: number | undefined;
}

/** Options of a gauge. */
export interface GaugeOptions {
  /** How the values of several registries become one when they are merged. @defaultValue `'sum'` */
  readonly merge?: GaugeMerge | undefined;
}

type Facts = Pick<InstrumentSetup, 'name' | 'help' | 'labelNames'>;

/** Makes the instruments of a registry, or finds those that are there. */
export class InstrumentMaker {
  readonly #settings: RegistrySettings;
  readonly #catalog: InstrumentCatalog;
  readonly #clock: TurnClock;
  readonly #rejected: CounterInstrument;

  constructor(settings: RegistrySettings, catalog: InstrumentCatalog, clock: TurnClock) {
    this.#settings = settings;
    this.#catalog = catalog;
    this.#clock = clock;
    this.#rejected = this.counter('metrics_rejected_values_total', {
      help: 'Values that were not recorded: negative, not finite or missing.',
      labelNames: ['metric'],
    });
  }

  counter(name: string, options: InstrumentOptions & SeriesLimits): CounterInstrument {
    checkInstrumentOptions('counter', options);
    const create = (facts: Facts): CounterInstrument =>
      new CounterInstrument(this.#setup(facts, options));
    return this.#catalog.getOrCreate('counter', name, options, create);
  }

  gauge(name: string, options: InstrumentOptions & SeriesLimits & GaugeOptions): GaugeInstrument {
    checkInstrumentOptions('gauge', options);
    const merge = choiceOption('merge', options.merge, 'sum', ['sum', 'min', 'max', 'last']);
    const create = (facts: Facts): GaugeInstrument =>
      new GaugeInstrument(this.#setup(facts, options), merge);
    return this.#catalog.getOrCreate('gauge', name, options, create);
  }

  histogram(name: string, options: HistogramOptions & SeriesLimits): HistogramInstrument {
    checkInstrumentOptions('histogram', options);
    const distribution = this.#distributionOptions(options.buckets, 1);
    const create = (facts: Facts): HistogramInstrument =>
      new HistogramInstrument(this.#setup(facts, options), distribution, this.#clock);
    const histogram = this.#catalog.getOrCreate('histogram', name, options, create);
    checkSameBuckets(name, histogram.options, options.buckets);
    return histogram;
  }

  timer(name: string, options: HistogramOptions & SeriesLimits): TimerInstrument {
    checkInstrumentOptions('timer', options);
    const distribution = this.#distributionOptions(options.buckets, 1_000);
    const create = (facts: Facts): TimerInstrument =>
      new TimerInstrument(this.#setup(facts, options), distribution, this.#clock);
    const timer = this.#catalog.getOrCreate('timer', name, options, create);
    checkSameBuckets(name, timer.options, options.buckets);
    return timer;
  }

  observed(
    kind: 'counter' | 'gauge',
    name: string,
    options: InstrumentOptions & SeriesLimits,
    observe: () => Observation,
  ): void {
    if (typeof observe !== 'function') {
      const example = `observed${kind === 'gauge' ? 'Gauge' : 'Counter'}("${name}", {}, () => 1)`;
      throw new TypeError(
        `observe must be a function after the options, as in ${example}, got ${describeValue(observe)}`,
      );
    }
    checkInstrumentOptions('observed', options);
    if (this.#catalog.get(name) !== undefined) throw new TypeError(`"${name}" is there already`);
    const onFailure = (error: unknown): void =>
      this.#settings.logger?.error(
        `${this.#settings.name}: "${name}" could not be observed: ${describeError(error)}`,
      );
    this.#catalog.getOrCreate(kind, name, options, (facts) => {
      const setup = { ...this.#setup(facts, options), onFailure };
      return new ObservedInstrument(kind, setup, observe);
    });
  }

  #setup(facts: Facts, limits: SeriesLimits): InstrumentSetup {
    const { logger, name } = this.#settings;
    const maxSeries = maxSeriesOption(limits.maxSeries, this.#settings.maxSeries);
    return {
      ...facts,
      maxSeries,
      idleTimeoutMs: idleTimeoutOption(limits.idleTimeoutMs, this.#settings.idleTimeoutMs),
      onOverflow: () => {
        logger?.warn(
          `${name}: "${facts.name}" has ${maxSeries} series; further label values are recorded together, under "overflow"`,
        );
      },
      onRejected: () => this.#rejected.labels(facts.name).inc(),
      wallTime: () => this.#clock.wall(),
    };
  }

  #distributionOptions(buckets: readonly number[] | undefined, scale: number): DistributionOptions {
    const { retentionMs, sketch, nativeHistograms } = this.#settings;
    return {
      buckets: new BucketLookup(bucketsOption(buckets, this.#settings.buckets)),
      window: { retentionMs, slots: windowSlots, createSketch: sketchFactories[sketch] },
      total: nativeHistograms ? { create: sketchFactories.exponential, scale } : undefined,
    };
  }
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
