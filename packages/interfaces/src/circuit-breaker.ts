/** `closed` lets calls through, `open` refuses them, `half-open` tries a few. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** How a call that was let through ended; `ignored` says nothing about the health of what was called. */
export type CallOutcome = 'success' | 'failure' | 'ignored';

/** Stops calling what keeps failing. */
export interface CircuitBreaker {
  /** How it stands now. */
  readonly state: CircuitState;
  /** Whether a call may go out now. After `true`, {@link record} its outcome exactly once. */
  tryPass(): boolean;
  /**
   * Tells how a call that {@link tryPass} let through ended.
   *
   * @param durationMs - how long it took, by which it is judged slow or not
   * @param sincePassMs - how long ago it was let through, where it had to wait before it began;
   * `durationMs` by default
   */
  record(outcome: CallOutcome, durationMs: number, sincePassMs?: number): void;
  /** Milliseconds until a refused caller may try again; 0 when calls may pass. */
  retryAfterMs(): number;
  /**
   * Runs `fn` and records its outcome.
   *
   * @throws an error with code `ERR_CIRCUIT_OPEN` when calls may not pass
   */
  run<T>(fn: () => T | Promise<T>): Promise<T>;
}
