import { Cache, CacheInvalidation, CacheSetOptions, CircuitState, Clock, Entry, EventSource, GetOrSetOptions, InvalidationTarget, KeyPattern, KeysOptions, Listener, LoadOptions, Loader, Logger, Meter, PurgeOptions, SetOptions, Store, StoreStats, SyncCache, SyncCacheSetOptions, ToolkitError } from "@x/interfaces";

type CacheEntry<V> = CacheHit<V> | CacheMiss;

interface CacheEvents {
    hit: {
        readonly key: string;
        readonly tier: string;
        readonly stale: boolean;
    };
    miss: {
        readonly key: string;
    };
    stale: {
        readonly key: string;
    };
    set: {
        readonly key: string;
        readonly expiresAt: number | undefined;
    };
    delete: {
        readonly keys: readonly string[];
        readonly removed: number;
    };
    invalidate: {
        readonly pattern?: string | undefined;
        readonly tags?: readonly string[] | undefined;
        readonly count: number | undefined;
    };
    clear: Record<string, never>;
    load: LoadEvent;
    error: StoreErrorEvent;
    recover: {
        readonly tier: string;
        readonly changes: number;
    };
}

interface CacheHit<V> {
    readonly hit: true;
    readonly value: V;
    readonly stale: boolean;
    readonly ageMs: number;
    readonly tier: string;
}

interface CacheInfo {
    readonly name: string;
    readonly ttlMs: number;
    readonly cleanupIntervalMs: number;
    readonly throwOnStoreError: boolean;
    readonly loading: number;
    readonly tiers: readonly {
        readonly tier: string;
        readonly entries: number;
        readonly bytes: number;
    }[];
}

interface CacheKeysOptions {
    readonly pattern?: string | undefined;
}

declare class CacheLoadTimeoutError extends ToolkitError<"ERR_CACHE_LOAD_TIMEOUT"> {
    readonly name: string;
    readonly code = "ERR_CACHE_LOAD_TIMEOUT";
    readonly key: string;
    readonly timeoutMs: number;
    constructor(key: string, timeoutMs: number);
}

declare class CacheManager extends CacheNamespace implements EventSource<CacheEvents>, AsyncDisposable {
    #private;
    constructor(options?: CacheManagerOptions);
    get name(): string;
    purgeExpired(options?: {
        readonly limit?: number | undefined;
    }): Promise<number>;
    stats(): Promise<CacheStats>;
    info(): Promise<CacheInfo>;
    on<Name extends keyof CacheEvents>(name: Name, listener: Listener<CacheEvents[Name]>): Disposable;
    close(options?: {
        readonly timeoutMs?: number | undefined;
    }): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}

interface CacheManagerOptions extends LoadOptions {
    readonly store?: Store | undefined;
    readonly tiers?: readonly (Store | CacheTier)[] | undefined;
    readonly ttlMs?: number | undefined;
    readonly cleanupIntervalMs?: number | undefined;
    readonly storeTimeoutMs?: number | undefined;
    readonly leaseTtlMs?: number | undefined;
    readonly throwOnStoreError?: boolean | undefined;
    readonly closeStores?: boolean | undefined;
    readonly name?: string | undefined;
    readonly meter?: Meter | undefined;
    readonly logger?: Logger | undefined;
    readonly random?: (() => number) | undefined;
    readonly clock?: Clock | undefined;
}

interface CacheMiss {
    readonly hit: false;
    readonly value?: undefined;
    readonly stale?: undefined;
    readonly ageMs?: undefined;
    readonly tier?: undefined;
}

declare abstract class CacheNamespace implements Cache {
    #private;
    get prefix(): string;
    get<V = unknown>(key: string): Promise<V | undefined>;
    getEntry<V = unknown>(key: string): Promise<CacheEntry<V>>;
    getMany<V = unknown>(keys: Iterable<string>): Promise<Map<string, V>>;
    set(key: string, value: unknown, options?: CacheSetOptions): Promise<void>;
    setMany(entries: Iterable<readonly [
        key: string,
        value: unknown
    ]>, options?: CacheSetOptions): Promise<void>;
    getOrSet<V>(key: string, loader: Loader<V>, options?: GetOrSetOptions<V>): Promise<V>;
    getOrSetMany<V>(keys: Iterable<string>, loader: ManyLoader<V>, options?: GetOrSetOptions<V>): Promise<Map<string, V | undefined>>;
    has(key: string): Promise<boolean>;
    delete(key: string): Promise<boolean>;
    deleteMany(keys: Iterable<string>): Promise<number>;
    clear(nothing?: undefined): Promise<void>;
    keys(options?: CacheKeysOptions): AsyncIterableIterator<string>;
    invalidate(target: CacheInvalidation): Promise<number | undefined>;
    invalidatePattern(pattern: string): Promise<number | undefined>;
    invalidateTags(tags: readonly string[]): Promise<number | undefined>;
    namespace(prefix: string): CacheNamespace;
}

