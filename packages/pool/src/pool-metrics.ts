import type { CounterChild, GaugeChild, Meter, TimerChild } from '@x/interfaces';
import { ToolkitError } from '@x/interfaces';

/** What a pool has done since it was made. */
export interface PoolCounts {
  /** Calls of the pool's methods. */
  readonly requests: number;
  /** Requests sent: first attempts, retries, redirects and replays. */
  readonly attempts: number;
  readonly retries: number;
  /** Requests sent again for free because their connection had been closed by the server. */
  readonly replays: number;
  /** Calls that rejected, a status of 400 or above included where it rejects. */
  readonly failures: number;
  /** Bytes of bodies on the wire. */
  readonly bytesReceived: number;
  readonly connectionsOpened: number;
  /** Milliseconds that all calls together waited for permits. */
  readonly limiterWaitMs: number;
}

const knownMethods: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT PATCH DELETE OPTIONS'.split(' '),
);

/** The outcome of a call that rejected, as a label. */
function outcomeOf(error: unknown): string {
  if (!ToolkitError.isToolkitError(error)) return 'aborted';
  const [, outcome] = /^ERR_POOL_(.*)$/.exec(error.code) ?? [];
  return (outcome ?? error.code.replace(/^ERR_/, '')).toLowerCase();
}

/** Counts for `stats()`, and writes the same to a meter. */
export class PoolMetrics {
  readonly #counts = {
    requests: 0,
    attempts: 0,
    retries: 0,
    replays: 0,
    failures: 0,
    bytesReceived: 0,
    connectionsOpened: 0,
    limiterWaitMs: 0,
  };
  readonly #requests: (method: string, outcome: string) => CounterChild;
  readonly #durations: (method: string) => TimerChild;
  readonly #retries: (reason: string) => CounterChild;
  readonly #closed: (reason: string) => CounterChild;
  readonly #replays: CounterChild;
  readonly #opened: CounterChild;
  readonly #open: GaugeChild;
  readonly #queueWait: TimerChild;
  readonly #limiterWait: TimerChild;
  readonly #bytes: CounterChild;

  constructor(meter: Meter, pool: string) {
    const requests = meter.counter('pool_requests_total', {
      help: 'Requests by method and by status class or error',
      labelNames: ['pool', 'method', 'outcome'],
    });
    const durations = meter.timer('pool_request_duration', {
      help: 'Time of requests with all their waits and attempts',
      labelNames: ['pool', 'method'],
    });
    const retries = meter.counter('pool_retries_total', {
      help: 'Retries by what they were for',
      labelNames: ['pool', 'reason'],
    });
    const closed = meter.counter('pool_connections_closed_total', {
      help: 'Connections closed, by reason',
      labelNames: ['pool', 'reason'],
    });
    const counter = (name: string, help: string): CounterChild =>
      meter.counter(name, { help, labelNames: ['pool'] }).labels(pool);
    const timer = (name: string, help: string): TimerChild =>
      meter.timer(name, { help, labelNames: ['pool'] }).labels(pool);
    this.#requests = (method, outcome) => requests.labels(pool, method, outcome);
    this.#durations = (method) => durations.labels(pool, method);
    this.#retries = (reason) => retries.labels(pool, reason);
    this.#closed = (reason) => closed.labels(pool, reason);
    this.#replays = counter('pool_replays_total', 'Requests sent again over a new connection');
    this.#opened = counter('pool_connections_opened_total', 'Connections opened');
    this.#open = meter
      .gauge('pool_connections_open', { help: 'Connections open now', labelNames: ['pool'] })
      .labels(pool);
    this.#queueWait = timer('pool_queue_wait', 'Wait for a free connection');
    this.#limiterWait = timer('pool_limiter_wait', 'Wait for permits');
    this.#bytes = counter('pool_received_bytes_total', 'Bytes of bodies received, on the wire');
  }

  get counts(): PoolCounts {
    return { ...this.#counts };
  }

  started(): void {
    this.#counts.requests++;
  }

  /** @param result - the status of the answer, or what the call rejected with */
  ended(method: string, durationMs: number, result: { status: number } | { error: unknown }): void {
    const label = knownMethods.has(method) ? method : 'other';
    const failed = 'error' in result;
    if (failed) this.#counts.failures++;
    const status = failed ? (result.error as { status?: number }).status : result.status;
    const outcome =
      status === undefined
        ? outcomeOf((result as { error: unknown }).error)
        : `${Math.floor(status / 100)}xx`;
    this.#requests(label, outcome).inc();
    this.#durations(label).record(durationMs, failed ? 'failure' : 'success');
  }

  attempted(): void {
    this.#counts.attempts++;
  }

  retried(reason: string): void {
    this.#counts.retries++;
    this.#retries(reason).inc();
  }

  replayed(): void {
    this.#counts.replays++;
    this.#replays.inc();
  }

  received(bytes: number): void {
    this.#counts.bytesReceived += bytes;
    this.#bytes.inc(bytes);
  }

  waitedForConnection(waitMs: number): void {
    this.#queueWait.record(waitMs);
  }

  waitedForLimits(waitMs: number): void {
    this.#counts.limiterWaitMs += waitMs;
    this.#limiterWait.record(waitMs);
  }

  connectionOpened(): void {
    this.#counts.connectionsOpened++;
    this.#opened.inc();
    this.#open.inc();
  }

  connectionClosed(reason: string): void {
    this.#closed(reason).inc();
    this.#open.dec();
  }
}
