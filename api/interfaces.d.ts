interface AcquireOptions {
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}

type Awaitable<T> = T | Promise<T>;

interface Cache {
    readonly answersAtOnce?: undefined;
    get<V = unknown>(key: string): Promise<V | undefined>;
    set(key: string, value: unknown, options?: CacheSetOptions): Promise<void>;
    getOrSet<V>(key: string, loader: Loader<V>, options?: GetOrSetOptions<V>): Promise<V>;
    delete(key: string): Promise<boolean>;
    invalidate(target: CacheInvalidation): Promise<number | undefined>;
}

type CacheInvalidation = {
    readonly pattern: string;
    readonly tags?: undefined;
} | {
    readonly tags: readonly string[];
    readonly pattern?: undefined;
};

interface CacheSetOptions extends StaleOptions {
    readonly ttlMs?: number | undefined;
    readonly tags?: readonly string[] | undefined;
}

interface CallOptions {
    readonly signal?: AbortSignal | undefined;
}

type CallOutcome = "success" | "failure" | "ignored";

interface CircuitBreaker {
    readonly state: CircuitState;
    tryPass(): boolean;
    record(outcome: CallOutcome, durationMs: number, sincePassMs?: number): void;
    retryAfterMs(): number;
    run<T>(fn: () => T | Promise<T>): Promise<T>;
}

type CircuitState = "closed" | "open" | "half-open";

interface Clock {
    now(): number;
    monotonic(): number;
    schedule(task: () => void, delayMs: number, options?: ScheduleOptions): ScheduledTask;
}

declare class ClosedError extends ToolkitError<"ERR_CLOSED"> {
    readonly name: string;
    readonly code = "ERR_CLOSED";
    readonly subject: string;
    constructor(subject: string, options?: ErrorOptions);
}

interface ConcurrencyLimiter {
    tryAcquire(): Permit | undefined;
    acquire(options?: AcquireOptions): Promise<Permit>;
    run<T>(fn: () => T | Promise<T>, options?: AcquireOptions): Promise<T>;
    readonly active: number;
    readonly available: number;
    readonly queued: number;
}

interface Counter<Names extends readonly string[] = readonly [
]> extends CounterChild, Labelled<Names, CounterChild> {
}

interface CounterChild {
    inc(amount?: number, exemplar?: Exemplar): void;
}

interface Entry<V = unknown> {
    readonly value: V;
    readonly createdAt: number;
    readonly staleAt?: number | undefined;
    readonly expiresAt?: number | undefined;
    readonly tags?: readonly string[] | undefined;
    readonly loadMs?: number | undefined;
    readonly outcome?: "value" | "error" | undefined;
}

interface EntryInfo {
    readonly key: string;
    readonly bytes: number;
    readonly createdAt: number;
    readonly staleAt: number | undefined;
    readonly expiresAt: number | undefined;
    readonly tags: readonly string[];
}

type EntryOrder = "key" | "oldest" | "newest" | "largest" | "expiry";

interface EntryQuery {
    readonly pattern?: KeyPattern | undefined;
    readonly tags?: readonly string[] | undefined;
    readonly createdBefore?: number | undefined;
    readonly minBytes?: number | undefined;
    readonly orderBy?: EntryOrder | undefined;
    readonly limit?: number | undefined;
}

declare class EventHub<Events extends object> implements EventSource<Events> {
    #private;
    constructor(names: NameList<Events>, onListenerError?: (error: unknown) => unknown);
    on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable;
    has(name: keyof Events): boolean;
    emit<Name extends keyof Events>(name: Name, event: Events[Name]): void;
    clear(): void;
}

interface EventSource<Events extends object> {
    on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable;
}

interface EvictEvent {
    readonly entries: number;
}

type Exemplar = Readonly<Record<string, string>>;

interface Gauge<Names extends readonly string[] = readonly [
]> extends GaugeChild, Labelled<Names, GaugeChild> {
}

interface GaugeChild {
    set(value: number): void;
    inc(amount?: number): void;
    dec(amount?: number): void;
    observe?(read: () => number): Disposable;
}

interface GetOrSetOptions<V = unknown> extends LoadOptions {
    readonly ttlMs?: number | ((value: V) => number) | undefined;
    readonly tags?: readonly string[] | undefined;
    readonly signal?: AbortSignal | undefined;
}