interface CacheStats {
    readonly hits: number;
    readonly staleServed: number;
    readonly misses: number;
    readonly hitRatio: number;
    readonly loads: number;
    readonly loadFailures: number;
    readonly coalesced: number;
    readonly sets: number;
    readonly deletes: number;
    readonly errors: number;
    readonly entries: number;
    readonly bytes: number;
    readonly evictions: number;
    readonly expirations: number;
    readonly tiers: readonly TierStats[];
}

declare class CacheStoreError extends ToolkitError<"ERR_CACHE_STORE"> {
    readonly name: string;
    readonly code = "ERR_CACHE_STORE";
    readonly cache: string;
    readonly tier: string;
    readonly operation: StoreOperation;
    readonly key: string | undefined;
    constructor(cache: string, failure: {
        readonly tier: string;
        readonly operation: StoreOperation;
        readonly key?: string | undefined;
    }, options: ErrorOptions);
}

declare class CacheStoreRestingError extends ToolkitError<"ERR_CACHE_STORE_RESTING"> {
    readonly name: string;
    readonly code = "ERR_CACHE_STORE_RESTING";
    readonly tier: string;
    readonly retryAfterMs: number;
    constructor(tier: string, retryAfterMs: number, options: ErrorOptions);
}

declare class CacheStoreTimeoutError extends ToolkitError<"ERR_CACHE_STORE_TIMEOUT"> {
    readonly name: string;
    readonly code = "ERR_CACHE_STORE_TIMEOUT";
    readonly tier: string;
    readonly timeoutMs: number;
    constructor(tier: string, timeoutMs: number);
}

interface CacheTier {
    readonly store: Store;
    readonly ttlMs?: number | undefined;
    readonly storeTimeoutMs?: number | undefined;
}

type CloneMode = "none" | "freeze" | "structured";

interface DumpedEntry<K, V> {
    readonly key: K;
    readonly value: V;
    readonly expiresAt?: number | undefined;
    readonly use: number;
}

type HitMessage = CacheEvents["hit"] & {
    readonly cache: string;
};

interface LoadEvent {
    readonly key: string;
    readonly keys: readonly string[] | undefined;
    readonly durationMs: number;
    readonly outcome: LoadOutcome;
    readonly error?: unknown;
}

interface LoadMessage extends LoadEvent {
    readonly cache: string;
}

type LoadOutcome = "success" | "failure" | "aborted";

type LoadedValues<V> = Iterable<readonly [
    key: string,
    value: V
]>;

type ManyLoader<V> = (context: ManyLoaderContext) => LoadedValues<V> | Promise<LoadedValues<V>>;

interface ManyLoaderContext {
    readonly keys: readonly string[];
    readonly signal: AbortSignal;
}

interface MemoizeOptions<Args extends unknown[], V> extends Omit<GetOrSetOptions<V>, "signal"> {
    readonly cache?: CacheNamespace | undefined;
    readonly key?: ((...args: Args) => string) | undefined;
}

interface Memoized<Args extends unknown[], V> {
    (...args: Args): Promise<V>;
    readonly cache: CacheNamespace;
    readonly keyOf: (...args: Args) => string;
}

declare class MemoryCache<K = string, V = unknown> implements SyncCache<K, V>, Disposable {
    #private;
    readonly name: string;
    readonly answersAtOnce = true;
    constructor(options?: MemoryCacheOptions<K, V>);
    get size(): number;
    get bytes(): number;
    get(key: K): V | undefined;
    getEntry(key: K): MemoryCacheEntry<V> | undefined;
    has(key: K): boolean;
    peek(key: K): V | undefined;
    set(key: K, value: V, options?: SyncCacheSetOptions): void;
    getOrSet<T extends V>(key: K, loader: (key: K) => T, options?: SyncCacheSetOptions): T;
    delete(key: K): boolean;
    invalidate(key: K): boolean;
    clear(nothing?: undefined): void;
    entries(): IterableIterator<[
        K,
        V
    ]>;
    keys(): IterableIterator<K>;
    values(): IterableIterator<V>;
    [Symbol.iterator](): IterableIterator<[
        K,
        V
    ]>;
    hottest(count: number): [
        K,
        V
    ][];
    coldest(count: number): [
        K,
        V
    ][];
    stats(): MemoryCacheStats;
    resize(bounds: {
        maxEntries?: number | undefined;
        maxBytes?: number | undefined;
    }): void;
    purgeExpired(options?: {
        readonly limit?: number | undefined;
    }): number;
    dump(): MemoryCacheDump<K, V>;
    load(dump: MemoryCacheDump<K, V>): void;
    close(): void;
    [Symbol.dispose](): void;
}

