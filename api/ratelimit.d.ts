import { AcquireOptions, CallOutcome, CircuitBreaker, CircuitState, Clock, ConcurrencyLimiter, Logger, Meter, Permit, RateLimiter, RetryBudget, ToolkitError } from "@x/interfaces";

interface AdaptiveLimitOptions {
    readonly initialPermits?: number | undefined;
    readonly minPermits?: number | undefined;
    readonly maxPermits?: number | undefined;
    readonly targetMs: number;
    readonly decreaseFactor?: number | undefined;
    readonly toleranceRatio?: number | undefined;
}

declare class AdaptiveRate {
    #private;
    constructor(options: AdaptiveRateOptions);
    get permitsPerSecond(): number;
    recordStatus(status: number): void;
    recordSuccess(): void;
    recordThrottled(): void;
}

interface AdaptiveRateOptions {
    readonly limiter: Pick<TokenBucket, "permitsPerSecond" | "configure">;
    readonly minPermitsPerSecond?: number | undefined;
    readonly maxPermitsPerSecond?: number | undefined;
    readonly decreaseFactor?: number | undefined;
    readonly increasePerSecond?: number | undefined;
    readonly cooldownMs?: number | undefined;
    readonly clock?: Clock | undefined;
}

declare class AdaptiveSemaphore implements ConcurrencyLimiter, Disposable {
    #private;
    constructor(options: AdaptiveSemaphoreOptions);
    get permits(): number;
    get active(): number;
    get available(): number;
    get queued(): number;
    tryAcquire(permits?: number): Permit | undefined;
    acquire(options?: PriorityAcquireOptions): Promise<Permit>;
    run<T>(fn: () => T | Promise<T>, options?: PriorityAcquireOptions): Promise<T>;
    stats(): SemaphoreStats;
    onIdle(): Promise<void>;
    close(): void;
    [Symbol.dispose](): void;
}

interface AdaptiveSemaphoreOptions extends AdaptiveLimitOptions, Omit<SemaphoreOptions, "permits"> {
    readonly isOverload?: ((error: unknown) => boolean) | undefined;
}

type AnnouncedLimiter = Pick<TokenBucket, "name" | "permitsPerSecond" | "burst" | "availablePermits" | "estimateWaitMs">;

declare class Breaker implements CircuitBreaker {
    #private;
    readonly name: string;
    constructor(options?: BreakerOptions);
    get state(): CircuitState;
    tryPass(): boolean;
    record(outcome: CallOutcome, durationMs: number, sincePassMs?: number): void;
    retryAfterMs(): number;
    run<T>(fn: () => T | Promise<T>): Promise<T>;
    forceOpen(breakMs?: number): void;
    reset(): void;
}

interface BreakerOptions {
    readonly consecutiveFailures?: number | undefined;
    readonly window?: BreakerWindow | undefined;
    readonly failureRatio?: number | undefined;
    readonly slowCallMs?: number | undefined;
    readonly slowRatio?: number | undefined;
    readonly minCalls?: number | undefined;
    readonly breakMs?: number | undefined;
    readonly breakFactor?: number | undefined;
    readonly maxBreakMs?: number | undefined;
    readonly trials?: number | undefined;
    readonly judge?: ((error: unknown) => CallOutcome) | undefined;
    readonly onChange?: ((state: CircuitState, before: CircuitState) => void) | undefined;
    readonly name?: string | undefined;
    readonly clock?: Clock | undefined;
    readonly logger?: Logger | undefined;
    readonly meter?: Meter | undefined;
}

type BreakerWindow = {
    readonly calls: number;
} | {
    readonly durationMs: number;
};

interface CallStats {
    readonly granted: number;
    readonly refused: number;
    readonly timedOut: number;
    readonly aborted: number;
    readonly queueFull: number;
    readonly waited: number;
}

declare class CircuitOpenError extends ToolkitError<"ERR_CIRCUIT_OPEN"> {
    readonly name: string;
    readonly code = "ERR_CIRCUIT_OPEN";
    readonly breaker: string;
    readonly retryAfterMs: number;
    constructor(breaker: string, retryAfterMs: number, options?: ErrorOptions);
}

declare class CombinedLimiter extends GatedLimiter {
    #private;
    readonly limits: readonly Required<RateLimit>[];
    constructor(options: CombinedLimiterOptions);
    dump(): TokenBucketState[];
    close(): void;
    load(states: readonly TokenBucketState[]): void;
}

interface CombinedLimiterOptions extends RateLimiterOptions {
    readonly limits: readonly RateLimit[];
}

declare class ConcurrencyQueueFullError extends ToolkitError<"ERR_CONCURRENCY_QUEUE_FULL"> {
    readonly name: string;
    readonly code = "ERR_CONCURRENCY_QUEUE_FULL";
    readonly limiter: string;
    readonly maxQueue: number;
    constructor(limiter: string, maxQueue: number, options?: ErrorOptions);
}

