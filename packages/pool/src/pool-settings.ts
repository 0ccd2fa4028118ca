import {
  booleanOption,
  checkOptionNames,
  type Clock,
  clockOption,
  type ConcurrencyLimiter,
  functionOption,
  type Logger,
  loggerOption,
  numberOption,
  objectOption,
  type RateLimiter,
  textOption,
} from '@x/interfaces';
import { concurrencyLimiterOption, rateLimiterOption } from './origins/guard-options.ts';
import { poolOptionNames } from './pool-option-names.ts';
import type { HttpPoolOptions } from './pool-options.ts';
import { describeInput, describeUrl } from './request/describe-input.ts';
import { type HeaderRecord, mergeHeaders } from './request/request-headers.ts';
import { isHttp } from './request/request-url.ts';

export interface RetrySettings {
  readonly maxRetries: number;
  readonly retryIf: ((error: unknown, retry: number) => boolean) | undefined;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly jitterRatio: number;
  readonly retryStatusCodes: ReadonlySet<number>;
  readonly retryMethods: ReadonlySet<string>;
  readonly maxRetryAfterMs: number;
  readonly random: () => number;
}

/** When a second request is sent. */
export interface HedgeSettings {
  /** In milliseconds; by default what 95 % of the latest answers of the origin took. */
  readonly delayMs: number | undefined;
}

/** Options as checked, with their defaults. */
export interface PoolSettings {
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly attemptTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly maxResponseBytes: number;
  readonly maxRedirects: number;
  readonly secretHeaders: readonly string[];
  readonly throwOnStatus: boolean;
  readonly hedge: HedgeSettings | undefined;
  readonly retry: RetrySettings;
  readonly rateLimiter: RateLimiter | undefined;
  readonly concurrencyLimiter: ConcurrencyLimiter | undefined;
  readonly rateLimiterFor: HttpPoolOptions['rateLimiterFor'];
  readonly concurrencyLimiterFor: HttpPoolOptions['concurrencyLimiterFor'];
  readonly breakerFor: HttpPoolOptions['breakerFor'];
  readonly retryBudgetFor: HttpPoolOptions['retryBudgetFor'];
  readonly baseUrl: URL | undefined;
  readonly headers: HeaderRecord;
}

const defaultRetryStatusCodes = [408, 425, 429, 500, 502, 503, 504];
const defaultRetryMethods = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];
const acceptedEncodings = 'gzip, deflate, br, zstd';
const duration = { above: 0 };
const count = { min: 0, integer: true };

function retrySettings(options: HttpPoolOptions): RetrySettings {
  const { maxRetries, backoffMs, maxBackoffMs, jitterRatio, maxRetryAfterMs } = options;
  const atLeast0 = { min: 0 };
  const statuses = listOption(
    'retryStatusCodes',
    options.retryStatusCodes,
    defaultRetryStatusCodes,
    'number',
  );
  const methods = listOption('retryMethods', options.retryMethods, defaultRetryMethods, 'string');
  return {
    maxRetries: numberOption('maxRetries', maxRetries, 3, count),
    retryIf: functionOption('retryIf', options.retryIf),
    backoffMs: numberOption('backoffMs', backoffMs, 300, atLeast0),
    maxBackoffMs: numberOption('maxBackoffMs', maxBackoffMs, 30_000, atLeast0),
    jitterRatio: numberOption('jitterRatio', jitterRatio, 1, { min: 0, max: 1 }),
    retryStatusCodes: new Set(statuses),
    retryMethods: new Set(methods.map((method) => method.toUpperCase())),
    maxRetryAfterMs: numberOption('maxRetryAfterMs', maxRetryAfterMs, 60_000, atLeast0),
    random: functionOption('random', options.random, Math.random),
  };
}

/** @throws TypeError when it is no array or set of them: a string would be taken for its characters */
function listOption<T extends string | number>(
  name: string,
  value: readonly T[] | undefined,
  fallback: readonly T[],
  type: 'string' | 'number',
): T[] {
  const list: Iterable<T> = value ?? fallback;
  if (typeof list !== 'object' || list === null || !(Symbol.iterator in list)) {
    throw new TypeError(`${name} must be an array, got ${describeInput(value)}`);
  }
  const items = [...list];
  const wrong = items.findIndex((item) => typeof item !== type);
  if (wrong < 0) return items;
  throw new TypeError(
    `${name} must be an array of ${type}s, got ${describeInput(items[wrong])} in it`,
  );
}