interface MemoryCacheDump<K, V> {
    readonly policy: string;
    readonly entries: readonly DumpedEntry<K, V>[];
}

interface MemoryCacheEntry<V> {
    readonly value: V;
    readonly ttlMs: number;
}

interface MemoryCacheOptions<K = string, V = unknown> {
    readonly maxEntries?: number | undefined;
    readonly maxBytes?: number | undefined;
    readonly sizeOf?: ((value: V, key: K) => number) | undefined;
    readonly ttlMs?: number | undefined;
    readonly idleMs?: number | undefined;
    readonly policy?: PolicyName | undefined;
    readonly onRemove?: RemovalListener<K, V> | undefined;
    readonly name?: string | undefined;
    readonly logger?: Logger | undefined;
    readonly clock?: Clock | undefined;
}

interface MemoryCacheStats {
    readonly entries: number;
    readonly bytes: number;
    readonly hits: number;
    readonly misses: number;
    readonly hitRatio: number;
    readonly evictions: number;
    readonly expirations: number;
}

declare class MemoryStore<V = unknown> implements Store<V> {
    #private;
    readonly name: string;
    constructor(options?: MemoryStoreOptions<V>);
    get(key: string): Entry<V> | undefined;
    getMany(keys: readonly string[]): (Entry<V> | undefined)[];
    set(key: string, entry: Entry<V>, options?: SetOptions): void;
    setMany(entries: Iterable<readonly [
        key: string,
        entry: Entry<V>
    ]>, options?: SetOptions): void;
    delete(key: string): boolean;
    deleteMany(keys: readonly string[]): number;
    invalidate(target: InvalidationTarget): number | undefined;
    keys(options?: KeysOptions): AsyncIterableIterator<string>;
    clear(): void;
    purgeExpired(options?: PurgeOptions): number;
    stats(): StoreStats;
    close(): void;
    [Symbol.asyncDispose](): Promise<void>;
}

interface MemoryStoreOptions<V = unknown> {
    readonly maxEntries?: number | undefined;
    readonly maxBytes?: number | undefined;
    readonly sizeOf?: ((entry: Entry<V>, key: string) => number) | undefined;
    readonly clone?: CloneMode | undefined;
    readonly name?: string | undefined;
    readonly logger?: Logger | undefined;
    readonly clock?: Clock | undefined;
}

type MissMessage = CacheEvents["miss"] & {
    readonly cache: string;
};

type PolicyName = "tiny-lfu" | "lru";

type RemovalListener<K, V> = (key: K, value: V, reason: RemovalReason) => void;

type RemovalReason = "capacity" | "expired" | "replaced" | "deleted" | "invalidated";

interface StoreErrorEvent {
    readonly operation: StoreOperation;
    readonly tier: string;
    readonly key: string | undefined;
    readonly error: unknown;
}

interface StoreErrorMessage extends StoreErrorEvent {
    readonly cache: string;
}

type StoreOperation = "get" | "getMany" | "set" | "setMany" | "delete" | "deleteMany" | "clear" | "invalidate" | "keys" | "purgeExpired" | "stats" | "mark" | "changesSince" | "lease" | "close";

interface TierStats extends StoreStats {
    readonly tier: string;
    readonly hits: number;
    readonly misses: number;
    readonly errors: number;
    readonly circuit: CircuitState;
    readonly missedChanges: number;
}

declare function compilePattern(glob: string): KeyPattern;

declare function escapeGlob(text: string): string;

declare function memoize<Args extends unknown[], V>(fn: (...args: Args) => V | Promise<V>, options?: MemoizeOptions<Args, V>): Memoized<Args, V>;

export { CacheLoadTimeoutError, CacheManager, CacheNamespace, CacheStoreError, CacheStoreRestingError, CacheStoreTimeoutError, MemoryCache, MemoryStore, compilePattern, escapeGlob, memoize };

export type { CacheEntry, CacheEvents, CacheHit, CacheInfo, CacheKeysOptions, CacheManagerOptions, CacheMiss, CacheStats, CacheTier, CloneMode, DumpedEntry, HitMessage, LoadEvent, LoadMessage, LoadOutcome, LoadedValues, ManyLoader, ManyLoaderContext, MemoizeOptions, Memoized, MemoryCacheDump, MemoryCacheEntry, MemoryCacheOptions, MemoryCacheStats, MemoryStoreOptions, MissMessage, PolicyName, RemovalListener, RemovalReason, StoreErrorEvent, StoreErrorMessage, StoreOperation, TierStats };