interface Histogram<Names extends readonly string[] = readonly [
]> extends HistogramChild, Labelled<Names, HistogramChild> {
}

interface HistogramChild {
    observe(value: number, exemplar?: Exemplar): void;
}

interface HistogramOptions<Names extends readonly string[] = readonly string[]> extends InstrumentOptions<Names> {
    readonly buckets?: readonly number[] | undefined;
}

interface InstrumentOptions<Names extends readonly string[] = readonly string[]> {
    readonly help?: string | undefined;
    readonly labelNames?: Names | undefined;
}

type InvalidationTarget = {
    readonly pattern: KeyPattern;
    readonly tags?: undefined;
} | {
    readonly tags: readonly string[];
    readonly pattern?: undefined;
};

interface KeyPattern {
    readonly source: string;
    readonly literalPrefix: string;
    readonly regexSource: string;
    readonly regexFlags: string;
    matches(key: string): boolean;
}

interface KeysOptions extends CallOptions {
    readonly prefix?: string | undefined;
}

type LabelRecord<Names extends readonly string[]> = Readonly<Record<Names[number], string>>;

type LabelValues<Names extends readonly string[]> = {
    readonly [I in keyof Names]: string;
};

interface Labelled<Names extends readonly string[], Child> {
    labels(...values: LabelValues<Names>): Child;
    labels(values: LabelRecord<Names>): Child;
}

type Listener<E> = (event: E) => unknown;

interface LoadOptions extends StaleOptions {
    readonly softTimeoutMs?: number | undefined;
    readonly hardTimeoutMs?: number | undefined;
    readonly refreshAfterRatio?: number | undefined;
    readonly xfetchBeta?: number | undefined;
    readonly ttlJitterRatio?: number | undefined;
    readonly errorTtlMs?: number | undefined;
    readonly errorBackoffMs?: number | undefined;
    readonly cacheUndefined?: boolean | undefined;
}

type Loader<V> = (context: LoaderContext) => V | Promise<V>;

interface LoaderContext {
    readonly key: string;
    readonly signal: AbortSignal;
    readonly previous: Entry | undefined;
    readonly keep: (options: CacheSetOptions) => void;
}

interface Logger {
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
}

interface Meter {
    counter<const Names extends readonly string[] = readonly [
    ]>(name: string, options?: InstrumentOptions<Names>): Counter<Names>;
    gauge<const Names extends readonly string[] = readonly [
    ]>(name: string, options?: InstrumentOptions<Names>): Gauge<Names>;
    histogram<const Names extends readonly string[] = readonly [
    ]>(name: string, options?: HistogramOptions<Names>): Histogram<Names>;
    timer<const Names extends readonly string[] = readonly [
    ]>(name: string, options?: InstrumentOptions<Names>): Timer<Names>;
}

type MisnamedOptions = Readonly<Record<string, string>>;

type NameList<Options> = Readonly<Record<keyof Options & string, true>>;

interface NumberRange {
    readonly min?: number | undefined;
    readonly max?: number | undefined;
    readonly above?: number | undefined;
    readonly integer?: boolean | undefined;
}

interface OptionNames<Options> {
    readonly known: NameList<Options>;
    readonly misnamed?: MisnamedOptions | undefined;
    readonly note?: string | undefined;
}

interface Permit extends Disposable {
    release(): void;
}

interface PersistentStore<V = unknown> extends Store<V> {
    query(query?: EntryQuery): Awaitable<readonly EntryInfo[]>;
    purge(request: PurgeRequest): Awaitable<number>;
    verify(): Awaitable<Verification>;
    compact(): Awaitable<void>;
}

interface PersistentStoreEvents {
    readonly evict: EvictEvent;
    readonly purge: PurgeEvent;
}

interface PurgeEvent {
    readonly by: PurgeStrategy;
    readonly entries: number;
}

interface PurgeOptions extends CallOptions {
    readonly limit?: number | undefined;
}

interface PurgeRequest {
    readonly by: PurgeStrategy;
    readonly limit?: number | undefined;
    readonly maxEntries?: number | undefined;
    readonly maxBytes?: number | undefined;
}

type PurgeStrategy = "expired" | "oldest" | "least-used" | "largest";

