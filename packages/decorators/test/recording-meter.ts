import { noopMeter, type Meter, type Timer } from '@x/interfaces';

/** Remembers which timers ran, with their labels. */
export class RecordingMeter implements Meter {
  readonly calls: string[] = [];
  readonly outcomes: string[] = [];
  readonly counter: Meter['counter'] = noopMeter.counter;
  readonly gauge: Meter['gauge'] = noopMeter.gauge;
  readonly histogram: Meter['histogram'] = noopMeter.histogram;

  timer<const Names extends readonly string[]>(name: string): Timer<Names> {
    const child = (labels: string): Timer => ({
      start: () => noopMeter.timer('x').start(),
      record: () => {},
      labels: (values?: unknown) => child(JSON.stringify(values)),
      time: (fn) => {
        this.calls.push(`${name}${labels.replaceAll('"', '').replaceAll(':', '=')}`);
        return this.#run(fn);
      },
    });
    return child('');
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