declare class ConcurrencyTimeoutError extends ToolkitError<"ERR_CONCURRENCY_TIMEOUT"> {
    readonly name: string;
    readonly code = "ERR_CONCURRENCY_TIMEOUT";
    readonly limiter: string;
    readonly timeoutMs: number;
    constructor(limiter: string, timeoutMs: number, options?: ErrorOptions);
}

declare abstract class GatedLimiter implements RateLimiter, Disposable {
    #private;
    readonly name: string;
    get burst(): number;
    get queued(): number;
    tryAcquire(permits?: number): boolean;
    acquire(permits?: number, options?: PriorityAcquireOptions): Promise<void>;
    availablePermits(): number;
    estimateWaitMs(permits?: number, options?: {
        readonly priority?: number | undefined;
    }): number;
    reserve(permits?: number, options?: {
        readonly timeoutMs?: number | undefined;
    }): Reservation | undefined;
    refund(permits: number): void;
    penalize(permits: number): void;
    pauseUntil(epochMs: number): void;
    stats(): RateLimiterStats;
    close(): void;
    [Symbol.dispose](): void;
}

interface KeyState extends TokenBucketState {
    readonly key: string;
}

declare class KeyedRateLimiter implements Disposable {
    #private;
    readonly name: string;
    readonly permitsPerSecond: number;
    readonly burst: number;
    readonly maxKeys: number;
    constructor(options: KeyedRateLimiterOptions);
    tryAcquire(key: string, permits?: number): boolean;
    acquire(key: string, permits?: number, options?: PriorityAcquireOptions): Promise<void>;
    availablePermits(key: string): number;
    estimateWaitMs(key: string, permits?: number, options?: {
        readonly priority?: number | undefined;
    }): number;
    refund(key: string, permits: number): void;
    penalize(key: string, permits: number): void;
    pauseUntil(key: string, epochMs: number): void;
    forKey(key: string): RateLimiter;
    delete(key: string): boolean;
    dump(): KeyState[];
    load(states: readonly KeyState[]): void;
    stats(): KeyedRateLimiterStats;
    close(): void;
    [Symbol.dispose](): void;
}

interface KeyedRateLimiterOptions extends RateLimit, RateLimiterOptions {
    readonly maxKeys?: number | undefined;
}

interface KeyedRateLimiterStats extends RateLimiterStats {
    readonly keys: number;
}

declare class KeyedSemaphore implements Disposable {
    #private;
    constructor(options: SemaphoreOptions);
    tryAcquire(key: string, permits?: number): Permit | undefined;
    acquire(key: string, options?: SemaphoreAcquireOptions): Promise<Permit>;
    run<T>(key: string, fn: () => T | Promise<T>, options?: SemaphoreAcquireOptions): Promise<T>;
    forKey(key: string): ConcurrencyLimiter;
    stats(): KeyedSemaphoreStats;
    close(): void;
    [Symbol.dispose](): void;
}

interface KeyedSemaphoreStats extends SemaphoreStats {
    readonly maxActive: number;
    readonly keys: number;
}

interface MapOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
}

interface PriorityAcquireOptions extends AcquireOptions {
    readonly priority?: number | undefined;
}

interface QueueOptions {
    readonly maxQueue?: number | undefined;
    readonly whenFull?: WhenFull | undefined;
}

type QueueOrder = "fifo" | "lifo";

interface RateLimit {
    readonly permitsPerSecond: number;
    readonly burst?: number | undefined;
}

interface RateLimitPolicy {
    readonly name: string;
    readonly quota: number;
    readonly windowMs?: number | undefined;
    readonly unit?: string | undefined;
    readonly partitionKey?: Uint8Array | undefined;
}

declare class RateLimitQueueFullError extends ToolkitError<"ERR_RATE_LIMIT_QUEUE_FULL"> {
    readonly name: string;
    readonly code = "ERR_RATE_LIMIT_QUEUE_FULL";
    readonly limiter: string;
    readonly maxQueue: number;
    constructor(limiter: string, maxQueue: number, options?: ErrorOptions);
}

interface RateLimitStatus {
    readonly name: string;
    readonly remaining: number;
    readonly resetMs?: number | undefined;
    readonly partitionKey?: Uint8Array | undefined;
}

declare class RateLimitTimeoutError extends ToolkitError<"ERR_RATE_LIMIT_TIMEOUT"> {
    readonly name: string;
    readonly code = "ERR_RATE_LIMIT_TIMEOUT";
    readonly limiter: string;
    readonly timeoutMs: number;
    readonly retryAfterMs: number;
    constructor(limiter: string, timeoutMs: number, retryAfterMs: number, options?: ErrorOptions);
}

interface RateLimiterOptions extends QueueOptions {
    readonly name?: string | undefined;
    readonly jitterMs?: number | undefined;
    readonly random?: (() => number) | undefined;
    readonly clock?: Clock | undefined;
    readonly logger?: Logger | undefined;
    readonly meter?: Meter | undefined;
}

interface RateLimiterStats extends WaitStats {
    readonly grantedPermits: number;
    readonly queued: number;
}

interface Reservation {
    readonly permits: number;
    readonly waitMs: number;
    cancel(): void;
}

