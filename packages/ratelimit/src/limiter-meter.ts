import type { CounterChild, GaugeChild, Meter, TimerChild, TimerOutcome } from '@x/interfaces';

/** Which kind of limiter is measured: it begins the names of the metrics. */
export type LimiterKind = 'rate_limiter' | 'concurrency_limiter';

/** Writes what one limiter does to a meter, under its name. */
export class LimiterMeter {
  readonly #granted: CounterChild;
  readonly #refused: CounterChild;
  readonly #timedOut: CounterChild;
  readonly #aborted: CounterChild;
  readonly #queueFull: CounterChild;
  readonly #permits: CounterChild | undefined;
  readonly #wait: TimerChild;
  readonly #queued: GaugeChild;
  readonly #active: GaugeChild | undefined;

  constructor(meter: Meter, kind: LimiterKind, name: string) {
    const calls = meter.counter(`${kind}_calls_total`, {
      help: 'Calls for permits, by how they ended.',
      labelNames: ['limiter', 'outcome'],
    });
    this.#granted = calls.labels(name, 'granted');
    this.#refused = calls.labels(name, 'refused');
    this.#timedOut = calls.labels(name, 'timed_out');
    this.#aborted = calls.labels(name, 'aborted');
    this.#queueFull = calls.labels(name, 'queue_full');
    this.#wait = meter
      .timer(`${kind}_wait`, {
        help: 'How long callers waited who could not be served at once.',
        labelNames: ['limiter'],
      })
      .labels(name);
    this.#queued = meter
      .gauge(`${kind}_queued`, { help: 'Callers waiting for permits.', labelNames: ['limiter'] })
      .labels(name);
    // What a rate limiter hands out is spent, what a concurrency limiter hands out comes back.
    if (kind === 'rate_limiter') {
      this.#permits = meter
        .counter(`${kind}_permits_total`, { help: 'Permits handed out.', labelNames: ['limiter'] })
        .labels(name);
    } else {
      this.#active = meter
        .gauge(`${kind}_active`, { help: 'Permits held.', labelNames: ['limiter'] })
        .labels(name);
    }
  }

  granted(permits: number): void {
    this.#granted.inc();
    this.#permits?.inc(permits);
    this.#active?.inc(permits);
  }

  released(permits: number): void {
    this.#active?.dec(permits);
  }

  refused(): void {
    this.#refused.inc();
  }

  timedOut(): void {
    this.#timedOut.inc();
  }

  aborted(): void {
    this.#aborted.inc();
  }

  queueFull(): void {
    this.#queueFull.inc();
  }

  queued(): void {
    this.#queued.inc();
  }

  unqueued(waitMs: number, outcome: TimerOutcome): void {
    this.#queued.dec();
    this.#wait.record(waitMs, outcome);
  }
}
