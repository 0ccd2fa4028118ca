import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { DispatchController } from './dispatch-controller.ts';

/** How a request came to its connection. */
export interface ConnectionUse {
  /** Whether the connection carried a request before. */
  readonly reused: boolean;
  /** Milliseconds in the queue. */
  readonly waitMs: number;
  /** Milliseconds to open the connection; `undefined` when it was there. */
  readonly connectMs: number | undefined;
}

/** A handler that also wants to hear about its connection. */
export interface BoundedDispatchHandler extends Dispatcher.DispatchHandler {
  /** The request is written to a connection now. Comes after `onRequestStart`, which is called at once. */
  onConnection?(use: ConnectionUse): void;
  /** `true` to get a connection that carried no request before. */
  readonly needsNewConnection?: boolean | undefined;
}

/** What carries a request: tells how it came to be used, and hears how the use ended. */
export interface Carrier {
  startUse(): Omit<ConnectionUse, 'waitMs'>;
  /** A request that was not sent yet lost its socket; `true` when it will be sent over a new one. */
  retake(): boolean;
  /** The answer is complete; the connection may carry another request. */
  endUse(): void;
  /** The request ended in another way; the connection must not be used again. */
  breakUse(error: Error): void;
  /** The connection now belongs to whoever asked for the upgrade. */
  handOver(): void;
}

type ResponseHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/**
 * One request from its admission to its end. It stands between undici's client and the caller's
 * handler and makes sure that the handler hears of exactly one end.
 */
export class AdmittedRequest implements Dispatcher.DispatchHandler {
  readonly options: Dispatcher.DispatchOptions;
  readonly controller: DispatchController;
  readonly #handler: BoundedDispatchHandler;
  readonly #monotonic: () => number;
  readonly #admittedAt: number;
  #leaveQueue: (() => void) | undefined;
  #waitMs = 0;
  #carrier: Carrier | undefined;
  #inner: Dispatcher.DispatchController | undefined;
  #ended = false;

  constructor(
    options: Dispatcher.DispatchOptions,
    handler: BoundedDispatchHandler,
    monotonic: () => number,
  ) {
    this.options = options;
    this.#handler = handler;
    this.#monotonic = monotonic;
    this.#admittedAt = monotonic();
    this.controller = new DispatchController((reason) => this.fail(reason));
  }

  get ended(): boolean {
    return this.#ended;
  }

  get needsNewConnection(): boolean {
    return this.#handler.needsNewConnection ?? false;
  }

  /** Tells the handler that its request was admitted. `false` when it ended there and then. */
  begin(): boolean {
    try {
      this.#handler.onRequestStart?.(this.controller, null);
    } catch (error) {
      this.fail(error as Error);
    }
    return !this.#ended;
  }

  /** @param leave - takes the request out of the queue */
  queuedWith(leave: () => void): void {
    this.#leaveQueue = leave;
  }

  /** The request leaves the queue for `carrier`. */
  assignedTo(carrier: Carrier): void {
    this.#leaveQueue?.();
    this.#leaveQueue = undefined;
    this.#waitMs = this.#monotonic() - this.#admittedAt;
    this.#carrier = carrier;
  }

  /** Ends the request with `error`, wherever it is. */
  fail(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leaveQueue?.();
    this.#inner?.abort(error);
    this.#carrier?.breakUse(error);
    this.#handler.onResponseError?.(this.controller, error);
  }

  onRequestStart(inner: Dispatcher.DispatchController): void {
    if (this.#ended) {
      inner.abort(this.controller.reason ?? new Error('the request has ended'));
      return;
    }
    this.#inner = inner;
    this.controller.attach(inner);
    const use = this.#carrier?.startUse();
    if (use !== undefined) this.#handler.onConnection?.({ ...use, waitMs: this.#waitMs });
  }

  onRequestUpgrade(
    _inner: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
    socket: Duplex,
  ): void {
    this.#ended = true;
    this.#carrier?.handOver();
    this.#handler.onRequestUpgrade?.(this.controller, status, headers, socket);
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
    if (!this.#ended) {
      this.#handler.onResponseStart?.(this.controller, status, headers, statusMessage);
    }
  }

  onResponseData(_inner: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#ended) this.#handler.onResponseData?.(this.controller, chunk);
  }

  onResponseEnd(_inner: Dispatcher.DispatchController, trailers: ResponseHeaders): void {
    if (this.#ended) return;
    this.#ended = true;
    try {
      this.#handler.onResponseEnd?.(this.controller, trailers);
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
}
