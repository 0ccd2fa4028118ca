import type { Counter, CounterChild } from '@x/interfaces';
import { Instrument, type Series } from './instrument.ts';

class CounterSeries implements CounterChild, Series {
  readonly #onRejected: () => void;
  #value = 0;

  constructor(onRejected: () => void) {
    this.#onRejected = onRejected;
  }

  get value(): number {
    return this.#value;
  }

  inc(amount: number = 1): void {
    if (amount >= 0 && amount < Infinity && typeof amount === 'number') this.#value += amount;
    else this.#onRejected();
  }

  reset(): void {
    this.#value = 0;
  }
}

/** A sum that only grows, by labels. */
export class CounterInstrument
  extends Instrument<CounterSeries>
  implements Counter<readonly string[]>
{
  readonly kind = 'counter';

  inc(amount: number = 1): void {
    this.own.inc(amount);
  }

  protected createChild(): CounterSeries {
    return new CounterSeries(this.setup.onRejected);
  }
}
