import { describeValue, numberOption } from '@x/interfaces';
import type { SemaphoreOptions, TokenBucketOptions } from '@x/ratelimit';
import type {
  ConcurrencyConfig,
  PerformanceConfig,
  RateLimitConfig,
} from './performance-config.ts';

const defaultPermitsPerSecond = 10;
const defaultConnections = 100;

const parts = ['cache', 'metrics', 'rateLimit', 'concurrency', 'pool'] as const;
const known: readonly string[] = [...parts, 'logger', 'clock'];

/**
 * Checks that the configuration has the shape it should have; the parts check their own options.
 *
 * @throws TypeError naming what is unknown or no object
 */
export function checkConfig(config: PerformanceConfig): void {
  if (typeof config !== 'object' || config === null) {
    throw new TypeError(`the configuration must be an object, got ${describeValue(config)}`);
  }
  for (const name of Object.keys(config)) {
    if (known.includes(name)) continue;
    throw new TypeError(`the configuration has ${known.join(', ')}; got ${name}`);
  }
  for (const part of parts) {
    const value: unknown = config[part];
    const isGiven = typeof value === 'object' && value !== null;
    if (isGiven && isMade(value)) {
      throw new TypeError(
        `${part} takes the options of what the optimizer makes, got a ${value.constructor.name}`,
      );
    }
    if (value === undefined || value === false || isGiven) continue;
    throw new TypeError(`${part} must be an object or false, got ${describeValue(value)}`);
  }
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
