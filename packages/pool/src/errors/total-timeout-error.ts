import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** The request with all its attempts took longer than `totalTimeoutMs`. */
export class TotalTimeoutError extends PoolError<'ERR_POOL_TOTAL_TIMEOUT'> {
  override readonly name: string = 'TotalTimeoutError';
  readonly code = 'ERR_POOL_TOTAL_TIMEOUT';
  readonly timeoutMs: number;

  /** @param options - its `cause` is the last failure, when there was one */
  constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions) {
    super(facts, `not finished within ${timeoutMs} ms`, options);
    this.timeoutMs = timeoutMs;
  }
}
