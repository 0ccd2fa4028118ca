/** How long to wait for permits, and when to give up. */
export interface AcquireOptions {
  /**
   * The longest wait, in milliseconds. A wait that is known to take longer is refused at once.
   * @defaultValue `Infinity`
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Gives up when it aborts: the call rejects with `signal.reason` and takes nothing. `null` is refused; leave it
   * out, or give `undefined`.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Hands out permits at a rate. A permit is spent, not given back. */
export interface RateLimiter {
  /** Takes `permits` now, or none. Never overtakes a caller that waits. @defaultValue 1 permit */
  tryAcquire(permits?: number): boolean;
  /**
   * Waits for `permits`, first come first served.
   *
   * @param permits - how many to take; at least 1, at most what the limiter can ever hold
   * @throws RangeError when `permits` can never be granted
   * @throws an error with code `ERR_RATE_LIMIT_TIMEOUT` when `timeoutMs` is too short
   * @throws `signal.reason` when aborted
   */
  acquire(permits?: number, options?: AcquireOptions): Promise<void>;
  /** Permits that {@link tryAcquire} would grant now; may be a fraction, never below 0. */
  availablePermits(): number;
  /** Grants nothing before `epochMs`, as a server asks by Retry-After. Only ever moves later. */
  pauseUntil(epochMs: number): void;
}
