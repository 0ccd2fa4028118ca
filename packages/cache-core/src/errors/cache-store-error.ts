import { describeError, ToolkitError } from '@x/interfaces';

/** What a cache was doing with a store. */
export type StoreOperation =
  | 'get'
  | 'getMany'
  | 'set'
  | 'setMany'
  | 'delete'
  | 'deleteMany'
  | 'clear'
  | 'invalidate'
  | 'keys'
  | 'purgeExpired'
  | 'stats'
  | 'mark'
  | 'changesSince'
  | 'lease'
  | 'close';

/** A store failed, and the cache could not make up for it. The store's own error is the `cause`. */
export class CacheStoreError extends ToolkitError<'ERR_CACHE_STORE'> {
  override readonly name: string = 'CacheStoreError';
  readonly code = 'ERR_CACHE_STORE';
  /** Name of the cache. */
  readonly cache: string;
  /** Name of the store that failed; the first of several. */
  readonly tier: string;
  readonly operation: StoreOperation;
  /** The key, where the operation has one. */
  readonly key: string | undefined;

  constructor(
    cache: string,
    failure: {
      readonly tier: string;
      readonly operation: StoreOperation;
      readonly key?: string | undefined;
    },
    options: ErrorOptions,
  ) {
    const of = failure.key === undefined ? '' : ` of ${JSON.stringify(failure.key)}`;
    const { cause } = options;
    const reason = describeError(cause);
    super(
      `cache "${cache}": ${failure.operation}${of} failed in ${failure.tier}: ${reason}`,
      options,
    );
    this.cache = cache;
    this.tier = failure.tier;
    this.operation = failure.operation;
    this.key = failure.key;
  }
}
