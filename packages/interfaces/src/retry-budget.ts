/** Bounds retries to a share of the requests, so that retries cannot overload what is already failing. */
export interface RetryBudget {
  /** Tells that a first attempt was made, which earns a fraction of a retry. */
  deposit(): void;
  /** Takes one retry from the budget; `false` when it is spent. */
  tryWithdraw(): boolean;
  /** Retries that could be made now. */
  readonly balance: number;
}
