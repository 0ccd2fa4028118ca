import type { Clock } from '@x/interfaces';

/**
 * Fires when nothing was heard for a time. Hearing something costs one reading of the clock: the timer
 * is not moved, but looks at its end how long the silence has lasted.
 */
export class SilenceTimer {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #onSilence: () => void;
  #timer: Disposable | undefined;
  #heardAt = 0;

  constructor(clock: Clock, timeoutMs: number, onSilence: () => void) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#onSilence = onSilence;
  }

  start(): void {
    this.touch();
    this.#timer?.[Symbol.dispose]();
    this.#arm(this.#timeoutMs);
  }

  touch(): void {
    this.#heardAt = this.#clock.monotonic();
  }

  stop(): void {
    this.#timer?.[Symbol.dispose]();
  }

  #arm(delayMs: number): void {
    if (delayMs === Infinity) return;
    this.#timer = this.#clock.schedule(() => {
      const leftMs = this.#heardAt + this.#timeoutMs - this.#clock.monotonic();
      if (leftMs > 0) this.#arm(leftMs);
      else this.#onSilence();
    }, delayMs);
  }
}
