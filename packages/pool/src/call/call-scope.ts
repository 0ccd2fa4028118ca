import type { Clock } from '@x/interfaces';

/**
 * What can end a call early: the caller's signal, the total deadline, the close of the pool. Listeners
 * are told once, with the reason; `dispose` leaves nothing behind.
 */
export class CallScope implements Disposable {
  readonly #clock: Clock;
  readonly #listeners = new Set<(reason: unknown) => void>();
  readonly #deadline: number;
  #disposables: Disposable[] = [];
  #controller: AbortController | undefined;
  #ended = false;
  #reason: unknown;

  /** @param totalTimeoutError - makes the reason once the total time is over */
  constructor(
    clock: Clock,
    signal: AbortSignal | undefined,
    totalTimeoutMs: number,
    totalTimeoutError: () => Error,
  ) {
    this.#clock = clock;
    this.#deadline = clock.monotonic() + totalTimeoutMs;
    if (signal !== undefined) this.#follow(signal);
    if (totalTimeoutMs !== Infinity && !this.#ended) {
      this.#disposables.push(clock.schedule(() => this.end(totalTimeoutError()), totalTimeoutMs));
    }
  }

  /** Milliseconds until the total deadline. */
  get remainingMs(): number {
    return this.#deadline - this.#clock.monotonic();
  }

  /** A signal for those who want one; made when first asked for. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#ended) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Ends the call with `reason`; only the first one counts. */
  end(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const listener of this.#listeners) listener(reason);
    this[Symbol.dispose]();
  }

  throwIfEnded(): void {
    // An abort keeps the reason that the caller gave, whatever it is.
    // oxlint-disable-next-line typescript/only-throw-error
    if (this.#ended) throw this.#reason;
  }

  /** Calls `listener` when the call ends early, at once if it has. */
  onEnd(listener: (reason: unknown) => void): Disposable {
    if (this.#ended) listener(this.#reason);
    else this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Waits `delayMs`, or rejects when the call ends early. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.schedule(() => {
        ending[Symbol.dispose]();
        resolve();
      }, delayMs);
      const ending = this.onEnd((reason) => {
        timer[Symbol.dispose]();
        reject(reason);
      });
    });
  }

  [Symbol.dispose](): void {
    for (const disposable of this.#disposables) disposable[Symbol.dispose]();
    this.#disposables = [];
    this.#listeners.clear();
  }

  #follow(signal: AbortSignal): void {
    if (signal.aborted) {
      this.end(signal.reason);
      return;
    }
    const listener = (): void => this.end(signal.reason);
    signal.addEventListener('abort', listener, { once: true });
    this.#disposables.push({
      [Symbol.dispose]: () => signal.removeEventListener('abort', listener),
    });
  }
}
