import type {
  Cache,
  GetOrSetOptions,
  LoaderContext,
  SyncCache,
  SyncCacheSetOptions,
} from '@x/interfaces';
import { signalIn, withCallerSignal } from './call/caller-signal.ts';
import { createKeyMaker } from './keys/cache-key.ts';
import type { CachedDecoration, SyncCachedDecoration } from './decoration/cached-decoration.ts';
import {
  type CachedOptions,
  checkCachedOptions,
  type SyncCachedOptions,
} from './cached-options.ts';
import { refuseBareUse } from './decoration/bare-use.ts';
import { createDecoration } from './decoration/decoration.ts';
import type { AnyArguments, AnyFunction, Resource } from './wrapper/function-types.ts';
import type { Wrap } from './wrapper/policy.ts';
import { createResourceFinder } from './wrapper/resource.ts';
import { createPromiseSharing } from './call/shared-promise.ts';
import { isDeclaredAsync } from './wrapper/wrapper.ts';

type AnyCache = Cache | SyncCache;

/** Of the values of a `SyncCache` whose keys are strings. */
type ValueOf<C> = C extends SyncCache<string, infer V> ? V : never;

/** Calls the function itself; within a load of a cache when it is told of it. */
type Call = (load?: LoaderContext) => unknown;

/** Fails a call that has no key, in the way in which the function fails over this cache. */
function fail(fn: AnyFunction, cache: AnyCache | undefined, error: unknown): Promise<never> {
  if (isDeclaredAsync(fn) || (cache !== undefined && !cache.answersAtOnce)) {
    return Promise.reject(error);
  }
  throw error;
}

/**
 * Keeps the results of a function in `cache`: as a wrapper, `cached(cache)(fn)`, or as a decorator of
 * a method or getter, `@cached(cache)`. Concurrent calls with the same arguments share one
 * execution; a failed one is not kept. An `undefined` result is answered, but a `CacheManager` does
 * not keep it; a `SyncCache` does.
 *
 * A caller stops waiting when a signal aborts that is its last argument or the property `signal` of that.
 * The signal is no part of the key, and over a `Cache` the function gets one in its place that aborts when
 * all who wait have left.
 *
 * Over a `Cache` the wrapper always answers a promise, and every error rejects. Over a `SyncCache` a
 * synchronous function stays synchronous; a promise is shared and dropped when it rejects: callers
 * get the rejection, and one that nobody handles is reported as unhandled. A call whose key cannot
 * be made then throws, unless the function was declared `async`.
 *
 * The arguments must be data: primitives, dates, URLs, regular expressions, bytes, plain objects,
 * arrays, maps, sets, at most 100 levels deep. Otherwise give `key`.
 *
 * Writing to a decorated accessor ends what was cached for the instance; that needs scope `'instance'`.
 *
 * @param cache - a cache, or how to find it on the instance: `(self) => self.cache`
 * @throws TypeError for wrong options, and without `name` for a function that has none and for a
 * private member whose `scope` is not `'instance'`
 */
export function cached<
  C extends { readonly answersAtOnce: true },
  Args extends readonly unknown[] = AnyArguments,
>(cache: Resource<C>, options?: SyncCachedOptions<Args>): SyncCachedDecoration<ValueOf<C>, Args>;
export function cached<Args extends readonly unknown[] = AnyArguments>(
  cache: Resource<Cache>,
  options?: CachedOptions<Args>,
): CachedDecoration<Args>;
export function cached(cache: Resource<AnyCache>, options: CachedOptions = {}): unknown {
  // oxlint-disable-next-line eslint/prefer-rest-params -- more than the signature has
  refuseBareUse('cached', arguments);
  checkCachedOptions(options);
  const find = createResourceFinder<AnyCache>('cached', cache, 'getOrSet');
  const { key: _key, name: _name, scope: _scope, withSignal, ...forCache } = options;
  const isPlain = Object.values(forCache).every((value) => value === undefined);
  const cacheOptions = isPlain ? undefined : (forCache as GetOrSetOptions);
  const syncOptions = cacheOptions as SyncCacheSetOptions | undefined;

  const wrap: Wrap = (fn, member, outermost) => {
    const { keyOf, keyOfOne } = createKeyMaker(options, member, outermost);
    const inLoad = (args: AnyArguments, load: LoaderContext): AnyArguments =>
      withSignal === undefined
        ? withCallerSignal(args, signalIn(args.at(-1)) && load.signal)
        : withSignal(args, load.signal);
    const sharePromise = createPromiseSharing();

    const ask = (found: AnyCache, key: string, call: Call, last: unknown): unknown => {
      if (found.answersAtOnce) {
        return found.getOrSet(key, () => sharePromise(found, key, call()), syncOptions);
      }
      const signal = signalIn(last);
      if (signal === undefined) return found.getOrSet(key, call, cacheOptions);
      return found.getOrSet(key, call, { ...cacheOptions, signal });
    };
    const callWithAll = function (this: unknown, ...args: unknown[]): unknown {
      let found: AnyCache | undefined;
      let key: string;
      try {
        found = find(this);
        key = keyOf(this, args);
      } catch (error) {
        return fail(fn, found, error);
      }
      const call: Call = (load) => fn.apply(this, load === undefined ? args : inLoad(args, load));
      return ask(found, key, call, args.at(-1));
    };
    // Most calls have one argument, and a hit then needs no array of them.
    return function (this: unknown, only: unknown): unknown {
      if (arguments.length !== 1 || withSignal !== undefined || signalIn(only) !== undefined)
        // oxlint-disable-next-line eslint/prefer-rest-params -- not an array until there are more
        return Reflect.apply(callWithAll, this, arguments);
      let found: AnyCache | undefined;
      let key: string;
      try {
        found = find(this);
        key = keyOfOne(this, only);
      } catch (error) {
        return fail(fn, found, error);
      }
      // What `ask` would do, with one function less to make.
      if (found.answersAtOnce) {
        const cache = found;
        const load = (): unknown => sharePromise(cache, key, fn.call(this, only));
        return cache.getOrSet(key, load, syncOptions);
      }
      return found.getOrSet(key, () => fn.call(this, only), cacheOptions);
    };
  };
  return createDecoration([
    { policy: 'cached', resource: cache, options, places: { getters: true }, wrap },
  ]);
}
