import { ToolkitError } from '@x/interfaces';

/** As many callers wait for a rate limiter as its `maxQueue` allows. Nothing was taken. */
export class RateLimitQueueFullError extends ToolkitError<'ERR_RATE_LIMIT_QUEUE_FULL'> {
  override readonly name: string = 'RateLimitQueueFullError';
  readonly code = 'ERR_RATE_LIMIT_QUEUE_FULL';
  /** Name of the limiter that refused. */
  readonly limiter: string;
  /** How many callers may wait. */
  readonly maxQueue: number;

  constructor(limiter: string, maxQueue: number, options?: ErrorOptions) {
    super(`limiter "${limiter}" has no permit and its queue of ${maxQueue} is full`, options);
    this.limiter = limiter;
    this.maxQueue = maxQueue;
  }
}
