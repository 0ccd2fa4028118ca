import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** The server sent no answer within `headersTimeoutMs` of the request. */
export class HeadersTimeoutError extends PoolError<'ERR_POOL_HEADERS_TIMEOUT'> {
  override readonly name: string = 'HeadersTimeoutError';
  readonly code = 'ERR_POOL_HEADERS_TIMEOUT';
  readonly timeoutMs: number;

  constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions) {
    super(facts, `no answer within ${timeoutMs} ms`, options);
    this.timeoutMs = timeoutMs;
  }
}
