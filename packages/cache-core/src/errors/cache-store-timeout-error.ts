import { ToolkitError } from '@x/interfaces';

/** A store did not answer in time; the `cause` of a `CacheStoreError`. */
export class CacheStoreTimeoutError extends ToolkitError<'ERR_CACHE_STORE_TIMEOUT'> {
  override readonly name: string = 'CacheStoreTimeoutError';
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
