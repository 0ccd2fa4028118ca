import { describeValue, type Gauge, type GaugeChild } from '@x/interfaces';
import { Instrument, type InstrumentSetup, Series } from './instrument.ts';

/** How gauges of several registries become one. */
export type GaugeMerge = 'sum' | 'min' | 'max' | 'last';

class GaugeSeries extends Series implements GaugeChild {
  #value = 0;
  /** Whether it was set since it was last asked about its activity, also to the same value. */
  #touched = false;
  #activity = 0;
  #read: (() => number) | undefined;

  get value(): number {
    if (this.#read !== undefined) this.#ask(this.#read);
    return this.#value;
  }

  set(value: number): void {
    if (Number.isFinite(value)) {
      this.#value = value;
      this.#touched = true;
    } else {
      this.reject('the value', value);
    }
  }

  inc(amount: number = 1): void {
    if (Number.isFinite(amount)) this.set(this.#value + amount);
    else this.reject('the amount', amount);
  }

  dec(amount: number = 1): void {
    if (Number.isFinite(amount)) this.set(this.#value - amount);
    else this.reject('the amount', amount);
  }

  observe(read: () => number): Disposable {
    if (typeof read !== 'function') {
      throw new TypeError(
        `"${this.setup.name}" needs a function to ask, got ${describeValue(read)}`,
      );
    }
    this.#read = read;
    return {
      [Symbol.dispose]: () => {
        if (this.#read !== read) return;
        this.#ask(read);
        this.#read = undefined;
      },
    };
  }

  /** Takes in the value of another registry's gauge. */
  take(value: number, merge: GaugeMerge): void {
    if (merge === 'sum') this.inc(value);
    else if (merge === 'last' || this.activity() === 0) this.set(value);
    else this.set(merge === 'min' ? Math.min(this.#value, value) : Math.max(this.#value, value));
  }

  figures(): object {
    return { value: this.value };
  }

  activity(): number {
    if (this.#touched || this.#read !== undefined) this.#activity++;
    this.#touched = false;
    return this.#activity;
  }

  /** A gauge tells how things stand, and they stand as before. */
  reset(): void {}

  #ask(read: () => number): void {
    try {
      this.set(read());
    } catch {
      this.setup.onRejected();
    }
  }
}

/** A value that goes up and down, by labels. */
export class GaugeInstrument extends Instrument<GaugeSeries> implements Gauge<readonly string[]> {
  readonly kind = 'gauge';
  readonly merge: GaugeMerge;

  constructor(setup: InstrumentSetup, merge: GaugeMerge) {
    super(setup);
    this.merge = merge;
  }

  set(): void {
    throw this.needsLabels();
  }

  inc(): void {
    throw this.needsLabels();
  }

  dec(): void {
    throw this.needsLabels();
  }

  observe(): never {
    throw this.needsLabels();
  }

  protected createChild(): GaugeSeries {
    return new GaugeSeries(this.setup);
  }
}
