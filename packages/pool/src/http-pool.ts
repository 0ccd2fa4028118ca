import { numberOption } from '@x/interfaces';
import type { Call } from './call/call.ts';
import { CallRunner } from './call-runner.ts';
import {
  BoundedDispatcher,
  type CloseOptions,
  defaultCloseTimeoutMs,
} from './dispatcher/bounded-dispatcher.ts';
import { PoolClosedError } from './errors.ts';
import { HttpClient } from './http-client.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { type PoolCounts, PoolMetrics } from './pool-metrics.ts';
import type { HttpPoolOptions } from './pool-options.ts';
import { meterOf, poolSettings } from './pool-settings.ts';
import { proxyDispatcher } from './proxy.ts';

/** What a pool holds now, and what it has done since it was made. */
export interface PoolStats extends PoolCounts {
  /** Connections that count against the caps, those that are being opened included. */
  readonly connectionsOpen: number;
  readonly connectionsIdle: number;
  /** Requests that wait for a connection. */
  readonly queued: number;
  /** Share of the requests sent that needed no new connection, from 0 to 1. */
  readonly reuseRatio: number;
}

/**
 * HTTP over a bounded number of connections, with timeouts, retries, limits and figures. Close it when
 * it is no longer needed; forgetting to keeps no process alive.
 */
export class HttpPool extends HttpClient implements AsyncDisposable {
  readonly #context: PipelineContext;
  readonly #runner: CallRunner;
  readonly #bounded: BoundedDispatcher | undefined;
  readonly #lifecycle: { closing: boolean };
  #closed: Promise<void> | undefined;

  constructor(options: HttpPoolOptions = {}) {
    const lifecycle = { closing: false };
    const settings = poolSettings(options);
    const metrics = new PoolMetrics(meterOf(options), settings.name);
    let bounded: BoundedDispatcher | undefined;
    let { dispatcher } = options;
    if (dispatcher === undefined) dispatcher = bounded = createDispatcher(options);
    const context: PipelineContext = {
      settings,
      metrics,
      dispatcher,
      reportsConnections: dispatcher instanceof BoundedDispatcher,
      closing: () => lifecycle.closing,
    };
    const runner = new CallRunner(context);
    super(runner);
    this.#context = context;
    this.#runner = runner;
    this.#bounded = bounded;
    this.#lifecycle = lifecycle;
    bounded?.events.on('open', () => metrics.connectionOpened());
    bounded?.events.on('close', ({ reason }) => metrics.connectionClosed(reason));
  }

  /** The figures, as a copy. With a `dispatcher` of your own those of connections are 0. */
  stats(): PoolStats {
    const { counts } = this.#context.metrics;
    const { connectionsOpened, attempts } = counts;
    const none = { connectionsOpen: 0, connectionsIdle: 0, queued: 0 };
    return {
      ...counts,
      ...(this.#bounded?.stats() ?? none),
      reuseRatio: attempts === 0 ? 0 : Math.max(0, 1 - connectionsOpened / attempts),
    };
  }

  /**
   * Takes no more requests, fails with `ERR_CLOSED` what waits, lets requests under way finish within
   * `timeoutMs`, and then fails them too. It ends in any case. Safe to call twice.
   */
  close(options: CloseOptions = {}): Promise<void> {
    const timeoutMs = numberOption('timeoutMs', options.timeoutMs, defaultCloseTimeoutMs, {
      min: 0,
    });
    this.#lifecycle.closing = true;
    this.#closed ??= this.#close(timeoutMs);
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(timeoutMs: number): Promise<void> {
    const { clock, name, logger } = this.#context.settings;
    const closedError = (call: Call): Error => new PoolClosedError(call.facts, `pool "${name}"`);
    this.#runner.endCalls(closedError, 'pausing');
    const timer = clock.schedule(() => {
      const ended = this.#runner.endCalls(closedError, 'all');
      logger?.warn(`pool "${name}": ${ended} requests did not finish in time and were aborted`);
    }, timeoutMs);
    await Promise.all([this.#bounded?.close({ timeoutMs }), this.#runner.idle()]);
    timer[Symbol.dispose]();
  }
}

function createDispatcher(options: HttpPoolOptions): BoundedDispatcher {
  const via = proxyDispatcher(options);
  return new BoundedDispatcher({ ...options, via });
}
