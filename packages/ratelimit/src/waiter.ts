/** What a caller who has to wait asks for. */
export interface WaitRequest {
  readonly permits: number;
  /** Monotonic milliseconds at which the wait began. */
  readonly since: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * One caller in a queue. It is its own link in the list and its own listener, so that a wait costs
 * one object beside its promise.
 */
export class Waiter<T> {
  previous: Waiter<T> | undefined;
  next: Waiter<T> | undefined;
  /** Whether a queue holds it. */
  queued = false;
  /** A deadline timer of its own, if it has one. */
  timer: Disposable | undefined;
  readonly permits: number;
  readonly since: number;
  readonly timeoutMs: number;
  #signal: AbortSignal | undefined;
  readonly #onAbort: (waiter: Waiter<T>, reason: unknown) => void;
  readonly #resolve: (value: T) => void;
  readonly #reject: (reason: unknown) => void;

  constructor(
    request: WaitRequest,
    onAbort: (waiter: Waiter<T>, reason: unknown) => void,
    resolve: (value: T) => void,
    reject: (reason: unknown) => void,
  ) {
    this.permits = request.permits;
    this.since = request.since;
    this.timeoutMs = request.timeoutMs;
    this.#signal = request.signal;
    this.#onAbort = onAbort;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal?.addEventListener('abort', this, { once: true });
  }

  /** Called by the signal. */
  handleEvent(): void {
    const reason: unknown = this.#signal?.reason;
    // The signal has let go of a listener that it calls once; to ask again would search them all.
    this.#signal = undefined;
    this.#onAbort(this, reason);
  }

  succeed(value: T): void {
    this.#letGo();
    this.#resolve(value);
  }

  fail(reason: unknown): void {
    this.#letGo();
    this.#reject(reason);
  }

  #letGo(): void {
    this.#signal?.removeEventListener('abort', this);
    this.timer?.[Symbol.dispose]();
    this.timer = undefined;
  }
}
