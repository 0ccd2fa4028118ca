import { ToolkitError } from '@x/interfaces';

/** A circuit breaker let the call not pass, because what it calls keeps failing. */
export class CircuitOpenError extends ToolkitError<'ERR_CIRCUIT_OPEN'> {
  override readonly name: string = 'CircuitOpenError';
  readonly code = 'ERR_CIRCUIT_OPEN';
  /** Name of the breaker that refused. */
  readonly breaker: string;
  /** How long until calls may be tried again, in whole milliseconds; `Infinity` while it is held open. */
  readonly retryAfterMs: number;

  constructor(breaker: string, retryAfterMs: number, options?: ErrorOptions) {
    const until =
      retryAfterMs === Infinity ? ' until somebody resets it' : `; retry in ${retryAfterMs} ms`;
    super(`circuit breaker "${breaker}" is open${until}`, options);
    this.breaker = breaker;
    this.retryAfterMs = retryAfterMs;
  }
}
