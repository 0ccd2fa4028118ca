import {
  checkOptionNames,
  type Clock,
  clockOption,
  inspectable,
  numberOption,
  objectOption,
  type OptionNames,
  type RetryBudget,
} from '@x/interfaces';
import { shownPermits } from '../shown-permits.ts';

/** How many retries a {@link TokenRetryBudget} allows. */
export interface TokenRetryBudgetOptions {
  /** Retries that one first attempt earns: 0.1 allows one retry for ten requests. @defaultValue 0.1 */
  readonly retryRatio?: number | undefined;
  /**
   * Retries per second that are allowed in any case, so that a program that does little can retry at
   * all. @defaultValue 1
   */
  readonly minRetriesPerSecond?: number | undefined;
  /** The most retries that can be saved up, and what there is to begin with. @defaultValue 10 */
  readonly maxBalance?: number | undefined;
  /** Source of time. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

const optionNames: OptionNames<TokenRetryBudgetOptions> = {
  known: { retryRatio: true, minRetriesPerSecond: true, maxBalance: true, clock: true },
  misnamed: {
    ratio: 'retryRatio',
    budget: 'retryRatio',
    percent: 'retryRatio, from 0 to 1',
    percentCanRetry: 'retryRatio, from 0 to 1',
    minPerSecond: 'minRetriesPerSecond',
    capacity: 'maxBalance',
    max: 'maxBalance',
    maxTokens: 'maxBalance',
    tokens: 'maxBalance',
  },
};

/**
 * A retry budget as a bucket of retries: first attempts and time fill it, retries empty it. When
 * everything fails, retries add at most `retryRatio` to the load, whatever each caller's own number of
 * attempts is. One budget serves all calls to one service, retries and hedged requests alike.
 */
export class TokenRetryBudget implements RetryBudget {
  readonly #retryRatio: number;
  readonly #minRetriesPerSecond: number;
  readonly #maxBalance: number;
  readonly #clock: Clock;
  #balance: number;
  #refilledAt: number;

  /** @throws TypeError or RangeError when an option is not a number of at least 0 */
  constructor(options: TokenRetryBudgetOptions = {}) {
    objectOption('options', options, '{ retryRatio }');
    checkOptionNames(options, optionNames);
    const range = { min: 0, max: Number.MAX_SAFE_INTEGER };
    this.#retryRatio = numberOption('retryRatio', options.retryRatio, 0.1, range);
    this.#minRetriesPerSecond = numberOption(
      'minRetriesPerSecond',
      options.minRetriesPerSecond,
      1,
      range,
    );
    this.#maxBalance = numberOption('maxBalance', options.maxBalance, 10, { min: 1 });
    this.#clock = clockOption(options.clock);
    this.#balance = this.#maxBalance;
    this.#refilledAt = this.#clock.monotonic();
    inspectable(this, this.#facts);
  }

  get balance(): number {
    this.#refill();
    return this.#balance;
  }

  #facts(this: void, self: TokenRetryBudget): object {
    return { balance: shownPermits(self.balance), maxBalance: self.#maxBalance };
  }

  deposit(): void {
    this.#add(this.#retryRatio);
  }

  tryWithdraw(): boolean {
    this.#refill();
    // Ten times a tenth is a little less than one.
    if (this.#balance < 1 - 1e-9) return false;
    this.#balance = Math.max(0, this.#balance - 1);
    return true;
  }

  /** Gives a retry back that {@link tryWithdraw} took: it was not made, or it succeeded. */
  refund(): void {
    this.#add(1);
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    this.#add(((now - this.#refilledAt) * this.#minRetriesPerSecond) / 1_000);
    this.#refilledAt = now;
  }

  #add(retries: number): void {
    this.#balance = Math.min(this.#maxBalance, this.#balance + retries);
  }
}
