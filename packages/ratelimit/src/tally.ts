import type { LimiterMeter } from './limiter-meter.ts';

/** What a limiter counted since it was made. */
export interface CallStats {
  /** Calls that got their permits, at once or after a wait. */
  readonly granted: number;
  /** Calls that were refused at once, without an error, by `tryAcquire`. */
  readonly refused: number;
  /** Calls that failed because their `timeoutMs` was too short. */
  readonly timedOut: number;
  /** Calls that gave up because their signal aborted. */
  readonly aborted: number;
  /** Calls that failed because too many waited already, or that made room for others then. */
  readonly queueFull: number;
  /** Calls that got their permits after a wait; part of `granted`. */
  readonly waited: number;
}

/** The same with how long the waits were. */
export interface WaitStats extends CallStats {
  /** How long those waited in total, in milliseconds. */
  readonly totalWaitMs: number;
  /** The longest of those waits, in milliseconds. */
  readonly maxWaitMs: number;
}

/** Counts for one limiter: plain fields, and a meter that is told of them where there is one. */
export class Tally {
  grantedPermits = 0;
  readonly meter: LimiterMeter | undefined;
  #granted = 0;
  #refused = 0;
  #timedOut = 0;
  #aborted = 0;
  #queueFull = 0;
  #waited = 0;
  #totalWaitMs = 0;
  #maxWaitMs = 0;

  constructor(meter: LimiterMeter | undefined) {
    this.meter = meter;
  }

  granted(permits: number): void {
    this.#granted++;
    this.grantedPermits += permits;
    if (this.meter !== undefined) this.meter.granted(permits);
  }

  refused(): void {
    this.#refused++;
    if (this.meter !== undefined) this.meter.refused();
  }

  timedOut(): void {
    this.#timedOut++;
    this.meter?.timedOut();
  }

  aborted(): void {
    this.#aborted++;
    this.meter?.aborted();
  }

  queueFull(): void {
    this.#queueFull++;
    this.meter?.queueFull();
  }

  /** A caller has come to the queue. */
  queued(): void {
    this.meter?.queued();
  }

  /** A caller has left the queue with its permits, after `waitMs`. */
  served(waitMs: number): void {
    this.#waited++;
    this.#totalWaitMs += waitMs;
    this.#maxWaitMs = Math.max(this.#maxWaitMs, waitMs);
    this.meter?.unqueued(waitMs, 'success');
  }

  /** A caller has left the queue without permits, after `waitMs`. */
  gaveUp(waitMs: number): void {
    this.meter?.unqueued(waitMs, 'failure');
  }

  /** A caller was served whose wait nobody measures. */
  servedUnmeasured(): void {
    this.#waited++;
  }

  stats(): WaitStats {
    return {
      granted: this.#granted,
      refused: this.#refused,
      timedOut: this.#timedOut,
      aborted: this.#aborted,
      queueFull: this.#queueFull,
      waited: this.#waited,
      totalWaitMs: this.#totalWaitMs,
      maxWaitMs: this.#maxWaitMs,
    };
  }
}
