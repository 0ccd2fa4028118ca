export * from '@x/cache-core';
export * from '@x/cache-fs';
export * from '@x/cache-sqlite';
export * from '@x/codec';
export * from '@x/decorators';
export * from '@x/interfaces';
export * from '@x/metrics';
export * from '@x/pool';
export * from '@x/ratelimit';
export { CacheOpenError } from './cache-open-error.ts';
export { configFromEnv, type ConfigFromEnvOptions, type Environment } from './config-from-env.ts';
export { type CacheBackend, createCache, type CreateCacheOptions } from './create-cache.ts';
export type { OptimizedRequestOptions } from './optimized-request-options.ts';
export { PartDisabledError } from './part-disabled-error.ts';
export type {
  CacheConfig,
  ConcurrencyConfig,
  MetricsConfig,
  PerformanceConfig,
  PoolConfig,
  RateLimitConfig,
} from './performance-config.ts';
export { PerformanceOptimizer } from './performance-optimizer.ts';
export type { PerformanceFacts, PerformanceReport, QueueLengths } from './performance-report.ts';
