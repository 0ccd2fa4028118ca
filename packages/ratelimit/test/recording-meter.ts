import {
  type CounterChild,
  type GaugeChild,
  type Meter,
  noopMeter,
  type TimerChild,
} from '@x/interfaces';

/** Adds up what is written to it, by metric and label values: `rate_limiter_queued{a}`. */
export class RecordingMeter implements Meter {
  readonly values: Map<string, number> = new Map();
  readonly counter: Meter['counter'] = this.#labelled((add): CounterChild => ({
    inc: (amount) => add(amount),
  }));
  readonly gauge: Meter['gauge'] = this.#labelled((add, set): GaugeChild => ({
    set,
    inc: add,
    dec: (amount = 1) => add(-amount),
  }));
  readonly timer: Meter['timer'] = this.#labelled((add): TimerChild => ({
    ...noopMeter.timer(''),
    record: (durationMs, outcome) => add(durationMs, outcome),
  }));
  readonly histogram: Meter['histogram'] = (name) => noopMeter.histogram(name);

  #labelled(
    createChild: (
      add: (amount?: number, more?: string) => void,
      set: (value: number) => void,
    ) => unknown,
  ): never {
    const instrument = (name: string): unknown => ({
      labels: (...labels: string[]) =>
        createChild(
          (amount = 1, more) => {
            const key = `${name}{${[...labels, ...(more === undefined ? [] : [more])].join(',')}}`;
            this.values.set(key, (this.values.get(key) ?? 0) + amount);
          },
          (value) => this.values.set(`${name}{${labels.join(',')}}`, value),
        ),
    });
    return instrument as never;
  }
}
