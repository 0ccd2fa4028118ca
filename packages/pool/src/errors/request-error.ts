import { describeError } from '@x/interfaces';
import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** The network failed, or the server answered something that is not HTTP; `cause` says what. */
export class RequestError extends PoolError<'ERR_POOL_REQUEST'> {
  override readonly name: string = 'RequestError';
  readonly code = 'ERR_POOL_REQUEST';

  constructor(facts: RequestFacts, cause: unknown) {
    const reason = describeError(cause);
    super(facts, `request failed: ${reason}`, { cause });
  }
}
