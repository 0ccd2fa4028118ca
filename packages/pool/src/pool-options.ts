import type {
  CircuitBreaker,
  ConcurrencyLimiter,
  Logger,
  Meter,
  RateLimiter,
  RetryBudget,
} from '@x/interfaces';
import type { Dispatcher } from 'undici';
import type { BoundedDispatcherOptions } from './dispatcher/dispatcher-options.ts';
import type { HeadersInput } from './request/request-headers.ts';

/** How an {@link HttpPool} connects, waits, retries and is bounded. */
export interface HttpPoolOptions extends Omit<BoundedDispatcherOptions, 'readTimeoutMs' | 'via'> {
  /**
   * Longest time without an answer, and then without data, in milliseconds. A streamed body that is
   * not read for as long is given up.
   * @defaultValue 30000
   */
  readonly readTimeoutMs?: number | undefined;
  /** Longest time from the sent request to the headers, in milliseconds. @defaultValue `readTimeoutMs` */
  readonly headersTimeoutMs?: number | undefined;
  /** Longest time without data of the body, in milliseconds. @defaultValue `readTimeoutMs` */
  readonly bodyTimeoutMs?: number | undefined;
  /**
   * Longest time of one attempt from its place in the queue to the end of the body, in milliseconds; what
   * takes longer is retried.
   * @defaultValue `Infinity`
   */
  readonly attemptTimeoutMs?: number | undefined;
  /** Longest time for a request with all its waits and attempts, in milliseconds. @defaultValue `Infinity` */
  readonly totalTimeoutMs?: number | undefined;
  /** Most attempts after the first; a retry budget bounds them, too. @defaultValue 3 */
  readonly maxRetries?: number | undefined;
  /**
   * Whether a failure without an answer is worth another attempt; `retry` counts from 0. Answers are
   * judged by `retryStatusCodes`.
   * @defaultValue timeouts, and failures of the network that may pass
   */
  readonly retryIf?: ((error: unknown, retry: number) => boolean) | undefined;
  /** The longest pause before the first retry, in milliseconds; it doubles with each. @defaultValue 300 */
  readonly backoffMs?: number | undefined;
  /** The longest pause before any retry, in milliseconds, unless Retry-After asks for more. @defaultValue 30000 */
  readonly maxBackoffMs?: number | undefined;
  /**
   * The largest share by which a pause is shortened at random, from 0 to 1, so that what failed
   * together does not come back together. @defaultValue 1: evenly from 0 to the whole (full jitter)
   */
  readonly jitterRatio?: number | undefined;
  /** Statuses that are retried. @defaultValue 408, 425, 429, 500, 502, 503, 504 */
  readonly retryStatusCodes?: readonly number[] | undefined;
  /** Methods that are retried. @defaultValue GET, HEAD, OPTIONS, PUT, DELETE */
  readonly retryMethods?: readonly string[] | undefined;
  /** Longest Retry-After that is waited for, in milliseconds; a longer one ends the retries. @defaultValue 60000 */
  readonly maxRetryAfterMs?: number | undefined;
  /** Redirects that are followed; 0 answers the redirect itself. @defaultValue 10 */
  readonly maxRedirects?: number | undefined;
  /**
   * Headers that a redirect to another scheme, host or port drops, besides Authorization, Cookie,
   * Proxy-Authorization, X-API-Key and X-Auth-Token.
   */
  readonly secretHeaders?: readonly string[] | undefined;
  /** Whether a status of 400 or above rejects with a `StatusError`. @defaultValue `true` */
  readonly throwOnStatus?: boolean | undefined;
  /** Asked for permits before each attempt, and paused when a server says Retry-After. */
  readonly rateLimiter?: RateLimiter | undefined;
  /** Asked for a permit for the time of each attempt. */
  readonly concurrencyLimiter?: ConcurrencyLimiter | undefined;
  /** A rate limiter for one origin, asked before `rateLimiter`. Called once for each origin. */
  readonly rateLimiterFor?: ((origin: string) => RateLimiter | undefined) | undefined;
  /** A concurrency limiter for one origin, asked before `concurrencyLimiter`. Called once for each. */
  readonly concurrencyLimiterFor?: ((origin: string) => ConcurrencyLimiter | undefined) | undefined;
  /** A circuit breaker for one origin; statuses from 500 on and failures of the network count against it. */
  readonly breakerFor?: ((origin: string) => CircuitBreaker | undefined) | undefined;
  /**
   * What bounds the retries and the hedged requests to one origin; `false` for nothing.
   * @defaultValue one retry for ten requests and one each second, of which 10 are saved up
   */
  readonly retryBudgetFor?: ((origin: string) => RetryBudget | undefined) | false | undefined;
  /**
   * Whether a GET or HEAD that waits for long is sent a second time: after `delayMs`, or once it takes
   * longer than 95 % of the latest ones of its origin, but not before 20 ms. The first answer counts and
   * the other request is aborted. Not for streams.
   * @defaultValue `false`
   */
  readonly hedge?: boolean | { readonly delayMs?: number | undefined } | undefined;
  /** What relative URLs are relative to, as in `new URL(url, baseUrl)`. */
  readonly baseUrl?: string | URL | undefined;
  /** Sent with every request. */
  readonly headers?: HeadersInput | undefined;
  /** Most bytes of a body that is not streamed, decoded. @defaultValue 104857600 (100 MiB) */
  readonly maxResponseBytes?: number | undefined;
  /**
   * A proxy's URL, or `'env'` for HTTP_PROXY, HTTPS_PROXY and NO_PROXY. The caps then count requests
   * under way instead of sockets.
   */
  readonly proxy?: 'env' | (string & {}) | undefined;
  /**
   * Sends the requests instead of the pool's own connections, for example undici's `MockAgent`. The
   * caps, `proxy` and the connect timeout are then its business; the pool does not close it.
   */
  readonly dispatcher?: Dispatcher | undefined;
  /** Source of the jitter, from 0, the shortest pause, to below 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
  /** Where the pool measures itself. @defaultValue nowhere */
  readonly meter?: Meter | undefined;
  /** Where the pool logs. @defaultValue nowhere */
  readonly logger?: Logger | undefined;
}
