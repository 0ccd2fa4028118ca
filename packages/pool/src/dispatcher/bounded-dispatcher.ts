import {
  checkOptionNames,
  EventHub,
  type EventSource,
  inspectable,
  type NameList,
  numberOption,
  objectOption,
  type OptionNames,
} from '@x/interfaces';
import type { Dispatcher } from 'undici';
import { BlockedAddressError } from '../errors/blocked-address-error.ts';
import { PoolClosedError } from '../errors/pool-closed-error.ts';
import type { RequestFacts } from '../errors/request-facts.ts';
import { parseUrl } from '../request/request-url.ts';
import { maskUrl } from '../request/mask-url.ts';
import { ConnectTimeoutError } from '../errors/connect-timeout-error.ts';
import { Timeouts } from '../timeouts.ts';
import { isUndiciLoaded, loadUndici } from '../undici-library.ts';
import {
  type Admission,
  AdmittedRequest,
  type BoundedDispatchHandler,
  type BoundedDispatchOptions,
} from './admitted-request.ts';
import { compose } from './compose.ts';
import { Connection, type ConnectionContext } from './connection.ts';
import { createConnector } from './create-connector.ts';
import { DispatcherBase } from './dispatcher-base.ts';
import {
  type BoundedDispatcherOptions,
  type DispatcherSettings,
  dispatcherSettings,
} from './dispatcher-options.ts';
import { IdleTimer } from './idle-timer.ts';
import { modernHandler } from './legacy-handler.ts';
import { PrivateAddress } from './private-address.ts';
import { AcquireTimeoutError } from '../errors/acquire-timeout-error.ts';
import { PoolQueueFullError } from '../errors/pool-queue-full-error.ts';
import { RequestSlot } from './request-slot.ts';
import { type CloseReason, ConnectionScheduler } from './scheduler.ts';

/** What happens to the connections of a {@link BoundedDispatcher}. */
export interface DispatcherEvents {
  /** A connection was opened. */
  open: { readonly origin: string; readonly connectMs: number };
  /** A connection that was open is closed. */
  close: { readonly origin: string; readonly reason: CloseReason };
}

const eventNames: NameList<DispatcherEvents> = { open: true, close: true };

/** What a {@link BoundedDispatcher} holds now. */
export interface DispatcherStats {
  /** Connections that count against the caps, from being opened to being gone. */
  readonly connectionsOpen: number;
  readonly connectionsIdle: number;
  /** Requests that wait for a connection. */
  readonly queued: number;
}

/** How a close ends. */
export interface CloseOptions {
  /** How long requests under way may go on, in milliseconds; then they are aborted. @defaultValue 5000 */
  readonly timeoutMs?: number | undefined;
}

const closeOptionNames: OptionNames<CloseOptions> = {
  known: { timeoutMs: true },
  misnamed: { timeout: 'timeoutMs' },
};

const mostOriginsRemembered = 10_000;

/** The time that a close gives to requests under way, unless told otherwise. */
const defaultCloseTimeoutMs = 5_000;

/** @throws TypeError or RangeError when it is no time */
export function closeTimeout(options: CloseOptions): number {
  objectOption('options', options, '{ timeoutMs }');
  checkOptionNames(options, closeOptionNames);
  return numberOption('timeoutMs', options.timeoutMs, defaultCloseTimeoutMs, { min: 0 });
}

/**
 * An undici `Dispatcher` that never holds more sockets than it may: `maxConnectionsPerOrigin` to one
 * origin and `maxTotalConnections` to all of them. What does not fit waits, fairly between origins
 * and not longer than `acquireTimeoutMs`. Every request that it takes ends.
 *
 * A request fails with an {@link AcquireTimeoutError}, a {@link PoolQueueFullError}, a
 * {@link ConnectTimeoutError}, a {@link PoolClosedError}, or with what undici's `Client` fails with.
 */
export class BoundedDispatcher extends DispatcherBase implements AsyncDisposable {
  readonly #settings: DispatcherSettings;
  readonly #scheduler: ConnectionScheduler<Connection | RequestSlot, AdmittedRequest>;
  readonly #idleTimer: IdleTimer;
  readonly #timeouts: Timeouts;
  readonly #admission: Admission;
  readonly #origins = new Map<string, string>();
  readonly #via: Dispatcher | undefined;
  readonly #hub = new EventHub(eventNames);
  #accepting = true;
  #closing: Promise<void> | undefined;
  #onDrained: (() => void) | undefined;

