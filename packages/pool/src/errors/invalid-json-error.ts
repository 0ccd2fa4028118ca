import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** The body is not the JSON that was asked for. */
export class InvalidJsonError extends PoolError<'ERR_POOL_INVALID_JSON'> {
  override readonly name: string = 'InvalidJsonError';
  readonly code = 'ERR_POOL_INVALID_JSON';
  readonly status: number;

  constructor(facts: RequestFacts, status: number, cause: unknown, isEmpty: boolean = false) {
    super(facts, `the body of the answer ${status} is ${isEmpty ? 'empty' : 'not JSON'}`, {
      cause,
    });
    this.status = status;
  }
}
