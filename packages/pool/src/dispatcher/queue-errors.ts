import { PoolError, type RequestFacts } from '../errors.ts';

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