  constructor(options: BoundedDispatcherOptions = {}) {
    super();
    const settings = dispatcherSettings(options);
    const { clock, idleTimeoutMs, maxConnectionsPerOrigin, maxTotalConnections, quantum } =
      settings;
    this.#settings = settings;
    this.#via = options.via;
    this.#timeouts = new Timeouts(clock);
    this.#admission = {
      monotonic: () => clock.monotonic(),
      onAcquireTimeout: (request) => this.#acquireTimedOut(request),
    };
    const lifecycle = {
      onReleased: (carrier: Connection | RequestSlot) => this.#released(carrier),
      onBroken: (carrier: Connection | RequestSlot) => this.#scheduler.failed(carrier),
      onGone: (carrier: Connection | RequestSlot) => this.#gone(carrier),
    };
    const context: ConnectionContext = {
      ...lifecycle,
      clock,
      connector: createConnector(options),
      connectTimeoutMs: settings.connectTimeoutMs,
      idleTimeoutMs,
      maxAgeMs: settings.maxConnectionAgeMs,
      maxRequests: settings.maxRequestsPerConnection,
      readTimeoutMs: settings.readTimeoutMs === Infinity ? 0 : Math.ceil(settings.readTimeoutMs),
      connectTimeoutError: (request) =>
        new ConnectTimeoutError(factsOf(request.options), settings.connectTimeoutMs),
      connectError: (request, error) =>
        error instanceof PrivateAddress
          ? new BlockedAddressError(factsOf(request.options), error.address)
          : error,
      onConnect: ({ origin }, connectMs) => this.#hub.emit('open', { origin, connectMs }),
      onDisconnect: ({ origin }, reason) => this.#hub.emit('close', { origin, reason }),
    };
    const { via } = options;
    const open: (origin: string) => Connection | RequestSlot =
      via === undefined
        ? (origin: string) => new Connection(origin, context)
        : (origin: string) => new RequestSlot(origin, { ...lifecycle, dispatcher: via });
    this.#scheduler = new ConnectionScheduler(
      { maxPerOrigin: maxConnectionsPerOrigin, maxTotal: maxTotalConnections, quantum },
      {
        open,
        spent: (connection) => connection.spent(),
        run: (connection, request) => connection.run(request),
        close: (connection, reason) => connection.close(reason),
      },
    );
    this.#idleTimer = new IdleTimer(clock, idleTimeoutMs, (since) =>
      this.#scheduler.closeIdle(since, 'idle'),
    );
    inspectable(this, this.#facts);
  }

  get events(): EventSource<DispatcherEvents> {
    return this.#hub;
  }

  /** `false` once it is closing: it takes no more requests. */
  get accepting(): boolean {
    return this.#accepting;
  }

  stats(): DispatcherStats {
    const { open, idle, queued } = this.#scheduler;
    return { connectionsOpen: open, connectionsIdle: idle, queued };
  }

  /**
   * Takes a request. `handler.onRequestStart` is called at once, so that a request that waits can be
   * aborted; that of the very first request, when undici has been loaded.
   *
   * @returns `false` when the request was refused; its handler knows why
   */
  override dispatch(options: BoundedDispatchOptions, handler: BoundedDispatchHandler): boolean {
    if (!isUndiciLoaded()) return this.#dispatchLater(options, handler);
    const origin = this.#originOf(options.origin);
    const request = new AdmittedRequest(options, modernHandler(handler), this.#admission);
    if (!request.begin()) return false;
    if (!this.#accepting) {
      request.fail(new PoolClosedError(factsOf(options), this.#subject));
      return false;
    }
    const { maxQueue, acquireTimeoutMs } = this.#settings;
    if (this.#scheduler.queued >= maxQueue && !this.#scheduler.canRun(origin)) {
      request.fail(new PoolQueueFullError(factsOf(options), maxQueue));
      return false;
    }
    const place = this.#scheduler.submit(origin, request);
    if (place !== undefined) request.wait(place, this.#timeouts.start(acquireTimeoutMs, request));
    return true;
  }

  /** A dispatcher whose requests pass through undici's `interceptors`, the last one first. */
  override compose(
    interceptors: Dispatcher.DispatcherComposeInterceptor[],
  ): Dispatcher.ComposedDispatcher;
  override compose(
    ...interceptors: Dispatcher.DispatcherComposeInterceptor[]
  ): Dispatcher.ComposedDispatcher;
  override compose(
    ...given: (
      | Dispatcher.DispatcherComposeInterceptor
      | Dispatcher.DispatcherComposeInterceptor[]
    )[]
  ): Dispatcher.ComposedDispatcher {
    return compose(this, given.flat());
  }

  /**
   * Opens connections to `origin` ahead of requests, as far as the caps allow. They are idle from then
   * on, and closed like others that nobody uses.
   *
   * @param count - how many more connections; at least 1
   * @returns how many were opened
   * @throws TypeError when `origin` is no URL
   */
  async preconnect(origin: string | URL, count = 1): Promise<number> {
    const key = parseUrl(origin, undefined, 'preconnect').origin;
    numberOption('count', count, 1, { min: 1, integer: true });
    if (!isUndiciLoaded()) await loadUndici();
    const opening: Promise<boolean>[] = [];
    while (opening.length < count && this.#accepting) {
      const connection = this.#scheduler.openAhead(key);
      if (connection === undefined) break;
      opening.push(connection.warm());
    }
    const opened = await Promise.all(opening);
    return opened.filter(Boolean).length;
  }

  /**
   * Takes no more requests, fails those that wait, lets those under way finish within `timeoutMs`, and
   * then aborts them. It ends in any case. Safe to call twice.
   *
   * @throws TypeError or RangeError, and closes nothing, when `timeoutMs` is no time
   */
  override close(callback: () => void): void;
  override close(options?: CloseOptions): Promise<void>;
  override close(given: CloseOptions | (() => void) = {}): Promise<void> | void {
    if (typeof given === 'function') return callBack(given, this.#close(defaultCloseTimeoutMs));
    return this.#close(closeTimeout(given));
  }

  /** Aborts every request and closes every connection at once. */
  override destroy(error: Error | null, callback: () => void): void;
  override destroy(callback: () => void): void;
  override destroy(error?: Error | null): Promise<void>;
  override destroy(
    given?: Error | null | (() => void),
    callback?: () => void,
  ): Promise<void> | void {
    const error = typeof given === 'function' ? null : given;
    const done = typeof given === 'function' ? given : callback;
    const closed = this.#close(0);
    this.#abortAll(error ?? undefined);
    return done === undefined ? closed : callBack(done, closed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #facts(this: void, self: BoundedDispatcher): object {
    return { name: self.#settings.name, ...self.stats() };
  }

  #dispatchLater(options: BoundedDispatchOptions, handler: BoundedDispatchHandler): boolean {
    void loadUndici().then(
      () => this.dispatch(options, handler),
      (error: Error) =>
        new AdmittedRequest(options, modernHandler(handler), this.#admission).fail(error),
    );
    return true;
  }

  get #subject(): string {
    return `pool "${this.#settings.name}"`;
  }

  /** In the form that all URLs of an origin share. */
  #originOf(given: string | URL | undefined): string {
    const text = String(given ?? '');
    let origin = this.#origins.get(text);
    if (origin === undefined) {
      if (this.#origins.size >= mostOriginsRemembered) this.#origins.clear();
      origin = parseUrl(given as string | URL, undefined, 'request').origin;
      this.#origins.set(text, origin);
    }
    return origin;
  }

  #acquireTimedOut(request: AdmittedRequest): void {
    const { acquireTimeoutMs } = this.#settings;
    const others = this.#scheduler.queued - 1;
    request.fail(new AcquireTimeoutError(factsOf(request.options), acquireTimeoutMs, others));
  }

  #released(connection: Connection | RequestSlot): void {
    this.#scheduler.released(connection, this.#settings.clock.monotonic());
    if (this.#scheduler.idle > 0) this.#idleTimer.start();
  }

  #gone(connection: Connection | RequestSlot): void {
    this.#scheduler.closed(connection);
    if (this.#scheduler.open === 0) this.#onDrained?.();
  }

  #close(timeoutMs: number): Promise<void> {
    this.#accepting = false;
    this.#closing ??= this.#drain(timeoutMs);
    return this.#closing;
  }

  async #drain(timeoutMs: number): Promise<void> {
    this.#idleTimer.stop();
    for (const request of this.#scheduler.stop()) {
      request.fail(new PoolClosedError(factsOf(request.options), this.#subject));
    }
    if (this.#scheduler.open > 0) {
      const drained = new Promise<void>((resolve) => {
        this.#onDrained = resolve;
      });
      const timer = this.#settings.clock.schedule(() => this.#abortAll(), timeoutMs);
      await drained;
      timer[Symbol.dispose]();
    }
    await this.#via?.destroy();
  }

  #abortAll(error?: Error): void {
    for (const connection of this.#scheduler.connections()) {
      connection.fail(
        (request) => error ?? new PoolClosedError(factsOf(request.options), this.#subject),
      );
    }
  }
}

function callBack(callback: () => void, when: Promise<void>): void {
  void when.finally(callback);
}

function factsOf({ method, origin, path }: Dispatcher.DispatchOptions): RequestFacts {
  return { method, url: maskUrl(new URL(path, origin)), attempts: 1 };
}
