import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** The server's address is not public, and `denyPrivate` is set. */
export class BlockedAddressError extends PoolError<'ERR_POOL_BLOCKED_ADDRESS'> {
  override readonly name: string = 'BlockedAddressError';
  readonly code = 'ERR_POOL_BLOCKED_ADDRESS';
  readonly address: string;

  constructor(facts: RequestFacts, address: string, options?: ErrorOptions) {
    super(facts, `the address ${address} is private`, options);
    this.address = address;
  }
}