declare class Semaphore implements ConcurrencyLimiter, Disposable {
    #private;
    readonly name: string;
    constructor(options: SemaphoreOptions);
    get permits(): number;
    get maxQueue(): number;
    get active(): number;
    get available(): number;
    get queued(): number;
    tryAcquire(permits?: number): Permit | undefined;
    acquire(options?: SemaphoreAcquireOptions): Promise<Permit>;
    run<T>(fn: () => T | Promise<T>, options?: SemaphoreAcquireOptions): Promise<T>;
    map<T, R>(items: Iterable<T> | AsyncIterable<T>, fn: (item: T, index: number) => R | Promise<R>, options?: MapOptions): Promise<R[]>;
    resize(permits: number): void;
    pause(): void;
    resume(): void;
    onIdle(): Promise<void>;
    drain(): Promise<void>;
    stats(): SemaphoreStats;
    close(): void;
    [Symbol.dispose](): void;
}

interface SemaphoreAcquireOptions extends PriorityAcquireOptions {
    readonly permits?: number | undefined;
}

interface SemaphoreOptions extends QueueOptions {
    readonly permits: number;
    readonly order?: QueueOrder | undefined;
    readonly measureWaits?: boolean | undefined;
    readonly name?: string | undefined;
    readonly clock?: Clock | undefined;
    readonly logger?: Logger | undefined;
    readonly meter?: Meter | undefined;
}

interface SemaphoreStats extends CallStats {
    readonly totalWaitMs: number | undefined;
    readonly maxWaitMs: number | undefined;
    readonly active: number;
    readonly maxActive: number;
    readonly queued: number;
}

declare class TokenBucket extends GatedLimiter {
    #private;
    constructor(options: TokenBucketOptions);
    get permitsPerSecond(): number;
    configure(limit: Partial<RateLimit>): void;
    dump(): TokenBucketState;
    close(): void;
    load(state: TokenBucketState): void;
}

interface TokenBucketOptions extends RateLimit, RateLimiterOptions {
    readonly warmUpMs?: number | undefined;
    readonly coldFactor?: number | undefined;
}

interface TokenBucketState {
    readonly permits: number;
    readonly atMs: number;
    readonly pausedUntilMs?: number | undefined;
}

declare class TokenRetryBudget implements RetryBudget {
    #private;
    constructor(options?: TokenRetryBudgetOptions);
    get balance(): number;
    deposit(): void;
    tryWithdraw(): boolean;
    refund(): void;
}

interface TokenRetryBudgetOptions {
    readonly retryRatio?: number | undefined;
    readonly minRetriesPerSecond?: number | undefined;
    readonly maxBalance?: number | undefined;
    readonly clock?: Clock | undefined;
}

interface WaitStats extends CallStats {
    readonly totalWaitMs: number;
    readonly maxWaitMs: number;
}

type WhenFull = "reject-newest" | "drop-oldest" | "drop-lowest-priority";

declare function formatRateLimit(statuses: readonly RateLimitStatus[]): string;

declare function formatRateLimitPolicy(policies: readonly RateLimitPolicy[]): string;

declare function formatRetryAfter(delayMs: number): string;

declare function obeyRateLimit(limiter: Pick<RateLimiter, "pauseUntil">, headers: {
    get(name: string): string | null | undefined;
}, clock?: Pick<Clock, "now">): boolean;

declare function parseRateLimit(text: string | null | undefined): RateLimitStatus[];

declare function parseRateLimitPolicy(text: string | null | undefined): RateLimitPolicy[];

declare const perDay: (count: number) => number;

declare const perHour: (count: number) => number;

declare const perMinute: (count: number) => number;

declare function rateLimitFields(limiter: AnnouncedLimiter): Record<string, string>;

export { AdaptiveRate, AdaptiveSemaphore, Breaker, CircuitOpenError, CombinedLimiter, ConcurrencyQueueFullError, ConcurrencyTimeoutError, KeyedRateLimiter, KeyedSemaphore, RateLimitQueueFullError, RateLimitTimeoutError, Semaphore, TokenBucket, TokenRetryBudget, formatRateLimit, formatRateLimitPolicy, formatRetryAfter, obeyRateLimit, parseRateLimit, parseRateLimitPolicy, perDay, perHour, perMinute, rateLimitFields };

export type { AdaptiveLimitOptions, AdaptiveRateOptions, AdaptiveSemaphoreOptions, AnnouncedLimiter, BreakerOptions, BreakerWindow, CallStats, CombinedLimiterOptions, KeyState, KeyedRateLimiterOptions, KeyedRateLimiterStats, KeyedSemaphoreStats, MapOptions, PriorityAcquireOptions, QueueOptions, QueueOrder, RateLimit, RateLimitPolicy, RateLimitStatus, RateLimiterOptions, RateLimiterStats, Reservation, SemaphoreAcquireOptions, SemaphoreOptions, SemaphoreStats, TokenBucketOptions, TokenBucketState, TokenRetryBudgetOptions, WaitStats, WhenFull };
