/** What every cache of ours carries, also one from another copy of the package, and no store by accident. */
const brand: symbol = Symbol.for('@x/cache-core:cache');

/** To be called by the constructor of a cache. */
export function brandCache(cache: object): void {
  Object.defineProperty(cache, brand, { value: true });
}

/**
 * Whether it is a `CacheManager` or a namespace of one. Their methods do not tell: they are those of a
 * store, and a store may have `getOrSet` as well.
 */
export function isCacheManager(value: unknown): boolean {
  return typeof value === 'object' && value !== null && brand in value;
}
