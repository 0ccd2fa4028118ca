import type { Gauge, GaugeChild } from '@x/interfaces';
import { Instrument, type Series } from './instrument.ts';

class GaugeSeries implements GaugeChild, Series {
  readonly #onRejected: () => void;
  #value = 0;

  constructor(onRejected: () => void) {
    this.#onRejected = onRejected;
  }

  get value(): number {
    return this.#value;
  }

  set(value: number): void {
    if (Number.isFinite(value)) this.#value = value;
    else this.#onRejected();
  }

  inc(amount: number = 1): void {
    if (Number.isFinite(amount)) this.#value += amount;
    else this.#onRejected();
  }

  dec(amount: number = 1): void {
    this.inc(-amount);
  }

  /** A gauge tells how things stand, and they stand as before. */
  reset(): void {}
}

/** A value that goes up and down, by labels. */
export class GaugeInstrument extends Instrument<GaugeSeries> implements Gauge<readonly string[]> {
  readonly kind = 'gauge';

  set(value: number): void {
    this.own.set(value);
  }

  inc(amount: number = 1): void {
    this.own.inc(amount);
  }

  dec(amount: number = 1): void {
    this.own.dec(amount);
  }

  protected createChild(): GaugeSeries {
    return new GaugeSeries(this.setup.onRejected);
  }
}
