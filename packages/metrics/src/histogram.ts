import type { Clock, Histogram, HistogramChild } from '@x/interfaces';
import { Distribution, type DistributionOptions } from './distribution.ts';
import { Instrument, type InstrumentSetup, type Series } from './instrument.ts';

class HistogramSeries implements HistogramChild, Series {
  readonly distribution: Distribution;
  readonly #clock: Clock;
  readonly #onRejected: () => void;

  constructor(distribution: Distribution, clock: Clock, onRejected: () => void) {
    this.distribution = distribution;
    this.#clock = clock;
    this.#onRejected = onRejected;
  }

  observe(value: number): void {
    if (Number.isFinite(value)) this.distribution.record(value, this.#clock.monotonic());
    else this.#onRejected();
  }

  reset(now: number): void {
    this.distribution.reset(now);
  }
}

/** A distribution of values, by labels. */
export class HistogramInstrument
  extends Instrument<HistogramSeries>
  implements Histogram<readonly string[]>
{
  readonly kind = 'histogram';
  readonly options: DistributionOptions;
  readonly #clock: Clock;

  constructor(setup: InstrumentSetup, options: DistributionOptions, clock: Clock) {
    super(setup);
    this.options = options;
    this.#clock = clock;
  }

  observe(value: number): void {
    this.own.observe(value);
  }

  protected createChild(): HistogramSeries {
    const distribution = new Distribution(this.options, this.#clock.monotonic());
    return new HistogramSeries(distribution, this.#clock, this.setup.onRejected);
  }
}
