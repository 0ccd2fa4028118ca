import { isThenable, type SyncCache } from '@x/interfaces';
import { asPromise } from './as-promise.ts';

/** A cache that can be looked into without counting as a use of it, as `MemoryCache` can. */
interface PeekableCache extends SyncCache {
  peek?(key: string): unknown;
}

/** What is to be cached for the value that a function answered. */
export type PromiseSharing = (cache: SyncCache, key: string, value: unknown) => unknown;

/**
 * Over a cache that answers at once, what is cached is the promise of whatever can be awaited: callers
 * share it while it is pending and after it is fulfilled, and it is dropped when it rejects, unless
 * something newer took its place. What is shared is a promise that nobody else handles, so that a
 * rejection which no caller handles is reported as such.
 */
export function createPromiseSharing(): PromiseSharing {
  const pendingByCache = new WeakMap<SyncCache, Map<string, Promise<unknown>>>();

  return (cache: PeekableCache, key, value) => {
    if (!isThenable(value)) return value;
    let pending = pendingByCache.get(cache);
    if (pending === undefined) pendingByCache.set(cache, (pending = new Map()));

    /** Whether this promise is still the newest of its key. */
    const settle = (): boolean => {
      if (pending.get(key) !== shared) return false;
      pending.delete(key);
      return true;
    };
    const shared: Promise<unknown> = asPromise(value).then(
      (result: unknown) => {
        settle();
        return result;
      },
      (error: unknown) => {
        const newest = settle();
        if (newest && (cache.peek === undefined || cache.peek(key) === shared)) cache.delete(key);
        throw error;
      },
    );
    pending.set(key, shared);
    return shared;
  };
}
