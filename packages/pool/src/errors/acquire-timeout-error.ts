import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** No connection was free within `acquireTimeoutMs`: the caps are reached. */
export class AcquireTimeoutError extends PoolError<'ERR_POOL_ACQUIRE_TIMEOUT'> {
  override readonly name: string = 'AcquireTimeoutError';
  readonly code = 'ERR_POOL_ACQUIRE_TIMEOUT';
  readonly timeoutMs: number;
  /** Requests that wait, this one not counted. */
  readonly queued: number;

  constructor(facts: RequestFacts, timeoutMs: number, queued: number, options?: ErrorOptions) {
    super(facts, `no free connection within ${timeoutMs} ms, ${queued} others wait`, options);
    this.timeoutMs = timeoutMs;
    this.queued = queued;
  }
}
