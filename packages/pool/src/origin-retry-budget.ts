import type { Clock, RetryBudget } from '@x/interfaces';

const retriesPerRequest = 0.2;
const retriesPerSecond = 1;
const mostSaved = 10;

/**
 * The budget of an origin unless the options bring another: a fifth of a retry for each request and one
 * retry a second, of which at most 10 are saved up, as there are to begin with.
 */
export class OriginRetryBudget implements RetryBudget {
  readonly #clock: Clock;
  #saved = mostSaved;
  #countedAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#countedAt = clock.monotonic();
  }

  get balance(): number {
    const now = this.#clock.monotonic();
    this.#add(((now - this.#countedAt) * retriesPerSecond) / 1_000);
    this.#countedAt = now;
    return this.#saved;
  }

  deposit(): void {
    this.#add(retriesPerRequest);
  }

  tryWithdraw(): boolean {
    // Five fifths are a little less than one.
    if (this.balance < 1 - 1e-9) return false;
    this.#saved = Math.max(0, this.#saved - 1);
    return true;
  }

  #add(retries: number): void {
    this.#saved = Math.min(mostSaved, this.#saved + retries);
  }
}
