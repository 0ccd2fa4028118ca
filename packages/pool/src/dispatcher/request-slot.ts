import type { Dispatcher } from 'undici';
import type { AdmittedRequest, Carrier, ConnectionUse } from './admitted-request.ts';

/** What a slot tells its dispatcher. */
export interface RequestSlotContext {
  readonly dispatcher: Dispatcher;
  readonly onReleased: (slot: RequestSlot) => void;
  readonly onBroken: (slot: RequestSlot) => void;
  readonly onGone: (slot: RequestSlot) => void;
}

/**
 * Stands in for a connection where another dispatcher holds the sockets, as a proxy agent does: the
 * right to have one request under way.
 */
export class RequestSlot implements Carrier {
  readonly origin: string;
  readonly #context: RequestSlotContext;
  #request: AdmittedRequest | undefined;
  #closed = false;

  constructor(origin: string, context: RequestSlotContext) {
    this.origin = origin;
    this.#context = context;
  }

  run(request: AdmittedRequest): void {
    this.#request = request;
    request.assignedTo(this);
    this.#context.dispatcher.dispatch({ ...request.options, origin: this.origin }, request);
  }

  /** There is nothing to open ahead. */
  async warm(): Promise<boolean> {
    this.#context.onReleased(this);
    return false;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    queueMicrotask(() => this.#context.onGone(this));
  }

  fail(errorOf: (request: AdmittedRequest) => Error): void {
    if (this.#request !== undefined) this.#request.fail(errorOf(this.#request));
    this.close();
  }

  spent(): undefined {
    return undefined;
  }

  startUse(): ConnectionUse {
    return { reused: false, connectMs: undefined, tlsMs: undefined };
  }

  retake(): boolean {
    return false;
  }

  endUse(): void {
    this.#request = undefined;
    if (!this.#closed) this.#context.onReleased(this);
  }

  breakUse(): void {
    this.#request = undefined;
    if (this.#closed) return;
    this.#context.onBroken(this);
    this.close();
  }

  handOver(): void {
    this.breakUse();
  }
}
