import type { Clock } from '@x/interfaces';

/** One timer for all idle connections; it runs only while there are some. */
export class IdleTimer {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #closeIdle: (since: number) => number | undefined;
  #timer: Disposable | undefined;

  /**
   * @param closeIdle - closes what has been idle since that monotonic time or longer, and answers
   * since when the next one is
   */
  constructor(clock: Clock, timeoutMs: number, closeIdle: (since: number) => number | undefined) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#closeIdle = closeIdle;
  }

  /** Sees to it that connections that are idle now will be closed in time. */
  start(): void {
    if (this.#timer === undefined && this.#timeoutMs !== Infinity) this.#arm(this.#timeoutMs);
  }

  stop(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #arm(delayMs: number): void {
    this.#timer = this.#clock.schedule(() => this.#fire(), delayMs, { background: true });
  }

  #fire(): void {
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    const next = this.#closeIdle(now - this.#timeoutMs);
    if (next !== undefined) this.#arm(next + this.#timeoutMs - now);
  }
}
