import {
  choiceOption,
  describeValue,
  numberOption,
  textOption,
  type Cache,
  type GetOrSetOptions,
  type LoaderContext,
  type LoadOptions,
  type SyncCache,
  type SyncCacheSetOptions,
} from '@x/interfaces';
import { signalIn } from './caller-signal.ts';
import { createKeyMaker, type CacheScope } from './cache-key.ts';
import type { CachedDecoration, SyncCachedDecoration } from './cached-decoration.ts';
import { createDecoration } from './decoration.ts';
import type { AnyArguments, AnyFunction, Resource } from './function-types.ts';
import type { Wrap } from './policy.ts';
import { createResourceFinder } from './resource.ts';
import { createPromiseSharing } from './shared-promise.ts';
import { isDeclaredAsync } from './wrapper.ts';

/** How the results of a function are kept by a cache that answers at once. */
export interface SyncCachedOptions<Args extends readonly unknown[] = AnyArguments> {
  /**
   * What the keys begin with. Functions of one name over one cache share their entries, so give each
   * a name of its own there, and also to keep results over a renaming or minification.
   * @defaultValue the function's name, or `Class.method`; with scope `'instance'` just the name of the
   * method where its class cannot be found
   */
  readonly name?: string | undefined;
  /**
   * The part of the key that stands for the arguments, instead of all of them encoded. Called with
   * `this` of the call; must answer a string.
   */
  readonly key?: ((...args: Args) => string) | undefined;
  /**
   * Milliseconds for which a result is fresh; 0 stores nothing, `Infinity` never expires.
   * @defaultValue the cache's own
   */
  readonly ttlMs?: number | undefined;
  /**
   * Whose results are shared. Results of `'instance'` are not found again after a restart. Others
   * need the class that declares the method, or `name`: without either a call is a `TypeError`.
   * @defaultValue `'instance'` for methods, `'shared'` for functions
   */
  readonly scope?: CacheScope | undefined;
}

/**
 * How the results of a function are cached. Those of {@link LoadOptions} go before the cache's own, which
 * checks them with each call.
 */
export interface CachedOptions<Args extends readonly unknown[] = AnyArguments>
  extends LoadOptions, Omit<SyncCachedOptions<Args>, 'ttlMs'> {
  /**
   * Milliseconds for which a result is fresh, or how to tell them from it; 0 stores nothing, `Infinity`
   * never expires. @defaultValue the cache's own
   */
  readonly ttlMs?: number | ((result: never) => number) | undefined;
  /** Names under which results can be invalidated together. */
  readonly tags?: readonly string[] | undefined;
  /**
   * Puts a signal among the arguments, `([id], signal) => [id, { signal }]`, which aborts when nobody
   * waits for the result any more. @defaultValue the function gets the arguments of the first of those
   * who wait, and stops for all of them when it heeds the signal of that one
   */
  readonly withSignal?: ((args: AnyArguments, signal: AbortSignal) => AnyArguments) | undefined;
}

type AnyCache = Cache | SyncCache;

/** Calls the function itself; within a load of a cache when it is told of it. */
type Call = (load?: LoaderContext) => unknown;

function checkOptions(options: CachedOptions): void {
  const { key, name, ttlMs, withSignal } = options;
  if (typeof ttlMs !== 'function') numberOption('ttlMs', ttlMs, 0, { min: 0 });
  textOption('name', name, '-');
  for (const [option, value] of Object.entries({ key, withSignal })) {
    if (value === undefined || typeof value === 'function') continue;
    throw new TypeError(`${option} must be a function, got ${describeValue(value)}`);
  }
  if (typeof options.scope === 'function') return;
  choiceOption('scope', options.scope, 'shared', ['instance', 'shared']);
}

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
 * not keep it; a `SyncCache` does. A caller stops waiting when a signal aborts that is its last argument
 * or the property `signal` of that.
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
export function cached<Args extends readonly unknown[] = AnyArguments>(
  cache: Resource<Cache>,
  options?: CachedOptions<Args>,
): CachedDecoration<Args>;
export function cached<V, Args extends readonly unknown[] = AnyArguments>(
  cache: Resource<SyncCache<string, V>>,
  options?: SyncCachedOptions<Args>,
): SyncCachedDecoration<V, Args>;
export function cached(cache: Resource<AnyCache>, options: CachedOptions = {}): unknown {
  checkOptions(options);
  const find = createResourceFinder<AnyCache>('cached', cache, 'getOrSet');
  const { key: _key, name: _name, scope: _scope, withSignal, ...forCache } = options;
  const isPlain = Object.values(forCache).every((value) => value === undefined);
  const cacheOptions = isPlain ? undefined : (forCache as GetOrSetOptions);

  const wrap: Wrap = (fn, member, outermost) => {
    const { keyOf, keyOfOne } = createKeyMaker(options, member, outermost);
    const sharePromise = createPromiseSharing();

    const ask = (found: AnyCache, key: string, call: Call, last: unknown): unknown => {
      if (found.answersAtOnce) {
        const load = (): unknown => sharePromise(found, key, call());
        return found.getOrSet(key, load, cacheOptions as SyncCacheSetOptions);
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
      const call: Call = (load) =>
        fn.apply(this, withSignal && load ? withSignal(args, load.signal) : args);
      return ask(found, key, call, args.at(-1));
    };
    // Most calls have one argument, and a hit then needs no array of them.
    return function (this: unknown, only: unknown): unknown {
      // oxlint-disable-next-line eslint/prefer-rest-params -- not an array until there are more
      if (arguments.length !== 1 || withSignal !== undefined)
        return Reflect.apply(callWithAll, this, arguments);
      let found: AnyCache | undefined;
      let key: string;
      try {
        found = find(this);
        key = keyOfOne(this, only);
      } catch (error) {
        return fail(fn, found, error);
      }
      return ask(found, key, () => fn.call(this, only), only);
    };
  };
  return createDecoration([
    { policy: 'cached', resource: cache, options, places: { getters: true }, wrap },
  ]);
}
