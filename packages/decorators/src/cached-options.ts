import {
  checkOptionNames,
  choiceOption,
  functionOption,
  loadOptionNames,
  type LoadOptions,
  numberOption,
  objectOption,
  type OptionNames,
  textOption,
} from '@x/interfaces';
import type { CacheScope } from './keys/cache-key.ts';
import type { AnyArguments } from './wrapper/function-types.ts';

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

const ofCache = 'one of the cache: cached(new MemoryCache({ maxEntries }))';
const notKept = 'ttlMs, a function of the result that answers 0 for what is not to be kept';

const optionNames: OptionNames<CachedOptions> = {
  known: {
    ...loadOptionNames,
    name: true,
    key: true,
    ttlMs: true,
    scope: true,
    tags: true,
    withSignal: true,
  },
  misnamed: {
    ttl: 'ttlMs, in milliseconds',
    maxAge: 'ttlMs, in milliseconds',
    expires: 'ttlMs, in milliseconds',
    expiresIn: 'ttlMs, in milliseconds',
    ttlSeconds: 'ttlMs, in milliseconds: seconds(60)',
    tag: 'tags, an array',
    defaultTtlMs: 'ttlMs',
    cacheKey: 'key',
    keyFn: 'key',
    keyGenerator: 'key',
    resolver: 'key',
    hash: 'key',
    hashFunction: 'key',
    keyPrefix: 'name, with which the keys begin',
    prefix: 'name, with which the keys begin',
    namespace: 'name, with which the keys begin',
    condition: notKept,
    unless: notKept,
    shouldCache: notKept,
    cache: 'the argument before the options: cached(cache, options)',
    store: 'one of the cache: cached(new CacheManager({ store }))',
    max: ofCache,
    maxSize: ofCache,
    maxEntries: ofCache,
    signal: 'one of the call, as its last argument or in it; see withSignal',
  },
};

/** @throws TypeError or RangeError when an option is not what {@link CachedOptions} says */
export function checkCachedOptions(options: CachedOptions): void {
  objectOption('options', options, '{ ttlMs }');
  checkOptionNames(options, optionNames);
  const { key, name, ttlMs, withSignal } = options;
  if (typeof ttlMs !== 'function') numberOption('ttlMs', ttlMs, 0, { min: 0 });
  textOption('name', name, '-');
  functionOption('key', key);
  functionOption('withSignal', withSignal);
  if (typeof options.scope === 'function') return;
  choiceOption('scope', options.scope, 'shared', ['instance', 'shared']);
}
