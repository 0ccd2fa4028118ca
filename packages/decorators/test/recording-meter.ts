import {
  noopMeter,
  type Meter,
  type RunningTimer,
  type Timer,
  type TimerOutcome,
} from '@x/interfaces';

/** Remembers which timers ran, with their labels. */
export class RecordingMeter implements Meter {
  readonly calls: string[] = [];
  /** Every child that was asked for. */
  readonly made: string[] = [];
  refusal: Error | undefined;
  readonly outcomes: string[] = [];
  /** Measurements that were begun by hand, and how they ended. */
  started = 0;
  readonly stopped: string[] = [];
  readonly counter: Meter['counter'] = noopMeter.counter;
  readonly gauge: Meter['gauge'] = noopMeter.gauge;
  readonly histogram: Meter['histogram'] = noopMeter.histogram;

  timer<const Names extends readonly string[]>(name: string): Timer<Names> {
    if (this.refusal !== undefined) throw this.refusal;
    const textOf = (labels: string): string =>
      `${name}${labels.replaceAll('"', '').replaceAll(':', '=')}`;
    const child = (labels: string): Timer => ({
      start: () => this.#start(),
      record: () => {},
      labels: (values?: unknown) => {
        const labels = JSON.stringify(values);
        this.made.push(textOf(labels));
        return child(labels);
      },
      time: (fn) => {
        this.calls.push(textOf(labels));
        return this.#run(fn);
      },
    });
    return child('');
  }

  #start(): RunningTimer {
    let running = true;
    this.started++;
    const stop = (outcome: TimerOutcome = 'success'): number => {
      if (running) this.stopped.push(outcome);
      running = false;
      return 0;
    };
    return { stop, [Symbol.dispose]: () => void stop() };
  }

  #run<T>(fn: () => T): T {
    try {
      const result = fn();
      this.outcomes.push('returned');
      return result;
    } catch (error) {
      this.outcomes.push('threw');
      throw error;
    }
  }
}
