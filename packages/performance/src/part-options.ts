import {
  checkOptionNames,
  classNameOf,
  describeValue,
  type MisnamedOptions,
  numberOption,
  objectOption,
  type OptionNames,
} from '@x/interfaces';
import type { SemaphoreOptions, TokenBucketOptions } from '@x/ratelimit';
import type {
  ConcurrencyConfig,
  PerformanceConfig,
  RateLimitConfig,
} from './performance-config.ts';

const defaultPermitsPerSecond = 10;
const defaultConnections = 100;

const parts = ['cache', 'metrics', 'rateLimit', 'concurrency', 'pool'] as const;
type Part = (typeof parts)[number];

const ownRegistry = 'the registry of the optimizer, optimizer.registry';
const limitsWaits =
  'timeoutMs of optimizedRequest, or pool: { totalTimeoutMs }, for everything that a request waits for';

const configNames: OptionNames<PerformanceConfig> = {
  known: {
    cache: true,
    metrics: true,
    rateLimit: true,
    concurrency: true,
    pool: true,
    logger: true,
    clock: true,
  },
  misnamed: {
    registry: 'metrics',
    limits: 'rateLimit and concurrency',
    limiter: 'rateLimit',
    rateLimiter: 'rateLimit',
    semaphore: 'concurrency',
    http: 'pool',
    baseUrl: 'one of pool, as in pool: { baseUrl }',
    backend: 'one of cache, as in cache: { backend, directory }',
    directory: 'one of cache, as in cache: { backend, directory }',
    defaultTtlMs: 'one of cache, as in cache: { defaultTtlMs }',
    ttlMs: 'one of cache, as in cache: { defaultTtlMs }',
    permitsPerSecond: 'one of rateLimit, as in rateLimit: { permitsPerSecond }',
    maxRetries: 'one of pool, as in pool: { maxRetries }',
  },
};

/** What is not for a part to be told, though it would take it, or what its name elsewhere means here. */
const misplaced: { readonly [Name in Part]?: MisnamedOptions } = {
  rateLimit: { rps: 'permitsPerSecond', timeoutMs: limitsWaits, timeout: limitsWaits },
  concurrency: { timeoutMs: limitsWaits, timeout: limitsWaits },
  pool: {
    rateLimiter: 'made from rateLimit, beside pool; rateLimiterFor adds more',
    concurrencyLimiter: 'made from concurrency, beside pool; concurrencyLimiterFor adds more',
  },
};

/**
 * Checks that the configuration has the shape it should have; the parts check their own options.
 *
 * @throws TypeError naming what is unknown or no object
 */
export function checkConfig(config: PerformanceConfig): void {
  objectOption('the configuration', config, '{ cache, rateLimit, pool }');
  if ('meter' in config && config.meter !== undefined) {
    throw new TypeError(`meter is not an option; it is ${ownRegistry}`);
  }
  checkOptionNames(config, configNames);
  for (const part of parts) checkPart(part, config);
}

function checkPart(part: Part, config: PerformanceConfig): void {
  const given: unknown = config[part];
  if (given === undefined || given === false) return;
  if (describeValue(given) !== 'an object') {
    throw new TypeError(`${part} must be an object or false, got ${describeValue(given)}`);
  }
  const options = given as Readonly<Record<string, unknown>>;
  if (isMade(options)) {
    const name = classNameOf(options) ?? 'component';
    throw new TypeError(`${part} takes the options of what the optimizer makes, got a ${name}`);
  }
  for (const [name, meant] of Object.entries({ ...misplaced[part], meter: ownRegistry })) {
    if (options[name] !== undefined) throw notOfPart(part, name, meant);
  }
  for (const name of ['clock', 'logger'] as const) {
    const value = options[name];
    if (value === undefined || value === config[name]) continue;
    throw notOfPart(part, name, `one for all parts, beside ${part}`);
  }
}

function notOfPart(part: Part, name: string, meant: string): TypeError {
  return new TypeError(`${name} is not an option of ${part}; it is ${meant}`);
}

/** Whether it is a cache, registry, limiter or pool already. Of such an object no option would be read. */
function isMade(value: object): boolean {
  const { close, counter } = value as { readonly close?: unknown; readonly counter?: unknown };
  return typeof close === 'function' || typeof counter === 'function';
}

/** 10 permits per second unless told otherwise, and a burst of twice the rate. */
export function rateLimitOptions(config: RateLimitConfig = {}): TokenBucketOptions {
  const { permitsPerSecond = defaultPermitsPerSecond } = config;
  const burst = Math.max(1, Math.min(permitsPerSecond * 2, Number.MAX_SAFE_INTEGER));
  return { ...config, permitsPerSecond, burst: config.burst ?? burst };
}

/**
 * As many permits as the pool may have connections, unless told otherwise.
 *
 * @param kind - what the semaphore is for, which tells it from the other one
 */
export function concurrencyOptions(
  kind: string,
  config: ConcurrencyConfig = {},
  pool: PerformanceConfig['pool'],
): SemaphoreOptions {
  const connections = numberOption(
    'maxTotalConnections',
    pool === false ? undefined : pool?.maxTotalConnections,
    defaultConnections,
    { min: 1, integer: true },
  );
  return {
    ...config,
    name: config.name === undefined ? kind : `${config.name}-${kind}`,
    permits: config.permits ?? Math.min(connections, Number.MAX_SAFE_INTEGER),
  };
}
