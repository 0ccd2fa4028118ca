import type { PoolResponse } from '../response/pool-response.ts';
import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** The server answered a status of 400 or above. */
export class StatusError extends PoolError<'ERR_POOL_STATUS'> {
  override readonly name: string = 'StatusError';
  readonly code = 'ERR_POOL_STATUS';
  readonly status: number;
  /** What the server answered, with its body. Not shown with the error: its URL has what `url` leaves out. */
  declare readonly response: PoolResponse;
  /** How long the server asks to wait, in milliseconds, if it does. */
  readonly retryAfterMs: number | undefined;

  constructor(facts: RequestFacts, response: PoolResponse, retryAfterMs: number | undefined) {
    super(facts, `the server answered ${response.status}`);
    this.status = response.status;
    Object.defineProperty(this, 'response', { value: response, configurable: true });
    this.retryAfterMs = retryAfterMs;
  }
}
