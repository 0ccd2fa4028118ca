import { type Dispatcher, errors } from 'undici';

/**
 * The controller that a handler gets when its request is admitted, so that a request can be aborted
 * while it still waits. Once the request is on a connection it passes on to the connection's own.
 */
export class DispatchController implements Dispatcher.DispatchController {
  readonly #onAbort: (reason: Error) => void;
  #inner: Dispatcher.DispatchController | undefined;
  #reason: Error | null = null;

  constructor(onAbort: (reason: Error) => void) {
    this.#onAbort = onAbort;
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
    this.#reason = reason ?? new errors.RequestAbortedError();
    this.#onAbort(this.#reason);
  }

  pause(): void {
    this.#inner?.pause();
  }

  resume(): void {
    this.#inner?.resume();
  }

  /** From now on `inner` is in charge. */
  attach(inner: Dispatcher.DispatchController): void {
    this.#inner = inner;
  }
}
