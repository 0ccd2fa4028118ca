import { ToolkitError } from '@x/interfaces';

/** No permit of a concurrency limiter became free within the caller's `timeoutMs`. */
export class ConcurrencyTimeoutError extends ToolkitError<'ERR_CONCURRENCY_TIMEOUT'> {
  override readonly name: string = 'ConcurrencyTimeoutError';
  readonly code = 'ERR_CONCURRENCY_TIMEOUT';
  /** Name of the limiter that refused. */
  readonly limiter: string;
  /** The longest wait that the caller allowed, in milliseconds. */
  readonly timeoutMs: number;

  constructor(limiter: string, timeoutMs: number, options?: ErrorOptions) {
    super(`limiter "${limiter}" had no permit free within ${timeoutMs} ms`, options);
    this.limiter = limiter;
    this.timeoutMs = timeoutMs;
  }
}
