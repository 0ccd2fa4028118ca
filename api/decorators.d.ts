import { Cache, CircuitBreaker, Clock, ConcurrencyLimiter, LoadOptions, Meter, RateLimiter, RetryBudget, SyncCache, ToolkitError } from "@x/interfaces";

type AnyArguments = any[];

interface AnyDecoration extends Decoration {
    <F extends AnyFunction>(fn: F, notDecorator?: undefined): Decorated<F>;
    <F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext<ThisParameterType<F>, F>): Decorated<F>;
    <T>(getter: () => T, context: ClassGetterDecoratorContext<unknown, T>): () => T;
    <This, T>(accessor: ClassAccessorDecoratorTarget<This, T>, context: ClassAccessorDecoratorContext<This, T>): ClassAccessorDecoratorResult<This, T>;
    <T>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>): void;
}

type AnyFunction = (this: any, ...args: any[]) => unknown;

interface AppliedPolicy {
    readonly policy: PolicyKind;
    readonly resource: object | undefined;
    readonly options: object;
}

interface AsyncDecoration<Result = Promise<unknown>> extends Decoration {
    <F extends FunctionOf<Result>>(fn: F, notDecorator?: undefined): Decorated<F>;
    <F extends FunctionOf<Result>>(method: F, context: ClassMethodDecoratorContext<ThisParameterType<F>, F>): Decorated<F>;
    <F extends FunctionOf<Result>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<F>): void;
}

type AsyncFunction = FunctionOf<Promise<unknown>>;

type CacheScope = "instance" | "shared" | ((self: any) => string);

interface CachedDecoration<Args extends readonly unknown[] = AnyArguments> extends Decoration {
    <F extends AsyncFunction>(fn: F, ...fits: KeyFits<Args, F>): Decorated<F>;
    <F extends AnyFunction>(fn: F, ...fits: KeyFits<Args, F>): Promised<F>;
    <F extends AsyncFunction>(method: F, context: ClassMethodDecoratorContext<ThisParameterType<F>, F>): Decorated<F>;
    <T extends Promise<unknown>>(getter: () => T, context: ClassGetterDecoratorContext<unknown, T>): () => T;
    <This, T extends Promise<unknown>>(accessor: ClassAccessorDecoratorTarget<This, T>, context: ClassAccessorDecoratorContext<This, T>): ClassAccessorDecoratorResult<This, T>;
    <T extends AsyncFunction | Promise<unknown>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>): void;
}

interface CachedOptions<Args extends readonly unknown[] = AnyArguments> extends LoadOptions, Omit<SyncCachedOptions<Args>, "ttlMs"> {
    readonly ttlMs?: number | ((result: never) => number) | undefined;
    readonly tags?: readonly string[] | undefined;
    readonly withSignal?: ((args: AnyArguments, signal: AbortSignal) => AnyArguments) | undefined;
}

declare class CallTimeoutError extends ToolkitError<"ERR_CALL_TIMEOUT"> {
    readonly name: string;
    readonly code = "ERR_CALL_TIMEOUT";
    readonly callee: string;
    readonly timeoutMs: number;
    constructor(callee: string, timeoutMs: number, options?: ErrorOptions);
}

interface ConcurrencyLimitedOptions {
    readonly timeoutMs?: number | undefined;
}

type Decorated<F extends AnyFunction> = ReturnType<F> extends PromiseLike<infer Value> ? Promise<Value> extends ReturnType<F> ? F : Promised<F> : F;

interface Decoration {
    readonly policies: readonly AppliedPolicy[];
}

type FunctionOf<Result> = (this: any, ...args: any[]) => Result;

interface Inspection {
    readonly policies: readonly AppliedPolicy[];
    readonly original: AnyFunction;
}

type KeyFits<Args extends readonly unknown[], F extends AnyFunction> = ((...args: Args) => string) extends (...args: Parameters<F>) => string ? [
    notDecorator?: undefined
] : [
    error: "the option key does not take the arguments of this function"
];

type LimitedResult = Promise<unknown> | AsyncGenerator<any>;

interface MonitoredOptions {
    readonly labels?: Readonly<Record<string, string>> | undefined;
}

type PolicyKind = "monitored" | "cached" | "circuitBroken" | "retried" | "rateLimited" | "concurrencyLimited" | "timeLimited";