interface RateLimiter {
    tryAcquire(permits?: number): boolean;
    acquire(permits?: number, options?: AcquireOptions): Promise<void>;
    availablePermits(): number;
    pauseUntil(epochMs: number): void;
}

interface RetryBudget {
    deposit(): void;
    tryWithdraw(): boolean;
    readonly balance: number;
}

interface RunningTimer extends Disposable {
    stop(outcome?: TimerOutcome, exemplar?: Exemplar): number;
}

interface ScheduleOptions {
    readonly background?: boolean | undefined;
}

interface ScheduledTask extends Disposable {
    setBackground?(background: boolean): boolean;
}

interface SetOptions extends CallOptions {
    readonly since?: number | undefined;
}

interface StaleOptions {
    readonly staleWhileRevalidateMs?: number | undefined;
    readonly staleIfErrorMs?: number | undefined;
}

interface Store<V = unknown> extends AsyncDisposable {
    readonly name: string;
    get(key: string, options?: CallOptions): Awaitable<Entry<V> | undefined>;
    getMany(keys: readonly string[], options?: CallOptions): Awaitable<(Entry<V> | undefined)[]>;
    set(key: string, entry: Entry<V>, options?: SetOptions): Awaitable<void>;
    setMany(entries: Iterable<readonly [
        key: string,
        entry: Entry<V>
    ]>, options?: SetOptions): Awaitable<void>;
    delete(key: string, options?: CallOptions): Awaitable<boolean>;
    deleteMany(keys: readonly string[], options?: CallOptions): Awaitable<number>;
    invalidate(target: InvalidationTarget, options?: CallOptions): Awaitable<number | undefined>;
    keys(options?: KeysOptions): AsyncIterable<string>;
    clear(options?: CallOptions): Awaitable<void>;
    purgeExpired(options?: PurgeOptions): Awaitable<number>;
    stats(): Awaitable<StoreStats>;
    close(): Awaitable<void>;
    mark?(): Awaitable<number>;
    changesSince?(cursor: number): Awaitable<StoreChanges>;
    lease?(key: string, ttlMs: number): Awaitable<StoreLease | undefined>;
}

interface StoreChanges {
    readonly cursor: number;
    readonly keys: readonly string[] | "all";
}

interface StoreLease extends AsyncDisposable {
    readonly deadline: number;
    renew(ttlMs: number): Awaitable<boolean>;
    release(): Awaitable<void>;
}

declare class StoreOpenError extends ToolkitError<"ERR_STORE_OPEN"> {
    readonly name: string;
    readonly code = "ERR_STORE_OPEN";
    readonly option: string;
    readonly value: string;
    constructor(option: string, value: string, options: {
        readonly cause: unknown;
    });
}

declare class StoreReadError extends ToolkitError<"ERR_STORE_READ"> {
    readonly name: string;
    readonly code = "ERR_STORE_READ";
    readonly store: string;
    constructor(store: string, options: {
        readonly cause: unknown;
    });
}

interface StoreStats {
    readonly entries: number;
    readonly bytes: number;
    readonly evictions: number;
    readonly expirations: number;
}

declare class StoreWriteError extends ToolkitError<"ERR_STORE_WRITE"> {
    readonly name: string;
    readonly code = "ERR_STORE_WRITE";
    readonly store: string;
    constructor(store: string, options: {
        readonly cause: unknown;
    });
}

interface SyncCache<K = string, V = unknown> {
    readonly answersAtOnce: true;
    get(key: K): V | undefined;
    has(key: K): boolean;
    set(key: K, value: V, options?: SyncCacheSetOptions): void;
    getOrSet<T extends V>(key: K, loader: (key: K) => T, options?: SyncCacheSetOptions): T;
    delete(key: K): boolean;
    clear(): void;
}

interface SyncCacheSetOptions {
    readonly ttlMs?: number | undefined;
}

interface Timer<Names extends readonly string[] = readonly [
]> extends TimerChild, Labelled<Names, TimerChild> {
}

interface TimerChild {
    start(): RunningTimer;
    record(durationMs: number, outcome?: TimerOutcome, exemplar?: Exemplar): void;
    time<T>(fn: () => T): T;
}

type TimerOutcome = "success" | "failure";

declare abstract class ToolkitError<Code extends string = string> extends Error {
    abstract readonly code: Code;
    constructor(message: string, options?: ErrorOptions);
    static isToolkitError(value: unknown): value is ToolkitError;
}

