import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** One attempt took longer than `attemptTimeoutMs`. */
export class AttemptTimeoutError extends PoolError<'ERR_POOL_ATTEMPT_TIMEOUT'> {
  override readonly name: string = 'AttemptTimeoutError';
  readonly code = 'ERR_POOL_ATTEMPT_TIMEOUT';
  readonly timeoutMs: number;

  constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions) {
    super(facts, `the attempt was not finished within ${timeoutMs} ms`, options);
    this.timeoutMs = timeoutMs;
  }
}
