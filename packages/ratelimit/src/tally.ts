import type { CounterChild, GaugeChild, Meter, TimerChild } from '@x/interfaces';

/** What a limiter counted since it was made. */
export interface WaitStats {
  /** Calls that got their permits, at once or after a wait. */
  readonly granted: number;
  /** Calls that were refused at once, without an error, by `tryAcquire`. */
  readonly refused: number;
  /** Calls that failed because their `timeoutMs` was too short. */
  readonly timedOut: number;
  /** Calls that gave up because their signal aborted. */
  readonly aborted: number;
  /** Calls that got their permits after a wait; part of `granted`. */
  readonly waited: number;
  /** How long those waited in total, in milliseconds. */
  readonly totalWaitMs: number;
  /** The longest of those waits, in milliseconds. */
  readonly maxWaitMs: number;
}

/** Counts for one limiter, kept for its `stats()` and written to its meter. */
export class Tally {
  #granted = 0;
  #refused = 0;
  #timedOut = 0;
  #aborted = 0;
  #waited = 0;
  #totalWaitMs = 0;
  #maxWaitMs = 0;
  readonly #grantedCounter: CounterChild;
  readonly #refusedCounter: CounterChild;
  readonly #timedOutCounter: CounterChild;
  readonly #abortedCounter: CounterChild;
  readonly #waitTimer: TimerChild;
  readonly #queuedGauge: GaugeChild;

  /** @param prefix - begins the names of the metrics, for example `rate_limiter` */
  constructor(meter: Meter, prefix: string, name: string) {
    const calls = meter.counter(`${prefix}_calls_total`, {
      help: 'Calls for permits, by how they ended.',
      labelNames: ['name', 'outcome'],
    });
    this.#grantedCounter = calls.labels(name, 'granted');
    this.#refusedCounter = calls.labels(name, 'refused');
    this.#timedOutCounter = calls.labels(name, 'timed_out');
    this.#abortedCounter = calls.labels(name, 'aborted');
    this.#waitTimer = meter
      .timer(`${prefix}_wait`, {
        help: 'How long callers waited who could not be served at once.',
        labelNames: ['name'],
      })
      .labels(name);
    this.#queuedGauge = meter
      .gauge(`${prefix}_queued`, { help: 'Callers waiting for permits.', labelNames: ['name'] })
      .labels(name);
  }

  granted(): void {
    this.#granted++;
    this.#grantedCounter.inc();
  }

  refused(): void {
    this.#refused++;
    this.#refusedCounter.inc();
  }

  timedOut(): void {
    this.#timedOut++;
    this.#timedOutCounter.inc();
  }

  aborted(): void {
    this.#aborted++;
    this.#abortedCounter.inc();
  }

  /** A caller has come to the queue. */
  queued(): void {
    this.#queuedGauge.inc();
  }

  /** A caller has left the queue after `waitMs`. */
  unqueued(waitMs: number, outcome: 'success' | 'failure'): void {
    this.#queuedGauge.dec();
    this.#waitTimer.record(waitMs, outcome);
    if (outcome === 'failure') return;
    this.#waited++;
    this.#totalWaitMs += waitMs;
    this.#maxWaitMs = Math.max(this.#maxWaitMs, waitMs);
  }

  stats(): WaitStats {
    return {
      granted: this.#granted,
      refused: this.#refused,
      timedOut: this.#timedOut,
      aborted: this.#aborted,
      waited: this.#waited,
      totalWaitMs: this.#totalWaitMs,
      maxWaitMs: this.#maxWaitMs,
    };
  }
}