function baseUrlOption(baseUrl: string | URL | undefined): URL | undefined {
  if (baseUrl === undefined) return undefined;
  const url = URL.parse(String(baseUrl));
  if (url?.search) {
    throw new TypeError(
      'baseUrl must have no query, which a relative URL loses; extend({ query }) keeps one',
    );
  }
  if (url !== null && isHttp(url)) return url;
  throw new TypeError(
    `baseUrl must be a URL such as "https://api.example/v1/", got ${describeUrl(baseUrl)}`,
  );
}

/** The agents of Node are none of undici. */
function checkDispatcher(dispatcher: HttpPoolOptions['dispatcher']): void {
  if (dispatcher === undefined || typeof dispatcher?.dispatch === 'function') return;
  throw new TypeError(
    `dispatcher must be a Dispatcher of undici, with dispatch(), got ${describeInput(dispatcher)}`,
  );
}

function hedgeSettings(hedge: HttpPoolOptions['hedge']): HedgeSettings | undefined {
  if (typeof hedge !== 'object') {
    return booleanOption('hedge', hedge, false) ? { delayMs: undefined } : undefined;
  }
  const { delayMs } = objectOption('hedge', hedge, '{ delayMs }');
  checkOptionNames(hedge, { known: { delayMs: true } });
  numberOption('hedge.delayMs', delayMs, 0, { min: 0 });
  return { delayMs };
}

export function poolSettings(options: HttpPoolOptions): PoolSettings {
  objectOption('options', options, '{ baseUrl }');
  checkOptionNames(options, poolOptionNames);
  checkDispatcher(options.dispatcher);
  const { totalTimeoutMs, attemptTimeoutMs, maxResponseBytes, maxRedirects } = options;
  const readTimeoutMs = numberOption('readTimeoutMs', options.readTimeoutMs, 30_000, duration);
  const { headersTimeoutMs, bodyTimeoutMs, retryBudgetFor } = options;
  const size = { min: 0 };
  return {
    name: textOption('name', options.name, 'http'),
    clock: clockOption(options.clock),
    logger: loggerOption(options.logger),
    headersTimeoutMs: numberOption('headersTimeoutMs', headersTimeoutMs, readTimeoutMs, duration),
    bodyTimeoutMs: numberOption('bodyTimeoutMs', bodyTimeoutMs, readTimeoutMs, duration),
    attemptTimeoutMs: numberOption('attemptTimeoutMs', attemptTimeoutMs, Infinity, duration),
    totalTimeoutMs: numberOption('totalTimeoutMs', totalTimeoutMs, Infinity, duration),
    maxResponseBytes: numberOption('maxResponseBytes', maxResponseBytes, 100 * 2 ** 20, size),
    maxRedirects: numberOption('maxRedirects', maxRedirects, 10, count),
    secretHeaders: listOption('secretHeaders', options.secretHeaders, [], 'string').map((name) =>
      name.toLowerCase(),
    ),
    throwOnStatus: booleanOption('throwOnStatus', options.throwOnStatus, true),
    hedge: hedgeSettings(options.hedge),
    retry: retrySettings(options),
    rateLimiter: rateLimiterOption('rateLimiter', options.rateLimiter),
    concurrencyLimiter: concurrencyLimiterOption('concurrencyLimiter', options.concurrencyLimiter),
    rateLimiterFor: functionOption('rateLimiterFor', options.rateLimiterFor),
    concurrencyLimiterFor: functionOption(
      'concurrencyLimiterFor',
      options.concurrencyLimiterFor,
      undefined,
    ),
    breakerFor: functionOption('breakerFor', options.breakerFor),
    retryBudgetFor:
      retryBudgetFor === false ? false : functionOption('retryBudgetFor', retryBudgetFor),
    baseUrl: baseUrlOption(options.baseUrl),
    // Spread into an object with a prototype, which is read faster.
    headers: { ...mergeHeaders({ 'accept-encoding': acceptedEncodings }, options.headers) },
  };
}
