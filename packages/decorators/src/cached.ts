import {
  choiceOption,
  numberOption,
  textOption,
  type Cache,
  type GetOrSetOptions,
  type SyncCache,
} from '@x/interfaces';
import { createKeyMaker, type CacheScope } from './cache-key.ts';
import { createDecoration } from './decoration.ts';
import type {
  AnyArguments,
  AnyFunction,
  AsyncFunction,
  Promised,
  Resource,
} from './function-types.ts';
import { checkResource, resolveResource } from './resource.ts';

/** How the results of a function are cached. */
export interface CachedOptions<Args extends readonly unknown[] = AnyArguments> {
  /**
   * What the keys begin with. Give one to keep results over a renaming or minification.
   * @defaultValue the function's name, or `Class.method`
   */
  readonly name?: string | undefined;
  /**
   * The part of the key that stands for the arguments, instead of all of them encoded. Called with
   * `this` of the call.
   */
  readonly key?: ((...args: Args) => string) | undefined;
  /**
   * Milliseconds for which a result is fresh; 0 stores nothing, `Infinity` never expires.
   * @defaultValue the cache's own
   */
  readonly ttlMs?: number | undefined;
  /** Names under which results can be invalidated together; caches without tags ignore them. */
  readonly tags?: readonly string[] | undefined;
  /**
   * Whose results are shared. Results of `'instance'` are not found again after a restart.
   * @defaultValue `'instance'` for methods, `'shared'` for functions
   */
  readonly scope?: CacheScope | undefined;
}

/** {@link cached} over a cache whose answers take time. */
export interface CachedDecoration {
  <F extends AnyFunction>(fn: F): Promised<F>;
  <F extends AsyncFunction>(
    method: F,
    context: ClassMethodDecoratorContext<ThisParameterType<F>, F>,
  ): F;
  <T extends Promise<unknown>>(
    getter: () => T,
    context: ClassGetterDecoratorContext<unknown, T>,
  ): () => T;
  <T extends AsyncFunction | Promise<unknown>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): TypedPropertyDescriptor<T>;
}

/** {@link cached} over a cache that answers at once. */
export interface SyncCachedDecoration {
  <F extends AnyFunction>(fn: F): F;
  <F extends AnyFunction>(
    method: F,
    context: ClassMethodDecoratorContext<ThisParameterType<F>, F>,
  ): F;
  <T>(getter: () => T, context: ClassGetterDecoratorContext<unknown, T>): () => T;
  <T>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): TypedPropertyDescriptor<T>;
}

function checkOptions(options: CachedOptions): void {
  numberOption('ttlMs', options.ttlMs, 0, { min: 0 });
  textOption('name', options.name, '-');
  if (typeof options.scope === 'function') return;
  choiceOption('scope', options.scope, 'shared', ['instance', 'shared']);
}

/**
 * Over a cache that answers at once, a promise is the value that is cached: callers share it, and it
 * is dropped again when it rejects.
 */
function dropRejected(cache: SyncCache, key: string, value: unknown): void {
  if (!(value instanceof Promise)) return;
  value.catch(() => {
    if (cache.get(key) === value) cache.delete(key);
  });
}

/**
 * Keeps the results of a function in `cache`: as a wrapper, `cached(cache)(fn)`, or as a decorator of
 * a method or getter, `@cached(cache)`. Concurrent calls with the same arguments share one
 * execution; a failed one is not kept. Over a `SyncCache` a synchronous function stays synchronous.
 *
 * The arguments must be data: primitives, dates, URLs, bytes, plain objects, arrays, maps, sets.
 * Otherwise give `key`.
 *
 * @param cache - a cache, or how to find it on the instance: `(self) => self.cache`
 * @throws TypeError for wrong options, and for a function without a name when `name` is not given
 */
export function cached<Args extends readonly unknown[] = AnyArguments>(
  cache: Resource<Cache>,
  options?: CachedOptions<Args>,
): CachedDecoration;
export function cached<Args extends readonly unknown[] = AnyArguments>(
  cache: Resource<SyncCache>,
  options?: CachedOptions<Args>,
): SyncCachedDecoration;
export function cached(
  cache: Resource<Cache> | Resource<SyncCache>,
  options: CachedOptions = {},
): CachedDecoration | SyncCachedDecoration {
  checkOptions(options);
  checkResource<Cache>('cached', cache as Resource<Cache>, 'getOrSet');
  const keyOptions = { name: options.name, key: options.key, scope: options.scope };
  const storeOptions: GetOrSetOptions = { ttlMs: options.ttlMs, tags: options.tags };

  const decoration = createDecoration('cached', (fn, member, wrapper) => {
    const keyOf = createKeyMaker(keyOptions, member, wrapper);
    return function (this: unknown, ...args: unknown[]): unknown {
      const resource = resolveResource<Cache>('cached', cache as Resource<Cache>, 'getOrSet', this);
      return resource.getOrSet(
        keyOf(this, args),
        (context: unknown) => {
          const value = fn.apply(this, args);
          // A `SyncCache` hands its loader the key, a `Cache` an object.
          if (typeof context === 'string') {
            dropRejected(resource as unknown as SyncCache, context, value);
          }
          return value;
        },
        storeOptions,
      );
    };
  });
  return decoration as CachedDecoration;
}
