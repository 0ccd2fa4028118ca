import { ToolkitError } from '@x/interfaces';

/** A store was not asked, because it failed again and again; the `cause` of a `CacheStoreError`. */
export class CacheStoreRestingError extends ToolkitError<'ERR_CACHE_STORE_RESTING'> {
  override readonly name: string = 'CacheStoreRestingError';
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
