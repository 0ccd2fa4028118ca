import { CircuitBreaker, Clock, ClosedError, ConcurrencyLimiter, EventSource, Logger, Meter, RateLimiter, RetryBudget, ToolkitError } from "@x/interfaces";

import { Socket } from "node:net";

import { Readable } from "node:stream";

import { Dispatcher, Headers, RequestInfo, RequestInit, Response, buildConnector } from "undici";

declare class AcquireTimeoutError extends PoolError<"ERR_POOL_ACQUIRE_TIMEOUT"> {
    readonly name: string;
    readonly code = "ERR_POOL_ACQUIRE_TIMEOUT";
    readonly timeoutMs: number;
    readonly queued: number;
    constructor(facts: RequestFacts, timeoutMs: number, queued: number, options?: ErrorOptions);
}

declare class AttemptTimeoutError extends PoolError<"ERR_POOL_ATTEMPT_TIMEOUT"> {
    readonly name: string;
    readonly code = "ERR_POOL_ATTEMPT_TIMEOUT";
    readonly timeoutMs: number;
    constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions);
}

declare class BlockedAddressError extends PoolError<"ERR_POOL_BLOCKED_ADDRESS"> {
    readonly name: string;
    readonly code = "ERR_POOL_BLOCKED_ADDRESS";
    readonly address: string;
    constructor(facts: RequestFacts, address: string, options?: ErrorOptions);
}

declare class BodyTimeoutError extends PoolError<"ERR_POOL_BODY_TIMEOUT"> {
    readonly name: string;
    readonly code = "ERR_POOL_BODY_TIMEOUT";
    readonly timeoutMs: number;
    readonly stalledBy: "server" | "reader";
    constructor(facts: RequestFacts, timeoutMs: number, stalledBy: "server" | "reader");
}

interface BoundedDispatchHandler extends Dispatcher.DispatchHandler, ConnectionListener {
}

interface BoundedDispatchOptions extends Dispatcher.DispatchOptions {
    readonly [connectionListener]?: ConnectionListener | undefined;
}

declare class BoundedDispatcher extends DispatcherBase implements AsyncDisposable {
    #private;
    constructor(options?: BoundedDispatcherOptions);
    get events(): EventSource<DispatcherEvents>;
    get accepting(): boolean;
    stats(): DispatcherStats;
    dispatch(options: BoundedDispatchOptions, handler: BoundedDispatchHandler): boolean;
    compose(interceptors: Dispatcher.DispatcherComposeInterceptor[]): Dispatcher.ComposedDispatcher;
    compose(...interceptors: Dispatcher.DispatcherComposeInterceptor[]): Dispatcher.ComposedDispatcher;
    preconnect(origin: string | URL, count?: number): Promise<number>;
    close(callback: () => void): void;
    close(options?: CloseOptions): Promise<void>;
    destroy(error: Error | null, callback: () => void): void;
    destroy(callback: () => void): void;
    destroy(error?: Error | null): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}

interface BoundedDispatcherOptions {
    readonly maxConnectionsPerOrigin?: number | undefined;
    readonly maxTotalConnections?: number | undefined;
    readonly acquireTimeoutMs?: number | undefined;
    readonly maxQueue?: number | undefined;
    readonly connectTimeoutMs?: number | undefined;
    readonly readTimeoutMs?: number | undefined;
    readonly idleTimeoutMs?: number | undefined;
    readonly maxConnectionAgeMs?: number | undefined;
    readonly maxRequestsPerConnection?: number | undefined;
    readonly quantum?: number | undefined;
    readonly connect?: buildConnector.BuildOptions | Connector | undefined;
    readonly socketPath?: string | undefined;
    readonly denyPrivate?: boolean | undefined;
    readonly via?: Dispatcher | undefined;
    readonly name?: string | undefined;
    readonly clock?: Clock | undefined;
}

interface CloseOptions {
    readonly timeoutMs?: number | undefined;
}

type CloseReason = "idle" | "evicted" | "age" | "requests" | "server" | "error" | "upgraded" | "closed";

