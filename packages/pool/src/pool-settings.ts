import {
  type Clock,
  type ConcurrencyLimiter,
  type Logger,
  noopMeter,
  numberOption,
  type RateLimiter,
  systemClock,
  textOption,
} from '@x/interfaces';
import type { HttpPoolOptions } from './pool-options.ts';
import { type HeaderRecord, mergeHeaders } from './request-headers.ts';

export interface RetrySettings {
  readonly maxRetries: number;
  readonly backoffFactor: number;
  readonly retryStatusCodes: ReadonlySet<number>;
  readonly retryMethods: ReadonlySet<string>;
  readonly maxRetryAfterMs: number;
  readonly random: () => number;
}

/** The options of a pool as checked, with their defaults. */
export interface PoolSettings {
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  readonly readTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly maxResponseBytes: number;
  readonly maxRedirects: number;
  readonly retry: RetrySettings;
  readonly rateLimiter: RateLimiter | undefined;
  readonly concurrencyLimiter: ConcurrencyLimiter | undefined;
  readonly baseUrl: URL | undefined;
  readonly headers: HeaderRecord;
}

const defaultRetryStatusCodes = [408, 425, 429, 500, 502, 503, 504];
const defaultRetryMethods = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];
const duration = { above: 0 };
const count = { min: 0, integer: true };

function retrySettings(options: HttpPoolOptions): RetrySettings {
  const { maxRetries, backoffFactor, maxRetryAfterMs } = options;
  const methods = options.retryMethods ?? defaultRetryMethods;
  return {
    maxRetries: numberOption('maxRetries', maxRetries, 3, count),
    backoffFactor: numberOption('backoffFactor', backoffFactor, 0.3, { min: 0 }),
    retryStatusCodes: new Set(options.retryStatusCodes ?? defaultRetryStatusCodes),
    retryMethods: new Set(methods.map((method) => method.toUpperCase())),
    maxRetryAfterMs: numberOption('maxRetryAfterMs', maxRetryAfterMs, 60_000, { min: 0 }),
    random: options.random ?? Math.random,
  };
}

export function poolSettings(options: HttpPoolOptions): PoolSettings {
  const { readTimeoutMs, totalTimeoutMs, maxResponseBytes, maxRedirects } = options;
  return {
    name: textOption('name', options.name, 'http'),
    clock: options.clock ?? systemClock,
    logger: options.logger,
    readTimeoutMs: numberOption('readTimeoutMs', readTimeoutMs, 30_000, duration),
    totalTimeoutMs: numberOption('totalTimeoutMs', totalTimeoutMs, Infinity, duration),
    maxResponseBytes: numberOption('maxResponseBytes', maxResponseBytes, 100 * 2 ** 20, {
      min: 0,
    }),
    maxRedirects: numberOption('maxRedirects', maxRedirects, 10, count),
    retry: retrySettings(options),
    rateLimiter: options.rateLimiter,
    concurrencyLimiter: options.concurrencyLimiter,
    baseUrl: options.baseUrl === undefined ? undefined : new URL(options.baseUrl),
    headers: mergeHeaders(options.headers),
  };
}

/** The meter to write to. */
export const meterOf = ({ meter }: HttpPoolOptions): typeof noopMeter => meter ?? noopMeter;
