import { inspectable, meterOption, pickOptions } from '@x/interfaces';
import type { Dispatcher } from 'undici';
import type { Call } from './call/call.ts';
import { CallList } from './call/call-list.ts';
import { CallRunner } from './call-runner.ts';
import {
  BoundedDispatcher,
  type CloseOptions,
  closeTimeout,
} from './dispatcher/bounded-dispatcher.ts';
import { connectionOptionNames } from './dispatcher/dispatcher-options.ts';
import { PoolClosedError } from './errors/pool-closed-error.ts';
import { ExtendedClient, HttpClient } from './http-client.ts';
import { OriginStates } from './origins/origin-states.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { type PoolCounts, PoolMetrics } from './metrics/pool-metrics.ts';
import type { HttpPoolOptions } from './pool-options.ts';
import { poolSettings } from './pool-settings.ts';
import { proxyDispatcher } from './proxy.ts';
import { resolveUrl } from './request/request-url.ts';
import { UnreadBodies } from './response/unread-bodies.ts';
import { Timeouts } from './timeouts.ts';

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
  readonly #bounded: BoundedDispatcher | undefined;
  readonly #lifecycle: { closing: boolean };
  #closed: Promise<void> | undefined;

  constructor(options: HttpPoolOptions = {}) {
    const lifecycle = { closing: false };
    const settings = poolSettings(options);
    const own = options.dispatcher === undefined ? createDispatcher(options) : undefined;
    const dispatcher = own ?? (options.dispatcher as Dispatcher);
    const stats = own && (() => own.stats());
    const metrics = new PoolMetrics(meterOption(options.meter), settings.name, stats);
    const context: PipelineContext = {
      settings,
      metrics,
      dispatcher,
      timeouts: new Timeouts(settings.clock),
      origins: new OriginStates(settings),
      unreadBodies: new UnreadBodies(settings.name, settings.logger),
      calls: new CallList(),
      reportsConnections: dispatcher instanceof BoundedDispatcher,
      closing: () => lifecycle.closing,
    };
    super(new CallRunner(context));
    this.#context = context;
    this.#bounded = own;
    this.#lifecycle = lifecycle;
    own?.events.on('open', ({ origin, connectMs }) => metrics.connectionOpened(origin, connectMs));
    own?.events.on('close', ({ origin, reason }) => metrics.connectionClosed(origin, reason));
    inspectable(this, this.#facts);
  }

  /** The figures, as a copy. With a `dispatcher` of your own those of connections are 0. */
  stats(): PoolStats {
    const { counts, reuseRatio } = this.#context.metrics;
    const none = { connectionsOpen: 0, connectionsIdle: 0, queued: 0 };
    return {
      ...counts,
      ...(this.#bounded?.stats() ?? none),
      reuseRatio,
    };
  }

  /**
   * A client over the same pool whose requests pass through undici's `interceptors`, the last one first.
   * They see each attempt by itself: redirects, retries and limits stay outside.
   */
  compose(...interceptors: Dispatcher.DispatcherComposeInterceptor[]): HttpClient {
    const dispatcher = this.#context.dispatcher.compose(interceptors);
    return new ExtendedClient(new CallRunner({ ...this.#context, dispatcher }));
  }

  /**
   * Opens connections to the origin of `url` ahead of requests, as far as the caps allow.
   *
   * @param count - how many more connections; at least 1
   * @returns how many were opened; none with a `dispatcher` of your own
   */
  async preconnect(url: string | URL, count = 1): Promise<number> {
    const origin = resolveUrl(url, this.#context.settings.baseUrl, 'preconnect');
    return (await this.#bounded?.preconnect(origin, count)) ?? 0;
  }

  /**
   * Takes no more requests, fails with `ERR_CLOSED` what waits, lets requests under way finish within
   * `timeoutMs`, and then fails them too. It ends in any case. Safe to call twice.
   */
  close(options: CloseOptions = {}): Promise<void> {
    const timeoutMs = closeTimeout(options);
    this.#lifecycle.closing = true;
    this.#closed ??= this.#close(timeoutMs);
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #facts(this: void, self: HttpPool): object {
    const { requests, failures, connectionsOpen, connectionsIdle, queued } = self.stats();
    const { name } = self.#context.settings;
    const closed = self.#lifecycle.closing;
    return { name, requests, failures, connectionsOpen, connectionsIdle, queued, closed };
  }

  async #close(timeoutMs: number): Promise<void> {
    const { calls, metrics, settings } = this.#context;
    const { clock, name, logger } = settings;
    const closedError = (call: Call): Error => new PoolClosedError(call.facts, `pool "${name}"`);
    calls.end(closedError, 'pausing');
    const timer = clock.schedule(() => {
      const ended = calls.end(closedError, 'all');
      logger?.warn(`pool "${name}": ${ended} requests did not finish in time and were aborted`);
    }, timeoutMs);
    await Promise.all([this.#bounded?.close({ timeoutMs }), calls.idle()]);
    timer[Symbol.dispose]();
    metrics.closed();
  }
}

function createDispatcher(options: HttpPoolOptions): BoundedDispatcher {
  const connections = pickOptions(options, connectionOptionNames);
  return new BoundedDispatcher({ ...connections, via: proxyDispatcher(options) });
}
