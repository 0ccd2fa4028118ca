import {
  type Cache,
  checkOptionNames,
  describeValue,
  functionOption,
  type GetOrSetOptions,
  type LoaderContext,
  loadOptionNames,
  objectOption,
  type OptionNames,
  type SyncCache,
} from '@x/interfaces';
import { CacheManager } from './cache-manager.ts';
import { checkTtl, misnamedWindows } from './call-options.ts';
import type { CacheNamespace } from './cache-namespace.ts';
import { argumentsKey } from './memoize/arguments-key.ts';
import { refuseContainer } from './refuse-container.ts';

/** How the results of a function are kept. */
export interface MemoizeOptions<Args extends unknown[], V> extends Omit<
  GetOrSetOptions<V>,
  'signal'
> {
  /**
   * Where results are kept: a `CacheManager` or a namespace of one; give each function a namespace of its own.
   * @defaultValue a new `CacheManager` of 1000 entries in memory; close it by `memoized.cache.close()`
   */
  readonly cache?: CacheNamespace | undefined;
  /** The key of a call. @defaultValue the arguments as text, which must then be primitives */
  readonly key?: ((...args: Args) => string) | undefined;
}

const ofStore =
  'one of the store: { cache: new CacheManager({ store: new MemoryStore({ maxEntries }) }) }';

const optionNames: OptionNames<MemoizeOptions<unknown[], unknown>> = {
  known: { ...loadOptionNames, ttlMs: true, tags: true, cache: true, key: true },
  misnamed: {
    ...misnamedWindows,
    tag: 'tags, an array',
    cacheKey: 'key',
    keyFn: 'key',
    keyGenerator: 'key',
    normalizer: 'key',
    resolver: 'key',
    max: ofStore,
    maxSize: ofStore,
    maxEntries: ofStore,
    store: 'one of the cache: { cache: new CacheManager({ store }) }',
    promise: 'not needed: a promise is awaited, and dropped when it rejects',
    async: 'not needed: a promise is awaited, and dropped when it rejects',
  },
};

/** A function whose results are kept. */
export interface Memoized<Args extends unknown[], V> {
  (...args: Args): Promise<V>;
  /** Where the results are kept. */
  readonly cache: CacheNamespace;
  /** The key of the result for `args`, for example to delete it. */
  readonly keyOf: (...args: Args) => string;
}

/**
 * `fn` with its results kept by its arguments. Concurrent calls share one execution; one that failed
 * is not kept, unless `errorTtlMs` says so. Every option of `getOrSet` applies.
 *
 * @throws TypeError when `cache` is no `CacheManager`, such as a `MemoryCache`
 * @throws TypeError, by rejecting, when an argument is no primitive and there is no `key`
 */
export function memoize<Args extends unknown[], V>(
  fn: (...args: Args) => V | Promise<V>,
  options: MemoizeOptions<Args, V> = {},
): Memoized<Args, V> {
  if (typeof fn !== 'function') {
    throw new TypeError(`fn must be a function, got ${describeValue(fn)}`);
  }
  objectOption('options', options, '{ ttlMs }');
  refuseContainer(options, '{ cache }');
  checkOptionNames(options, optionNames);
  const { cache = new CacheManager(), key, ...loadOptions } = options;
  if (typeof loadOptions.ttlMs !== 'function') checkTtl(loadOptions.ttlMs, 0);
  checkCache(cache);
  const keyOf = functionOption('key', key, argumentsKey);
  const given = Object.keys(loadOptions).length > 0 ? loadOptions : undefined;

  function memoized(this: unknown, ...args: Args): Promise<V> {
    let callKey: string;
    try {
      callKey = keyOf.apply(this, args);
    } catch (error) {
      return Promise.reject(error);
    }
    const loader = (_context: LoaderContext): V | Promise<V> => fn.apply(this, args);
    return cache.getOrSet(callKey, loader, given);
  }
  return Object.assign(memoized, { cache, keyOf });
}

/** By its methods, since a cache may come from another copy of the package. */
function checkCache(cache: CacheNamespace): void {
  const { getOrSet, answersAtOnce } = (cache ?? {}) as Partial<Cache | SyncCache>;
  if (typeof getOrSet === 'function' && answersAtOnce !== true) return;
  const got =
    answersAtOnce === true
      ? 'one that answers at once and would keep failed promises: use cached(cache)(fn) of @x/decorators'
      : describeValue(cache);
  throw new TypeError(`cache must be a CacheManager or a namespace of one, got ${got}`);
}
