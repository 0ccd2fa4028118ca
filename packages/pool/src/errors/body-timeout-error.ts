import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** The body stood still for `bodyTimeoutMs`. */
export class BodyTimeoutError extends PoolError<'ERR_POOL_BODY_TIMEOUT'> {
  override readonly name: string = 'BodyTimeoutError';
  readonly code = 'ERR_POOL_BODY_TIMEOUT';
  readonly timeoutMs: number;
  /** `server`: no data came; `reader`: a streamed body was not read. */
  readonly stalledBy: 'server' | 'reader';

  constructor(facts: RequestFacts, timeoutMs: number, stalledBy: 'server' | 'reader') {
    const what = stalledBy === 'server' ? 'no data came' : 'the streamed body was not read';
    super(facts, `${what} for ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
    this.stalledBy = stalledBy;
  }
}
