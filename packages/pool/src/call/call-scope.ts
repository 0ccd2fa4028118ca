import type { Clock } from '@x/interfaces';
import type { Timeout, TimeoutListener, Timeouts } from '../timeouts.ts';

/** Something under way that a call waits for, and that ends with it. */
export interface Endable {
  end(reason: unknown): void;
}

/** Makes the reason once the total time is over. */
export interface ScopeOwner {
  totalTimeoutError(): Error;
}

/**
 * What can end a call early: the caller's signal, the total deadline, the close of the pool. Whatever is
 * attached is told once, with the reason; `dispose` leaves nothing behind.
 */
export class CallScope implements Disposable, Endable, TimeoutListener {
  readonly #clock: Clock;
  readonly #deadline: number;
  readonly #owner: ScopeOwner;
  #timeout: Timeout | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;
  /** Nearly always one thing at a time. */
  #attached: Endable | undefined;
  #others: Set<Endable> | undefined;
  #controller: AbortController | undefined;
  #ended = false;
  #reason: unknown;

  constructor(
    clock: Clock,
    timeouts: Timeouts,
    signal: AbortSignal | undefined,
    totalTimeoutMs: number,
    owner: ScopeOwner,
  ) {
    this.#clock = clock;
    this.#owner = owner;
    this.#deadline = totalTimeoutMs === Infinity ? Infinity : clock.monotonic() + totalTimeoutMs;
    if (signal !== undefined) this.#follow(signal);
    if (totalTimeoutMs !== Infinity && !this.#ended) {
      this.#timeout = timeouts.start(totalTimeoutMs, this);
    }
  }

  /** Milliseconds until the total deadline. */
  get remainingMs(): number {
    return this.#deadline === Infinity ? Infinity : this.#deadline - this.#clock.monotonic();
  }

  /** A signal for those who want one; made when first asked for. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#ended) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  onTimeout(): void {
    this.end(this.#owner.totalTimeoutError());
  }

  /** Ends the call with `reason`; only the first one counts. */
  end(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    const [attached, others] = [this.#attached, this.#others];
    this[Symbol.dispose]();
    attached?.end(reason);
    for (const other of others ?? []) other.end(reason);
  }

  get ended(): boolean {
    return this.#ended;
  }

  throwIfEnded(): void {
    // An abort keeps the reason that the caller gave, whatever it is.
    // oxlint-disable-next-line typescript/only-throw-error
    if (this.#ended) throw this.#reason;
  }

  /** Ends `endable` when the call ends early, at once if it has. */
  attach(endable: Endable): void {
    if (this.#ended) endable.end(this.#reason);
    else if (this.#attached === undefined) this.#attached = endable;
    else (this.#others ??= new Set()).add(endable);
  }

  detach(endable: Endable): void {
    if (this.#attached === endable) this.#attached = undefined;
    else this.#others?.delete(endable);
  }

  /** Waits `delayMs`, or rejects when the call ends early. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const ending: Endable = {
        end: (reason) => {
          timer[Symbol.dispose]();
          reject(reason);
        },
      };
      const timer = this.#clock.schedule(() => {
        this.detach(ending);
        resolve();
      }, delayMs);
      this.attach(ending);
    });
  }

  [Symbol.dispose](): void {
    this.#timeout?.stop();
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onAbort = this.#signal = this.#attached = this.#others = undefined;
  }

  #follow(signal: AbortSignal): void {
    if (signal.aborted) {
      this.end(signal.reason);
      return;
    }
    this.#signal = signal;
    this.#onAbort = () => this.end(signal.reason);
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }
}