declare class ConnectTimeoutError extends PoolError<"ERR_POOL_CONNECT_TIMEOUT"> {
    readonly name: string;
    readonly code = "ERR_POOL_CONNECT_TIMEOUT";
    readonly timeoutMs: number;
    constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions);
}

interface ConnectionListener {
    onAssigned?(waitMs: number): void;
    onConnection?(use: ConnectionUse): void;
    readonly needsNewConnection?: boolean | undefined;
}

interface ConnectionMessage {
    readonly pool: string;
    readonly origin: string;
    readonly event: "open" | "close";
    readonly connectMs: number | undefined;
    readonly reason: CloseReason | undefined;
}

interface ConnectionUse {
    readonly reused: boolean;
    readonly connectMs: number | undefined;
    readonly tlsMs: number | undefined;
}

type Connector = (options: buildConnector.Options, callback: buildConnector.Callback) => Socket;

declare const DispatcherBase: typeof Dispatcher;

interface DispatcherEvents {
    open: {
        readonly origin: string;
        readonly connectMs: number;
    };
    close: {
        readonly origin: string;
        readonly reason: CloseReason;
    };
}

interface DispatcherStats {
    readonly connectionsOpen: number;
    readonly connectionsIdle: number;
    readonly queued: number;
}

type HeadersInput = Readonly<Record<string, string | readonly string[] | undefined>> | Iterable<readonly [
    string,
    string
]>;

declare class HeadersTimeoutError extends PoolError<"ERR_POOL_HEADERS_TIMEOUT"> {
    readonly name: string;
    readonly code = "ERR_POOL_HEADERS_TIMEOUT";
    readonly timeoutMs: number;
    constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions);
}

declare abstract class HttpClient {
    #private;
    request(url: string | URL, options?: RequestOptions): PendingResponse;
    get(url: string | URL, options?: RequestOptions): PendingResponse;
    head(url: string | URL, options?: RequestOptions): PendingResponse;
    post(url: string | URL, options?: RequestOptions): PendingResponse;
    put(url: string | URL, options?: RequestOptions): PendingResponse;
    patch(url: string | URL, options?: RequestOptions): PendingResponse;
    delete(url: string | URL, options?: RequestOptions): PendingResponse;
    fetch(input: RequestInfo, init?: RequestInit): Promise<Response>;
    extend(defaults: RequestOptions): HttpClient;
}

declare class HttpPool extends HttpClient implements AsyncDisposable {
    #private;
    constructor(options?: HttpPoolOptions);
    stats(): PoolStats;
    compose(...interceptors: Dispatcher.DispatcherComposeInterceptor[]): HttpClient;
    preconnect(url: string | URL, count?: number): Promise<number>;
    close(options?: CloseOptions): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}

interface HttpPoolOptions extends Omit<BoundedDispatcherOptions, "readTimeoutMs" | "via"> {
    readonly readTimeoutMs?: number | undefined;
    readonly headersTimeoutMs?: number | undefined;
    readonly bodyTimeoutMs?: number | undefined;
    readonly attemptTimeoutMs?: number | undefined;
    readonly totalTimeoutMs?: number | undefined;
    readonly maxRetries?: number | undefined;
    readonly retryIf?: ((error: unknown, retry: number) => boolean) | undefined;
    readonly backoffMs?: number | undefined;
    readonly maxBackoffMs?: number | undefined;
    readonly jitterRatio?: number | undefined;
    readonly retryStatusCodes?: readonly number[] | undefined;
    readonly retryMethods?: readonly string[] | undefined;
    readonly maxRetryAfterMs?: number | undefined;
    readonly maxRedirects?: number | undefined;
    readonly secretHeaders?: readonly string[] | undefined;
    readonly throwOnStatus?: boolean | undefined;
    readonly rateLimiter?: RateLimiter | undefined;
    readonly concurrencyLimiter?: ConcurrencyLimiter | undefined;
    readonly rateLimiterFor?: ((origin: string) => RateLimiter | undefined) | undefined;
    readonly concurrencyLimiterFor?: ((origin: string) => ConcurrencyLimiter | undefined) | undefined;
    readonly breakerFor?: ((origin: string) => CircuitBreaker | undefined) | undefined;
    readonly retryBudgetFor?: ((origin: string) => RetryBudget | undefined) | false | undefined;
    readonly hedge?: boolean | {
        readonly delayMs?: number | undefined;
    } | undefined;
    readonly baseUrl?: string | URL | undefined;
    readonly headers?: HeadersInput | undefined;
    readonly maxResponseBytes?: number | undefined;
    readonly proxy?: "env" | (string & {}) | undefined;
    readonly dispatcher?: Dispatcher | undefined;
    readonly random?: (() => number) | undefined;
    readonly meter?: Meter | undefined;
    readonly logger?: Logger | undefined;
}

