export { MemoryCache } from './memory-cache.ts';
export type { MemoryCacheOptions } from './memory/memory-cache-options.ts';
export type { DumpedEntry, MemoryCacheDump } from './memory/memory-cache-dump.ts';
export type { MemoryCacheEntry, MemoryCacheStats } from './memory/memory-cache-stats.ts';
export type { RemovalListener, RemovalReason } from './memory/removals.ts';
export { MemoryStore, type MemoryStoreOptions } from './memory-store.ts';
export type { CloneMode } from './memory-store/clone-mode.ts';
export { compilePattern, escapeGlob } from './key-pattern.ts';
export type { PolicyName } from './policy/create-policy.ts';
export { CacheManager } from './cache-manager.ts';
export { type CacheKeysOptions, CacheNamespace } from './cache-namespace.ts';
export { memoize, type Memoized, type MemoizeOptions } from './memoize.ts';
export { CacheStoreError, type StoreOperation } from './errors/cache-store-error.ts';
export { CacheLoadTimeoutError } from './errors/cache-load-timeout-error.ts';
export type { LoadedValues, ManyLoader, ManyLoaderContext } from './manager/loads/batch-loads.ts';
export { CacheStoreRestingError } from './errors/cache-store-resting-error.ts';
export { CacheStoreTimeoutError } from './errors/cache-store-timeout-error.ts';
export type { CacheTier } from './manager/tiers/tier-options.ts';
export type { CacheEntry, CacheHit, CacheMiss } from './manager/reads/cache-entry.ts';
export type {
  CacheEvents,
  LoadEvent,
  LoadOutcome,
  StoreErrorEvent,
} from './manager/recording/cache-events.ts';
export type { CacheManagerOptions } from './manager/cache-manager-options.ts';
export type { CacheInfo, CacheStats, TierStats } from './manager/recording/cache-stats.ts';
export type {
  HitMessage,
  LoadMessage,
  MissMessage,
  StoreErrorMessage,
} from './manager/recording/channels.ts';
