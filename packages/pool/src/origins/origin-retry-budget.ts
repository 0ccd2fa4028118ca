import type { Clock, RetryBudget } from '@x/interfaces';

const retryRatio = 0.1;
const minRetriesPerSecond = 1;
const maxBalance = 10;

/**
 * The budget of an origin unless the options bring another: a tenth of a retry for each request and one
 * retry a second, of which at most 10 are saved up, as there are to begin with: what `TokenRetryBudget` of
 * `@x/ratelimit` allows by default.
 */
export class OriginRetryBudget implements RetryBudget {
  readonly #clock: Clock;
  #balance = maxBalance;
  #countedAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#countedAt = clock.monotonic();
  }

  get balance(): number {
    const now = this.#clock.monotonic();
    this.#add(((now - this.#countedAt) * minRetriesPerSecond) / 1_000);
    this.#countedAt = now;
    return this.#balance;
  }

  deposit(): void {
    this.#add(retryRatio);
  }

  tryWithdraw(): boolean {
    // Ten times a tenth is a little less than one.
    if (this.balance < 1 - 1e-9) return false;
    this.#balance = Math.max(0, this.#balance - 1);
    return true;
  }

  #add(retries: number): void {
    this.#balance = Math.min(maxBalance, this.#balance + retries);
  }
}
