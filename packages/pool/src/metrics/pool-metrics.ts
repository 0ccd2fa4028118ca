import { type Meter, ToolkitError } from '@x/interfaces';
import type { Call } from '../call/call.ts';
import { connectionChannel, requestChannel, retryChannel } from './channels.ts';
import type { DispatcherStats } from '../dispatcher/bounded-dispatcher.ts';
import type { CloseReason } from '../dispatcher/scheduler.ts';
import { OriginMetrics, type Phase } from './origin-metrics.ts';
import { PoolGauges, type PoolLevels } from './pool-gauges.ts';
import type { PoolResponse, RequestTimings } from '../response/pool-response.ts';

/** What a pool has done since it was made. */
export interface PoolCounts {
  /** Calls of the pool's methods. */
  readonly requests: number;
  /**
   * Requests handed to the connections once they had their permits: unlike `attempts` of a response or
   * an error also replays and hedges. A `fetch` counts once, whatever redirects it follows.
   */
  readonly attempts: number;
  readonly retries: number;
  /** Retries that were not made because the budget of their origin was spent. */
  readonly retriesRefused: number;
  /** Requests sent again for free because their connection had been closed by the server. */
  readonly replays: number;
  /** Second requests sent because the first took long. */
  readonly hedges: number;
  /** Second requests that answered first. */
  readonly hedgesWon: number;
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

/** Origins with a label of their own, the first that come; the others share the label `other`. */
const mostOriginLabels = 20;

/** The outcome of a call that rejected, as a label. */
function outcomeOf(error: unknown): string {
  if (!ToolkitError.isToolkitError(error)) return 'aborted';
  const [, outcome] = /^ERR_POOL_(.*)$/.exec(error.code) ?? [];
  return (outcome ?? error.code.replace(/^ERR_/, '')).toLowerCase();
}

/** Counts for `stats()`, writes the same to a meter, and tells the diagnostics channels. */
export class PoolMetrics {
  readonly #counts = {
    requests: 0,
    attempts: 0,
    retries: 0,
    retriesRefused: 0,
    replays: 0,
    hedges: 0,
    hedgesWon: 0,
    failures: 0,
    bytesReceived: 0,
    connectionsOpened: 0,
    limiterWaitMs: 0,
  };
  readonly #meter: Meter | undefined;
  readonly #pool: string;
  readonly #origins = new Map<string, OriginMetrics>();
  readonly #gauges: PoolGauges | undefined;

  /** @param stats - what the dispatcher holds, for the gauges; without it there are none */
  constructor(meter: Meter | undefined, pool: string, stats: (() => DispatcherStats) | undefined) {
    this.#meter = meter;
    this.#pool = pool;
    if (meter !== undefined && stats !== undefined) {
      const levels = (): PoolLevels => ({ ...stats(), reuseRatio: this.reuseRatio });
      this.#gauges = new PoolGauges(meter, pool, levels);
    }
  }

