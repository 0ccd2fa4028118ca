import { CacheManager, CacheStats } from "@x/cache-core";

import { Compression } from "@x/codec";

import { Clock, ConcurrencyLimiter, LoadOptions, Logger, Meter, RateLimiter, ToolkitError } from "@x/interfaces";

import { Registry, RegistryOptions, RegistrySnapshot } from "@x/metrics";

import { CloseOptions, HttpClient, HttpPool, HttpPoolOptions, PoolStats } from "@x/pool";

import { RateLimiterStats, SemaphoreOptions, SemaphoreStats, TokenBucketOptions } from "@x/ratelimit";

type CacheBackend = "memory" | "filesystem" | "sqlite";

type CacheConfig = Omit<CreateCacheOptions, Wired>;

declare class CacheOpenError extends ToolkitError<"ERR_CACHE_OPEN"> {
    readonly name: string;
    readonly code = "ERR_CACHE_OPEN";
    readonly backend: string;
    readonly directory: string;
    constructor(backend: string, directory: string, cause: Error);
}

type ConcurrencyConfig = Partial<Omit<SemaphoreOptions, Wired>>;

interface ConfigFromEnvOptions {
    readonly prefix?: string | undefined;
    readonly defaults?: PerformanceConfig | undefined;
}

interface CreateCacheOptions extends LoadOptions {
    readonly backend?: CacheBackend | undefined;
    readonly directory?: string | undefined;
    readonly defaultTtlMs?: number | undefined;
    readonly maxEntries?: number | undefined;
    readonly compression?: Compression | boolean | undefined;
    readonly cleanupIntervalMs?: number | undefined;
    readonly maxMemoryEntries?: number | undefined;
    readonly storeTimeoutMs?: number | undefined;
    readonly leaseTtlMs?: number | undefined;
    readonly stats?: boolean | undefined;
    readonly name?: string | undefined;
    readonly meter?: Meter | undefined;
    readonly logger?: Logger | undefined;
    readonly clock?: Clock | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

type MetricsConfig = Omit<RegistryOptions, Wired | "enabled">;

interface OptimizedRequestOptions {
    readonly permits?: number | undefined;
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}

declare class PartDisabledError extends ToolkitError<"ERR_PART_DISABLED"> {
    readonly name: string;
    readonly code = "ERR_PART_DISABLED";
    readonly part: string;
    constructor(part: string);
}

interface PerformanceConfig {
    readonly cache?: CacheConfig | false | undefined;
    readonly metrics?: MetricsConfig | false | undefined;
    readonly rateLimit?: RateLimitConfig | false | undefined;
    readonly concurrency?: ConcurrencyConfig | false | undefined;
    readonly pool?: PoolConfig | false | undefined;
    readonly logger?: Logger | undefined;
    readonly clock?: Clock | undefined;
}

interface PerformanceFacts {
    readonly takenAt: number;
    readonly cache: CacheStats | undefined;
    readonly rateLimit: RateLimiterStats | undefined;
    readonly concurrency: SemaphoreStats | undefined;
    readonly requestConcurrency: SemaphoreStats | undefined;
    readonly pool: PoolStats | undefined;
    readonly metrics: RegistrySnapshot;
    readonly queues: QueueLengths;
}

declare class PerformanceOptimizer implements AsyncDisposable {
    #private;
    readonly registry: Registry;
    readonly cache: CacheManager;
    readonly limiter: RateLimiter;
    readonly semaphore: ConcurrencyLimiter;
    private constructor();
    static open(config?: PerformanceConfig): Promise<PerformanceOptimizer>;
    get pool(): HttpPool;
    optimizedRequest<T>(request: (http: HttpClient) => T | Promise<T>, options?: OptimizedRequestOptions): Promise<T>;
    report(): Promise<PerformanceReport>;
    close(options?: CloseOptions): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}

interface PerformanceReport extends PerformanceFacts {
    readonly advice: readonly string[];
    toString(): string;
}

type PoolConfig = Omit<HttpPoolOptions, Wired | "rateLimiter" | "concurrencyLimiter">;

interface QueueLengths {
    readonly rateLimit: number;
    readonly concurrency: number;
    readonly requestConcurrency: number;
    readonly pool: number;
}

type RateLimitConfig = Partial<Omit<TokenBucketOptions, Wired>>;

type Wired = "clock" | "logger" | "meter";

declare function configFromEnv(env?: Environment, options?: ConfigFromEnvOptions): PerformanceConfig;

declare function createCache(options?: CreateCacheOptions): Promise<CacheManager>;

export { CacheOpenError, PartDisabledError, PerformanceOptimizer, configFromEnv, createCache };

export type { CacheBackend, CacheConfig, ConcurrencyConfig, ConfigFromEnvOptions, CreateCacheOptions, Environment, MetricsConfig, OptimizedRequestOptions, PerformanceConfig, PerformanceFacts, PerformanceReport, PoolConfig, QueueLengths, RateLimitConfig };

export * from "@x/cache-core";

export * from "@x/cache-fs";

export * from "@x/cache-sqlite";

export * from "@x/codec";

export * from "@x/decorators";

export * from "@x/interfaces";

export * from "@x/metrics";

export * from "@x/pool";

export * from "@x/ratelimit";