type Promised<F extends AnyFunction> = (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>;

interface RateLimitedOptions {
    readonly permits?: number | undefined;
    readonly timeoutMs?: number | undefined;
}

type Resource<R extends object> = R | ((self: any) => R);

interface RetriedOptions extends RetryPolicyOptions {
    readonly budget?: Resource<RetryBudget> | undefined;
}

interface RetryPolicyOptions {
    readonly maxRetries?: number | undefined;
    readonly retryIf?: ((error: unknown, retry: number) => boolean) | undefined;
    readonly backoffMs?: number | undefined;
    readonly maxBackoffMs?: number | undefined;
    readonly jitterRatio?: number | undefined;
    readonly maxRetryAfterMs?: number | undefined;
    readonly clock?: Clock | undefined;
    readonly random?: (() => number) | undefined;
}

interface SyncCachedDecoration<V = unknown, Args extends readonly unknown[] = AnyArguments> extends Decoration {
    <F extends FunctionOf<V>>(fn: F, ...fits: KeyFits<Args, F>): Decorated<F>;
    <F extends FunctionOf<V>>(method: F, context: ClassMethodDecoratorContext<ThisParameterType<F>, F>): Decorated<F>;
    <T extends V>(getter: () => T, context: ClassGetterDecoratorContext<unknown, T>): () => T;
    <This, T extends V>(accessor: ClassAccessorDecoratorTarget<This, T>, context: ClassAccessorDecoratorContext<This, T>): ClassAccessorDecoratorResult<This, T>;
    <T extends V | FunctionOf<V>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>): void;
}

interface SyncCachedOptions<Args extends readonly unknown[] = AnyArguments> {
    readonly name?: string | undefined;
    readonly key?: ((...args: Args) => string) | undefined;
    readonly ttlMs?: number | undefined;
    readonly scope?: CacheScope | undefined;
}

interface TimeLimitedOptions {
    readonly timeoutMs: number;
    readonly withSignal?: ((args: AnyArguments, signal: AbortSignal) => AnyArguments) | undefined;
    readonly clock?: Clock | undefined;
}

type ValueOf<C> = C extends SyncCache<string, infer V> ? V : never;

declare function cached<C extends {
    readonly answersAtOnce: true;
}, Args extends readonly unknown[] = AnyArguments>(cache: Resource<C>, options?: SyncCachedOptions<Args>): SyncCachedDecoration<ValueOf<C>, Args>;

declare function cached<Args extends readonly unknown[] = AnyArguments>(cache: Resource<Cache>, options?: CachedOptions<Args>): CachedDecoration<Args>;

declare function circuitBroken(breaker: Resource<CircuitBreaker>): AsyncDecoration;

declare function concurrencyLimited(limiter: Resource<ConcurrencyLimiter>, options?: ConcurrencyLimitedOptions): AsyncDecoration<LimitedResult>;

declare function inspect(fn: AnyFunction): Inspection;

declare function monitored(meter: Resource<Meter>, name?: string, options?: MonitoredOptions): AnyDecoration;

declare function policies(...decorations: readonly [
    AnyDecoration,
    ...AnyDecoration[]
]): AnyDecoration;

declare function policies(...decorations: readonly [
    Decoration,
    ...Decoration[]
]): AsyncDecoration;

declare function rateLimited(limiter: Resource<RateLimiter>, options?: RateLimitedOptions): AsyncDecoration<LimitedResult>;

declare function retried(options?: RetriedOptions): AsyncDecoration;

declare function timeLimited(options: TimeLimitedOptions): AsyncDecoration;

export { CallTimeoutError, cached, circuitBroken, concurrencyLimited, inspect, monitored, policies, rateLimited, retried, timeLimited };

export type { AnyArguments, AnyDecoration, AnyFunction, AppliedPolicy, AsyncDecoration, AsyncFunction, CacheScope, CachedDecoration, CachedOptions, ConcurrencyLimitedOptions, Decorated, Decoration, FunctionOf, Inspection, KeyFits, LimitedResult, MonitoredOptions, PolicyKind, Promised, RateLimitedOptions, Resource, RetriedOptions, RetryPolicyOptions, SyncCachedDecoration, SyncCachedOptions, TimeLimitedOptions };
