import { ToolkitError } from '@x/interfaces';

/** A concurrency limiter has no free permit, and as many callers wait as its `maxQueue` allows. */
export class ConcurrencyQueueFullError extends ToolkitError<'ERR_CONCURRENCY_QUEUE_FULL'> {
  override readonly name: string = 'ConcurrencyQueueFullError';
  readonly code = 'ERR_CONCURRENCY_QUEUE_FULL';
  /** Name of the limiter that refused. */
  readonly limiter: string;
  /** How many callers may wait. */
  readonly maxQueue: number;

  constructor(limiter: string, maxQueue: number, options?: ErrorOptions) {
    super(`limiter "${limiter}" has no permit free and its queue of ${maxQueue} is full`, options);
    this.limiter = limiter;
    this.maxQueue = maxQueue;
  }
}
