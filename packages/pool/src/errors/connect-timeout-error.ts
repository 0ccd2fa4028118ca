import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** No connection was there within `connectTimeoutMs`. */
export class ConnectTimeoutError extends PoolError<'ERR_POOL_CONNECT_TIMEOUT'> {
  override readonly name: string = 'ConnectTimeoutError';
  readonly code = 'ERR_POOL_CONNECT_TIMEOUT';
  readonly timeoutMs: number;

  constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions) {
    super(facts, `no connection within ${timeoutMs} ms`, options);
    this.timeoutMs = timeoutMs;
  }
}
