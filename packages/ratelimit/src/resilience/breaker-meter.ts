import type { CallOutcome, CircuitState, CounterChild, GaugeChild, Meter } from '@x/interfaces';

/** Writes what one breaker does to a meter, under its name. */
export class BreakerMeter {
  readonly #calls: Readonly<Record<CallOutcome | 'refused', CounterChild>>;
  readonly #opened: CounterChild;
  readonly #open: GaugeChild;

  constructor(meter: Meter, name: string) {
    const calls = meter.counter('circuit_breaker_calls_total', {
      help: 'Calls through the breaker, by how they ended.',
      labelNames: ['breaker', 'outcome'],
    });
    this.#calls = {
      success: calls.labels(name, 'success'),
      failure: calls.labels(name, 'failure'),
      ignored: calls.labels(name, 'ignored'),
      refused: calls.labels(name, 'refused'),
    };
    this.#opened = meter
      .counter('circuit_breaker_opened_total', {
        help: 'How often the breaker opened.',
        labelNames: ['breaker'],
      })
      .labels(name);
    this.#open = meter
      .gauge('circuit_breaker_open', {
        help: '1 while the breaker refuses calls or only tries some, else 0.',
        labelNames: ['breaker'],
      })
      .labels(name);
  }

  call(outcome: CallOutcome | 'refused'): void {
    this.#calls[outcome].inc();
  }

  changed(state: CircuitState): void {
    this.#open.set(state === 'closed' ? 0 : 1);
    if (state === 'open') this.#opened.inc();
  }
}
