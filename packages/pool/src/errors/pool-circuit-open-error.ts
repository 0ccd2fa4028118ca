import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** The circuit breaker of the origin is open: nothing was sent. */
export class PoolCircuitOpenError extends PoolError<'ERR_POOL_CIRCUIT_OPEN'> {
  override readonly name: string = 'PoolCircuitOpenError';
  readonly code = 'ERR_POOL_CIRCUIT_OPEN';
  /** When the breaker lets a request through again, in whole milliseconds from now. */
  readonly retryAfterMs: number;

  constructor(facts: RequestFacts, retryAfterMs: number, options?: ErrorOptions) {
    super(facts, `the circuit breaker of the origin is open for ${retryAfterMs} ms`, options);
    this.retryAfterMs = retryAfterMs;
  }
}
