import { ToolkitError } from '@x/interfaces';

/**
 * A rate limiter could not grant the permits within the caller's `timeoutMs`. Nothing was taken; try
 * again after `retryAfterMs`.
 */
export class RateLimitTimeoutError extends ToolkitError<'ERR_RATE_LIMIT_TIMEOUT'> {
  override readonly name: string = 'RateLimitTimeoutError';
  readonly code = 'ERR_RATE_LIMIT_TIMEOUT';
  /** Name of the limiter that refused. */
  readonly limiter: string;
  /** The longest wait that the caller allowed, in milliseconds. */
  readonly timeoutMs: number;
  /** How long until the permits would have been there, in whole milliseconds. */
  readonly retryAfterMs: number;

  constructor(limiter: string, timeoutMs: number, retryAfterMs: number, options?: ErrorOptions) {
    super(
      `limiter "${limiter}" had no permit within ${timeoutMs} ms; retry in ${retryAfterMs} ms`,
      options,
    );
    this.limiter = limiter;
    this.timeoutMs = timeoutMs;
    this.retryAfterMs = retryAfterMs;
  }
}
