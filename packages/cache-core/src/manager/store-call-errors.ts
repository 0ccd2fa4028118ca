import { ToolkitError } from '@x/interfaces';

/** A store did not answer in time; the `cause` of a `CacheStoreError`. */
export class StoreTimeoutError extends ToolkitError<'ERR_CACHE_STORE_TIMEOUT'> {
  override readonly name: string = 'StoreTimeoutError';
  readonly code = 'ERR_CACHE_STORE_TIMEOUT';
  /** Name of the store. */
  readonly tier: string;
  readonly timeoutMs: number;

  constructor(tier: string, timeoutMs: number) {
    super(`store "${tier}" did not answer within ${timeoutMs} ms`);
    this.tier = tier;
    this.timeoutMs = timeoutMs;
  }
}

/** A store was not asked, because it failed again and again; the `cause` of a `CacheStoreError`. */
export class StoreRestingError extends ToolkitError<'ERR_CACHE_STORE_RESTING'> {
  override readonly name: string = 'StoreRestingError';
  readonly code = 'ERR_CACHE_STORE_RESTING';
  /** Name of the store. */
  readonly tier: string;
  /** How long until it is asked again, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(tier: string, retryAfterMs: number, options: ErrorOptions) {
    super(`store "${tier}" failed repeatedly and is left alone for ${retryAfterMs} ms`, options);
    this.tier = tier;
    this.retryAfterMs = retryAfterMs;
  }
}