interface Verification {
    readonly entries: number;
    readonly damaged: number;
}

declare function booleanOption(name: string, value: boolean | undefined, fallback: boolean): boolean;

declare function checkEntries(entries: Iterable<readonly [
    key: string,
    entry: Entry
]>): void;

declare function checkEntry(entry: Entry): void;

declare function checkKey(key: string, name?: string): void;

declare function checkKeys(keys: readonly string[]): void;

declare function checkOptionNames<Options extends object>(options: Options, names: OptionNames<NoInfer<Options>>): void;

declare function checkPattern(pattern: KeyPattern | undefined): void;

declare function checkStoreCall(options: SetOptions | KeysOptions | undefined): void;

declare function checkTags(tags: readonly string[] | undefined): void;

declare function checkTarget(target: InvalidationTarget): void;

declare function choiceOption<T extends string>(name: string, value: T | undefined, fallback: T, allowed: readonly T[]): T;

declare function classNameOf(value: object): string | undefined;

declare function clockOption(value: Clock | undefined): Clock;

declare const days: (count: number) => number;

declare function describeError(error: unknown): string;

declare function describeValue(value: unknown): string;

declare function functionOption<T>(name: string, value: T | undefined, fallback: T): T;

declare function functionOption<T>(name: string, value: T | undefined): T | undefined;

declare const hours: (count: number) => number;

declare function inspectable<T extends object>(self: T, facts: (self: T) => object): void;

declare function isExpired(entry: Entry, now: number): boolean;

declare function isThenable<T>(answer: Awaitable<T>): answer is Promise<T>;

declare const loadOptionNames: NameList<LoadOptions>;

declare function loggerOption(value: Logger | undefined): Logger | undefined;

declare function meterOption(value: Meter | undefined): Meter | undefined;

declare const minutes: (count: number) => number;

declare function nearestNames(name: string, known: readonly string[]): string[];

declare const noopMeter: Meter;

declare function numberOption(name: string, value: number | undefined, fallback: number | undefined, range?: NumberRange): number;

declare function objectOption<T extends object>(name: string, value: T, example: string): T;

declare function pickOptions<Options extends object, Name extends keyof Options & string>(options: Options, names: Readonly<Record<Name, true>>): Pick<Options, Name>;

declare function purgeLimit(options: PurgeOptions | undefined): number;

declare const seconds: (count: number) => number;

declare function signalOption(value: AbortSignal | undefined): AbortSignal | undefined;

declare const systemClock: Clock;

declare function textOption(name: string, value: string | undefined, fallback: string): string;

export { ClosedError, EventHub, StoreOpenError, StoreReadError, StoreWriteError, ToolkitError, booleanOption, checkEntries, checkEntry, checkKey, checkKeys, checkOptionNames, checkPattern, checkStoreCall, checkTags, checkTarget, choiceOption, classNameOf, clockOption, days, describeError, describeValue, functionOption, hours, inspectable, isExpired, isThenable, loadOptionNames, loggerOption, meterOption, minutes, nearestNames, noopMeter, numberOption, objectOption, pickOptions, purgeLimit, seconds, signalOption, systemClock, textOption };

export type { AcquireOptions, Awaitable, Cache, CacheInvalidation, CacheSetOptions, CallOptions, CallOutcome, CircuitBreaker, CircuitState, Clock, ConcurrencyLimiter, Counter, CounterChild, Entry, EntryInfo, EntryOrder, EntryQuery, EventSource, EvictEvent, Exemplar, Gauge, GaugeChild, GetOrSetOptions, Histogram, HistogramChild, HistogramOptions, InstrumentOptions, InvalidationTarget, KeyPattern, KeysOptions, LabelRecord, LabelValues, Labelled, Listener, LoadOptions, Loader, LoaderContext, Logger, Meter, MisnamedOptions, NameList, NumberRange, OptionNames, Permit, PersistentStore, PersistentStoreEvents, PurgeEvent, PurgeOptions, PurgeRequest, PurgeStrategy, RateLimiter, RetryBudget, RunningTimer, ScheduleOptions, ScheduledTask, SetOptions, StaleOptions, Store, StoreChanges, StoreLease, StoreStats, SyncCache, SyncCacheSetOptions, Timer, TimerChild, TimerOutcome, Verification };
