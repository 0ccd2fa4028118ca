import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Timeout, TimeoutListener } from '../timeouts.ts';
import { undici } from '../undici-library.ts';
import type { QueuePlace } from './scheduler.ts';

/** How a request came to its connection. */
export interface ConnectionUse {
  /** Whether the connection carried a request before. */
  readonly reused: boolean;
  /** Milliseconds to open the connection, with TLS; `undefined` when it was there. */
  readonly connectMs: number | undefined;
  /** How many of them the TLS handshake took; `undefined` without TLS or when the connection was there. */
  readonly tlsMs: number | undefined;
}

/** Wants to hear about the connection of a request. */
export interface ConnectionListener {
  /** The request leaves the queue, where it was for `waitMs`, for a connection that may yet have to open. */
  onAssigned?(waitMs: number): void;
  /** The request is written to its connection now. Comes after `onRequestStart`, which is called at once. */
  onConnection?(use: ConnectionUse): void;
  /** `true` to get a connection that carried no request before. */
  readonly needsNewConnection?: boolean | undefined;
}

/** A handler that also wants to hear about its connection. */
export interface BoundedDispatchHandler extends Dispatcher.DispatchHandler, ConnectionListener {}

/**
 * Names the {@link ConnectionListener} among the options of a dispatch, for requests that pass through
 * interceptors: those put handlers of their own in front, but hand the options on.
 */
export const connectionListener: unique symbol = Symbol('connectionListener');

/** Options of a dispatch, which may name a listener. */
export interface BoundedDispatchOptions extends Dispatcher.DispatchOptions {
  readonly [connectionListener]?: ConnectionListener | undefined;
}

/** What carries a request: tells how it came to be used, and hears how the use ended. */
export interface Carrier {
  startUse(): ConnectionUse;
  /** A request that was not sent yet lost its socket; `true` when it will be sent over a new one. */
  retake(): boolean;
  /** The answer is complete; the connection may carry another request. */
  endUse(): void;
  /** The request ended in another way; the connection must not be used again. */
  breakUse(error: Error): void;
  /** The connection now belongs to whoever asked for the upgrade. */
  handOver(): void;
}

/** What a request asks of the dispatcher that admitted it. */
export interface Admission {
  readonly monotonic: () => number;
  /** The request waited for a connection as long as it may. */
  readonly onAcquireTimeout: (request: AdmittedRequest) => void;
}

type ResponseHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/**
 * One request from its admission to its end. It stands between undici's client and the caller's
 * handler, makes sure that the handler hears of exactly one end, and is the handler's controller from
 * the beginning, so that a request can be aborted while it still waits.
 */
export class AdmittedRequest
  implements Dispatcher.DispatchHandler, Dispatcher.DispatchController, TimeoutListener
{
  readonly options: BoundedDispatchOptions;
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #listener: ConnectionListener;
  readonly #admission: Admission;
  #place: QueuePlace | undefined;
  #timeout: Timeout | undefined;
  #queuedAt = 0;
  #carrier: Carrier | undefined;
  #inner: Dispatcher.DispatchController | undefined;
  #reason: Error | null = null;
  #ended = false;

  constructor(
    options: BoundedDispatchOptions,
    handler: BoundedDispatchHandler,
    admission: Admission,
  ) {
    this.options = options;
    this.#handler = handler;
    this.#listener = options[connectionListener] ?? handler;
    this.#admission = admission;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get needsNewConnection(): boolean {
    return this.#listener.needsNewConnection ?? false;
  }

  get aborted(): boolean {
    return this.#reason !== null;
  }

  get reason(): Error | null {
    return this.#reason;
  }

  get paused(): boolean {
    return this.#inner?.paused ?? false;
  }

  get rawHeaders(): NonNullable<Dispatcher.DispatchController['rawHeaders']> | null {
    return this.#inner?.rawHeaders ?? null;
  }

  get rawTrailers(): NonNullable<Dispatcher.DispatchController['rawTrailers']> | null {
    return this.#inner?.rawTrailers ?? null;
  }

  abort(reason: Error): void {
    if (this.#reason !== null) return;
    this.#reason = reason ?? new (undici().errors.RequestAbortedError)();
    this.fail(this.#reason);
  }

  pause(): void {
    this.#inner?.pause();
  }

  resume(): void {
    this.#inner?.resume();
  }

  /** Tells the handler that its request was admitted. `false` when it ended there and then. */
  begin(): boolean {
    try {
      this.#handler.onRequestStart?.(this, null);
    } catch (error) {
      this.fail(error as Error);
    }
    return !this.#ended;
  }

  /** The request waits at `place`, and no longer than `timeout`. */
  wait(place: QueuePlace, timeout: Timeout): void {
    this.#place = place;
    this.#timeout = timeout;
    this.#queuedAt = this.#admission.monotonic();
  }

  onTimeout(): void {
    this.#admission.onAcquireTimeout(this);
  }

  /** The request leaves the queue for `carrier`. */
  assignedTo(carrier: Carrier): void {
    const waited = this.#timeout !== undefined;
    this.#leaveQueue();
    this.#carrier = carrier;
    try {
      this.#listener.onAssigned?.(waited ? this.#admission.monotonic() - this.#queuedAt : 0);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** Ends the request with `error`, wherever it is. */
  fail(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leaveQueue();
    this.#inner?.abort(error);
    this.#carrier?.breakUse(error);
    this.#handler.onResponseError?.(this, error);
  }

  onRequestStart(inner: Dispatcher.DispatchController): void {
    if (this.#ended) {
      inner.abort(this.#reason ?? new Error('the request has ended'));
      return;
    }
    this.#inner = inner;
    const use = this.#carrier?.startUse();
    if (use !== undefined) this.#listener.onConnection?.(use);
  }

  onRequestUpgrade(
    _inner: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
    socket: Duplex,
  ): void {
    this.#ended = true;
    this.#carrier?.handOver();
    this.#handler.onRequestUpgrade?.(this, status, headers, socket);
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onResponseStart(
    _inner: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
    statusMessage?: string,
  ): void {
    if (!this.#ended) this.#handler.onResponseStart?.(this, status, headers, statusMessage);
  }

  onResponseData(_inner: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#ended) this.#handler.onResponseData?.(this, chunk);
  }

  onResponseEnd(_inner: Dispatcher.DispatchController, trailers: ResponseHeaders): void {
    if (this.#ended) return;
    this.#ended = true;
    try {
      this.#handler.onResponseEnd?.(this, trailers);
    } finally {
      this.#carrier?.endUse();
    }
  }

  onResponseError(_inner: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#ended) return;
    // Undici fails a request for a reset that came before it was written; that is no fault of its own.
    const unsent = this.#inner === undefined && 'syscall' in error;
    if (unsent && this.#carrier?.retake() === true) return;
    this.fail(error);
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }

  #leaveQueue(): void {
    this.#timeout?.stop();
    this.#place?.leave();
    this.#timeout = this.#place = undefined;
  }
}
