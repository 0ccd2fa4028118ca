import type { CircuitState, Clock } from '@x/interfaces';

const mostFailures = 3;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/**
 * Leaves a store alone that failed three times in a row: for a second at first, for twice as long,
 * up to half a minute, each time that the one trial in between fails too.
 */
export class TierRest {
  readonly #clock: Clock;
  #failures = 0;
  #pauseMs = firstPauseMs;
  /** By the monotonic clock; only of meaning while open. */
  #retryAt = 0;
  #trying = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get state(): CircuitState {
    if (this.#failures < mostFailures) return 'closed';
    return this.#trying || this.retryAfterMs() === 0 ? 'half-open' : 'open';
  }

  /** Whether nothing failed since the last success. */
  get calm(): boolean {
    return this.#failures === 0;
  }

  /** Whether a call may be made now; after `true`, tell how it ended. */
  tryPass(): boolean {
    if (this.#failures < mostFailures) return true;
    if (this.#trying || this.retryAfterMs() > 0) return false;
    this.#trying = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauseMs = firstPauseMs;
    this.#trying = false;
  }

  failed(): void {
    const isLate = this.#failures >= mostFailures && !this.#trying;
    if (isLate) return;
    this.#failures++;
    if (this.#failures < mostFailures) return;
    if (this.#trying) this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    this.#trying = false;
    this.#retryAt = this.#clock.monotonic() + this.#pauseMs;
  }

  /** Milliseconds until a call may be made again; 0 while one may. */
  retryAfterMs(): number {
    if (this.#failures < mostFailures) return 0;
    return Math.max(0, this.#retryAt - this.#clock.monotonic());
  }
}