declare class InvalidJsonError extends PoolError<"ERR_POOL_INVALID_JSON"> {
    readonly name: string;
    readonly code = "ERR_POOL_INVALID_JSON";
    readonly status: number;
    constructor(facts: RequestFacts, status: number, cause: unknown, isEmpty?: boolean);
}

type Parameter = string | number | bigint | boolean;

declare class PendingResponse extends Promise<PoolResponse> {
    static get [Symbol.species](): PromiseConstructor;
    constructor(response: Promise<PoolResponse>);
    get [Symbol.toStringTag](): string;
    json<T = unknown>(): Promise<T>;
    text(): Promise<string>;
    bytes(): Promise<Uint8Array>;
}

declare class PoolCircuitOpenError extends PoolError<"ERR_POOL_CIRCUIT_OPEN"> {
    readonly name: string;
    readonly code = "ERR_POOL_CIRCUIT_OPEN";
    readonly retryAfterMs: number;
    constructor(facts: RequestFacts, retryAfterMs: number, options?: ErrorOptions);
}

declare class PoolClosedError extends ClosedError implements RequestFacts {
    readonly name: string;
    readonly method: string;
    readonly url: string;
    readonly attempts: number;
    constructor(facts: RequestFacts, subject: string, options?: ErrorOptions);
}

interface PoolCounts {
    readonly requests: number;
    readonly attempts: number;
    readonly retries: number;
    readonly retriesRefused: number;
    readonly replays: number;
    readonly hedges: number;
    readonly hedgesWon: number;
    readonly failures: number;
    readonly bytesReceived: number;
    readonly connectionsOpened: number;
    readonly limiterWaitMs: number;
}

declare abstract class PoolError<Code extends string = string> extends ToolkitError<Code> implements RequestFacts {
    readonly method: string;
    readonly url: string;
    readonly attempts: number;
    readonly retriesEndedBy: RetriesEnd | undefined;
    constructor(facts: RequestFacts, message: string, options?: ErrorOptions);
}

declare class PoolQueueFullError extends PoolError<"ERR_POOL_QUEUE_FULL"> {
    readonly name: string;
    readonly code = "ERR_POOL_QUEUE_FULL";
    readonly maxQueue: number;
    constructor(facts: RequestFacts, maxQueue: number, options?: ErrorOptions);
}

declare class PoolResponse implements AsyncDisposable {
    #private;
    readonly status: number;
    readonly url: string;
    readonly attempts: number;
    readonly reusedConnection: boolean;
    readonly timings: RequestTimings;
    readonly bytesReceived: number;
    private constructor();
    get ok(): boolean;
    get headers(): Headers;
    get body(): Readable;
    bytes(): Promise<Uint8Array>;
    text(): Promise<string>;
    json<T = unknown>(): Promise<T>;
    [Symbol.asyncDispose](): Promise<void>;
}

interface PoolStats extends PoolCounts {
    readonly connectionsOpen: number;
    readonly connectionsIdle: number;
    readonly queued: number;
    readonly reuseRatio: number;
}

declare class RedirectError extends PoolError<"ERR_POOL_REDIRECT"> {
    readonly name: string;
    readonly code = "ERR_POOL_REDIRECT";
}

