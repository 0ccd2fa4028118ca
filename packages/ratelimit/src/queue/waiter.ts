/** What a caller who has to wait asks for. */
export interface WaitRequest {
  readonly permits: number;
  readonly priority: number;
  /** Monotonic milliseconds at which the wait began. */
  readonly since: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Called when the signal of a waiter aborts. */
export type OnAbort = (waiter: Waiter, reason: unknown) => void;

/** A caller in a queue who may leave it early, or asks for more than one permit. */
export class Waiter {
  readonly permits: number;
  readonly priority: number;
  readonly since: number;
  readonly timeoutMs: number;
  /** What runs when it is served, if anything. */
  readonly work: (() => unknown) | undefined;
  /** Resolves its promise; set by the queue that it joins, and gone when it has left. */
  wake: ((value: unknown) => void) | undefined;
  /** A deadline timer of its own, if it has one. */
  timer: Disposable | undefined;
  readonly signal: AbortSignal | undefined;
  readonly #onAbort: OnAbort;

  constructor(request: WaitRequest, onAbort: OnAbort, work?: () => unknown) {
    this.permits = request.permits;
    this.priority = request.priority;
    this.since = request.since;
    this.timeoutMs = request.timeoutMs;
    this.signal = request.signal;
    this.work = work;
    this.#onAbort = onAbort;
    this.signal?.addEventListener('abort', this, { once: true });
  }

  /** Called by the signal, which lets go of a listener that it calls once. */
  handleEvent(): void {
    this.#onAbort(this, this.signal?.reason);
  }

  /** Cancels its timer and its listener. */
  letGo(): void {
    if (!this.signal?.aborted) this.signal?.removeEventListener('abort', this);
    this.timer?.[Symbol.dispose]();
    this.timer = undefined;
  }
}
