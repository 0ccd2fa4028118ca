import { PoolError } from './pool-error.ts';
import type { RequestFacts } from './request-facts.ts';

/** More than `maxQueue` requests wait for a connection already. */
export class PoolQueueFullError extends PoolError<'ERR_POOL_QUEUE_FULL'> {
  override readonly name: string = 'PoolQueueFullError';
  readonly code = 'ERR_POOL_QUEUE_FULL';
  readonly maxQueue: number;

  constructor(facts: RequestFacts, maxQueue: number, options?: ErrorOptions) {
    super(facts, `${maxQueue} requests wait for a connection already`, options);
    this.maxQueue = maxQueue;
  }
}