declare class RequestError extends PoolError<"ERR_POOL_REQUEST"> {
    readonly name: string;
    readonly code = "ERR_POOL_REQUEST";
    constructor(facts: RequestFacts, cause: unknown);
}

interface RequestFacts {
    readonly method: string;
    readonly url: string;
    readonly attempts: number;
    readonly retriesEndedBy?: RetriesEnd | undefined;
}

interface RequestMessage {
    readonly pool: string;
    readonly method: string;
    readonly url: string;
    readonly status: number | undefined;
    readonly error: unknown;
    readonly attempts: number;
    readonly durationMs: number;
    readonly timings: RequestTimings | undefined;
}

interface RequestOptions {
    readonly method?: string | undefined;
    readonly headers?: HeadersInput | undefined;
    readonly query?: RequestParameters | URLSearchParams | undefined;
    readonly json?: unknown;
    readonly form?: RequestParameters | URLSearchParams | undefined;
    readonly body?: string | Uint8Array | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly permits?: number | undefined;
    readonly totalTimeoutMs?: number | undefined;
    readonly attemptTimeoutMs?: number | undefined;
    readonly headersTimeoutMs?: number | undefined;
    readonly bodyTimeoutMs?: number | undefined;
    readonly maxRetries?: number | undefined;
    readonly throwOnStatus?: boolean | undefined;
    readonly idempotent?: boolean | undefined;
    readonly stream?: boolean | undefined;
}

type RequestParameters = Readonly<Record<string, Parameter | readonly (Parameter | null | undefined)[] | null | undefined>>;

interface RequestTimings {
    readonly waitMs: number;
    readonly limitMs: number;
    readonly queueMs: number;
    readonly connectMs: number | undefined;
    readonly tlsMs: number | undefined;
    readonly firstByteMs: number;
    readonly bodyMs: number | undefined;
    readonly totalMs: number;
}

declare class ResponseTooLargeError extends PoolError<"ERR_POOL_RESPONSE_TOO_LARGE"> {
    readonly name: string;
    readonly code = "ERR_POOL_RESPONSE_TOO_LARGE";
    readonly maxBytes: number;
    constructor(facts: RequestFacts, maxBytes: number, options?: ErrorOptions);
}

type RetriesEnd = "budget" | "retry-after" | "total-timeout" | "not-idempotent";

interface RetryMessage {
    readonly pool: string;
    readonly origin: string;
    readonly reason: string;
}

declare class StatusError extends PoolError<"ERR_POOL_STATUS"> {
    readonly name: string;
    readonly code = "ERR_POOL_STATUS";
    readonly status: number;
    readonly response: PoolResponse;
    readonly retryAfterMs: number | undefined;
    constructor(facts: RequestFacts, response: PoolResponse, retryAfterMs: number | undefined);
}

declare class TotalTimeoutError extends PoolError<"ERR_POOL_TOTAL_TIMEOUT"> {
    readonly name: string;
    readonly code = "ERR_POOL_TOTAL_TIMEOUT";
    readonly timeoutMs: number;
    constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions);
}

declare const connectionListener: unique symbol;

declare function parseRetryAfter(value: string | readonly string[] | null | undefined, now?: number): number | undefined;

export { AcquireTimeoutError, AttemptTimeoutError, BlockedAddressError, BodyTimeoutError, BoundedDispatcher, ConnectTimeoutError, HeadersTimeoutError, HttpClient, HttpPool, InvalidJsonError, PendingResponse, PoolCircuitOpenError, PoolClosedError, PoolError, PoolQueueFullError, PoolResponse, RedirectError, RequestError, ResponseTooLargeError, StatusError, TotalTimeoutError, connectionListener, parseRetryAfter };

export type { BoundedDispatchHandler, BoundedDispatchOptions, BoundedDispatcherOptions, CloseOptions, CloseReason, ConnectionListener, ConnectionMessage, ConnectionUse, Connector, DispatcherEvents, DispatcherStats, HeadersInput, HttpPoolOptions, PoolCounts, PoolStats, RequestFacts, RequestMessage, RequestOptions, RequestParameters, RequestTimings, RetriesEnd, RetryMessage };
