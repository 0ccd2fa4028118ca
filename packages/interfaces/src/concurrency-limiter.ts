import type { AcquireOptions } from './rate-limiter.ts';

/** The right to run, held until it is disposed or released. Releasing twice counts once. */
export interface Permit extends Disposable {
  /** Gives the right back; the longest waiting caller gets it. */
  release(): void;
}

/** Bounds how many run at the same time. */
export interface ConcurrencyLimiter {
  /** A permit now, or `undefined`. Never overtakes a caller that waits. */
  tryAcquire(): Permit | undefined;
  /**
   * Waits for a permit, first come first served.
   *
   * @throws an error with code `ERR_CONCURRENCY_TIMEOUT` when `timeoutMs` passes first
   * @throws an error with code `ERR_CONCURRENCY_QUEUE_FULL` when too many wait already
   * @throws `signal.reason` when aborted; the place in the queue is lost
   */
  acquire(options?: AcquireOptions): Promise<Permit>;
  /** Runs `fn` while holding a permit, and answers what it answers. */
  run<T>(fn: () => T | Promise<T>, options?: AcquireOptions): Promise<T>;
  /** Permits held now. */
  readonly active: number;
  /** Permits that could be taken now. */
  readonly available: number;
  /** Callers waiting. */
  readonly queued: number;
}
