import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** The body is larger than `maxResponseBytes`. */
export class ResponseTooLargeError extends PoolError<'ERR_POOL_RESPONSE_TOO_LARGE'> {
  override readonly name: string = 'ResponseTooLargeError';
  readonly code = 'ERR_POOL_RESPONSE_TOO_LARGE';
  readonly maxBytes: number;

  constructor(facts: RequestFacts, maxBytes: number, options?: ErrorOptions) {
    super(facts, `the body is larger than ${maxBytes} bytes`, options);
    this.maxBytes = maxBytes;
  }
}
