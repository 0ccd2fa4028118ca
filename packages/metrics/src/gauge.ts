import type { Gauge, GaugeChild } from '@x/interfaces';
import { Instrument, Series } from './instrument.ts';

class GaugeSeries extends Series implements GaugeChild {
  #value = 0;
  /** Whether it was set since it was last asked about its activity, also to the same value. */
  #touched = false;
  #activity = 0;

  get value(): number {
    return this.#value;
  }

  set(value: number): void {
    if (Number.isFinite(value)) {
      this.#value = value;
      this.#touched = true;
    } else {
      this.setup.onRejected();
    }
  }

  inc(amount: number = 1): void {
    if (Number.isFinite(amount)) this.set(this.#value + amount);
    else this.setup.onRejected();
  }

  dec(amount: number = 1): void {
    this.inc(-amount);
  }

  activity(): number {
    if (this.#touched) this.#activity++;
    this.#touched = false;
    return this.#activity;
  }

  /** A gauge tells how things stand, and they stand as before. */
  reset(): void {}
}

/** A value that goes up and down, by labels. */
export class GaugeInstrument extends Instrument<GaugeSeries> implements Gauge<readonly string[]> {
  readonly kind = 'gauge';

  set(): void {
    throw this.needsLabels();
  }

  inc(): void {
    throw this.needsLabels();
  }

  dec(): void {
    throw this.needsLabels();
  }

  protected createChild(): GaugeSeries {
    return new GaugeSeries(this.setup);
  }
}