  get counts(): PoolCounts {
    return { ...this.#counts };
  }

  /** Share of the requests sent that needed no new connection, from 0 to 1. */
  get reuseRatio(): number {
    const { attempts, connectionsOpened } = this.#counts;
    return attempts === 0 ? 0 : Math.max(0, 1 - connectionsOpened / attempts);
  }

  started(): void {
    this.#counts.requests++;
  }

  /** A call answered. */
  ended(call: Call, durationMs: number, status: number, response: PoolResponse | undefined): void {
    const timings = response?.timings;
    if (requestChannel.hasSubscribers) this.#publish(call, durationMs, status, undefined, timings);
    if (this.#meter === undefined) return;
    const metrics = this.#of(call.request.origin);
    const method = labelOf(call.request.method);
    metrics.requests(method, `${Math.floor(status / 100)}xx`).inc();
    metrics.durations(method).record(durationMs, 'success');
    if (timings !== undefined) recordPhases(metrics, timings);
    this.#gauges?.update();
  }

  /** A call rejected. */
  failed(call: Call, durationMs: number, error: unknown): void {
    this.#counts.failures++;
    const { status } = (error ?? {}) as { status?: number };
    if (requestChannel.hasSubscribers) this.#publish(call, durationMs, status, error, undefined);
    if (this.#meter === undefined) return;
    const metrics = this.#of(call.request.origin);
    const method = labelOf(call.request.method);
    const outcome = status === undefined ? outcomeOf(error) : `${Math.floor(status / 100)}xx`;
    metrics.requests(method, outcome).inc();
    metrics.durations(method).record(durationMs, 'failure');
    this.#gauges?.update();
  }

  attempted(): void {
    this.#counts.attempts++;
  }

  /** @param reason - a status, `timeout` or `network` */
  retried(origin: string, reason: string): void {
    this.#counts.retries++;
    this.#tellRetry(origin, reason);
    if (this.#meter !== undefined) this.#of(origin).retries(reason).inc();
  }

  retryRefused(origin: string): void {
    this.#counts.retriesRefused++;
    if (this.#meter !== undefined) this.#of(origin).retriesRefused.inc();
  }

  replayed(origin: string): void {
    this.#counts.replays++;
    this.#tellRetry(origin, 'replay');
    if (this.#meter !== undefined) this.#of(origin).replays.inc();
  }

  hedged(origin: string): void {
    this.#counts.hedges++;
    this.#tellRetry(origin, 'hedge');
    if (this.#meter !== undefined) this.#of(origin).hedges.inc();
  }

  hedgeWon(origin: string): void {
    this.#counts.hedgesWon++;
    if (this.#meter !== undefined) this.#of(origin).hedgesWon.inc();
  }

  received(origin: string, bytes: number): void {
    this.#counts.bytesReceived += bytes;
    if (this.#meter !== undefined && bytes > 0) this.#of(origin).bytes.inc(bytes);
  }

  waitedForLimits(waitMs: number): void {
    this.#counts.limiterWaitMs += waitMs;
  }

  connectionOpened(origin: string, connectMs: number): void {
    this.#counts.connectionsOpened++;
    this.#tellConnection(origin, 'open', connectMs, undefined);
    if (this.#meter === undefined) return;
    this.#of(origin).opened.inc();
    this.#gauges?.update();
  }

  connectionClosed(origin: string, reason: CloseReason): void {
    this.#tellConnection(origin, 'close', undefined, reason);
    if (this.#meter === undefined) return;
    this.#of(origin).closed(reason).inc();
    this.#gauges?.update();
  }

  /** The pool is closed: nothing changes any more. */
  closed(): void {
    this.#gauges?.[Symbol.dispose]();
  }

  #of(origin: string): OriginMetrics {
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    const label = this.#origins.size < mostOriginLabels ? origin : 'other';
    let metrics = this.#origins.get(label);
    if (metrics === undefined) {
      metrics = new OriginMetrics(this.#meter as Meter, this.#pool, label);
      this.#origins.set(label, metrics);
    }
    return metrics;
  }

  #publish(
    call: Call,
    durationMs: number,
    status: number | undefined,
    error: unknown,
    timings: RequestTimings | undefined,
  ): void {
    const { method, url, attempts } = call.facts;
    const facts = { pool: this.#pool, method, url, attempts };
    requestChannel.publish({ ...facts, status, error, durationMs, timings });
  }

  #tellRetry(origin: string, reason: string): void {
    if (retryChannel.hasSubscribers) retryChannel.publish({ pool: this.#pool, origin, reason });
  }

  #tellConnection(
    origin: string,
    event: 'open' | 'close',
    connectMs: number | undefined,
    reason: CloseReason | undefined,
  ): void {
    if (!connectionChannel.hasSubscribers) return;
    connectionChannel.publish({ pool: this.#pool, origin, event, connectMs, reason });
  }
}

function labelOf(method: string): string {
  return knownMethods.has(method) ? method : 'other';
}

function recordPhases({ phases }: OriginMetrics, timings: RequestTimings): void {
  const record = (phase: Phase, durationMs: number | undefined): void => {
    if (durationMs !== undefined) phases(phase).record(durationMs);
  };
  record('limit', timings.limitMs);
  record('queue', timings.queueMs);
  record('connect', timings.connectMs);
  record('tls', timings.tlsMs);
  record('first_byte', timings.firstByteMs);
  record('body', timings.bodyMs);
}
