import type { Exemplar, Histogram, HistogramChild } from '@x/interfaces';
import { Distribution, type DistributionOptions } from '../distribution/distribution.ts';
import { Instrument, type InstrumentSetup, Series } from './instrument.ts';
import type { TurnClock } from '../distribution/turn-clock.ts';

class HistogramSeries extends Series implements HistogramChild {
  readonly distribution: Distribution;
  readonly #clock: TurnClock;

  constructor(setup: InstrumentSetup, distribution: Distribution, clock: TurnClock) {
    super(setup);
    this.distribution = distribution;
    this.#clock = clock;
  }

  observe(value: number, exemplar?: Exemplar): void {
    if (Number.isFinite(value)) {
      this.distribution.record(value, this.#clock.now());
      if (exemplar !== undefined) {
        this.distribution.exemplify(exemplar, value, this.#clock.wall());
      }
    } else {
      this.reject('the value', value);
    }
  }

  figures(): object {
    const { count, sum } = this.distribution;
    return { count, sum };
  }

  activity(): number {
    return this.distribution.count;
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
  readonly #clock: TurnClock;

  constructor(setup: InstrumentSetup, options: DistributionOptions, clock: TurnClock) {
    super(setup);
    this.options = options;
    this.#clock = clock;
  }

  observe(): void {
    throw this.needsLabels();
  }

  protected createChild(): HistogramSeries {
    const distribution = new Distribution(this.options, this.#clock.exact());
    return new HistogramSeries(this.setup, distribution, this.#clock);
  }
}
