import { compressions } from '@x/codec';
import { days, type NumberRange } from '@x/interfaces';
import { backends } from './create-cache.ts';
import type { PerformanceConfig } from './performance-config.ts';
import {
  bucketsVariable,
  choiceVariable,
  numberVariable,
  type ReadVariable,
  switchOrChoiceVariable,
  switchVariable,
  textVariable,
  urlVariable,
} from './read-variable.ts';

/** What a configuration is made of, beside `logger` and `clock`. */
export type Part = 'cache' | 'metrics' | 'rateLimit' | 'concurrency' | 'pool';
type Options<Name extends Part> = Exclude<PerformanceConfig[Name], false | undefined>;

/** What is a number, a word or a switch must be readable; what may also be one of them, can be. */
type Readers<Config> = {
  readonly [
    Name in keyof Config as Exclude<Config[Name], undefined> extends number | string | boolean
      ? Name
      : never
  ]-?: ReadVariable;
} & { readonly [Name in keyof Config]?: ReadVariable };

const count: NumberRange = { min: 0, integer: true };
const atLeastOne: NumberRange = { min: 1, integer: true };

const counted = numberVariable(count);
const atLeast1 = numberVariable(atLeastOne);
const atLeast0 = numberVariable({ min: 0 });
const above0 = numberVariable({ above: 0 });
const finiteAbove0 = numberVariable({ above: 0, max: Number.MAX_VALUE });

const whenFull = choiceVariable(['reject-newest', 'drop-oldest', 'drop-lowest-priority']);

/**
 * How the variables of each part are read, by the names of its options. The ranges are those that the
 * parts check themselves; a test holds both together.
 */
export const environmentVariables: { readonly [Name in Part]: Readers<Options<Name>> } = {
  cache: {
    backend: choiceVariable(backends),
    directory: textVariable,
    defaultTtlMs: atLeast0,
    maxEntries: atLeast1,
    compression: switchOrChoiceVariable(compressions),
    cleanupIntervalMs: above0,
    maxMemoryEntries: counted,
    storeTimeoutMs: above0,
    leaseTtlMs: numberVariable({ min: 0, max: days(1) }),
    stats: switchVariable,
    name: textVariable,
    staleWhileRevalidateMs: atLeast0,
    staleIfErrorMs: atLeast0,
    softTimeoutMs: atLeast0,
    hardTimeoutMs: above0,
    refreshAfterRatio: numberVariable({ above: 0, max: 1 }),
    xfetchBeta: atLeast0,
    ttlJitterRatio: numberVariable({ min: 0, max: 1 }),
    errorTtlMs: atLeast0,
    errorBackoffMs: atLeast0,
    cacheUndefined: switchVariable,
  },
  metrics: {
    retentionMs: above0,
    buckets: bucketsVariable,
    maxSeries: atLeast1,
    idleTimeoutMs: above0,
    sketch: choiceVariable(['exponential', 'tdigest']),
    nativeHistograms: switchVariable,
    name: textVariable,
  },
  rateLimit: {
    permitsPerSecond: finiteAbove0,
    burst: numberVariable({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    warmUpMs: numberVariable({ min: 0, max: 2 ** 31 }),
    coldFactor: numberVariable({ min: 1, max: 1e6 }),
    jitterMs: atLeast0,
    maxQueue: counted,
    whenFull,
    name: textVariable,
  },
  concurrency: {
    permits: numberVariable({ ...atLeastOne, max: Number.MAX_SAFE_INTEGER }),
    maxQueue: counted,
    whenFull,
    order: choiceVariable(['fifo', 'lifo']),
    measureWaits: switchVariable,
    name: textVariable,
  },
  pool: {
    maxConnectionsPerOrigin: atLeast1,
    maxTotalConnections: atLeast1,
    maxQueue: counted,
    acquireTimeoutMs: above0,
    connectTimeoutMs: above0,
    readTimeoutMs: above0,
    headersTimeoutMs: above0,
    bodyTimeoutMs: above0,
    attemptTimeoutMs: above0,
    totalTimeoutMs: above0,
    idleTimeoutMs: above0,
    maxConnectionAgeMs: above0,
    maxRequestsPerConnection: atLeast1,
    quantum: atLeast1,
    maxRetries: counted,
    backoffMs: atLeast0,
    maxBackoffMs: atLeast0,
    jitterRatio: numberVariable({ min: 0, max: 1 }),
    maxRetryAfterMs: atLeast0,
    maxRedirects: counted,
    maxResponseBytes: atLeast0,
    throwOnStatus: switchVariable,
    hedge: switchVariable,
    denyPrivate: switchVariable,
    socketPath: textVariable,
    baseUrl: urlVariable(),
    proxy: urlVariable('env'),
    name: textVariable,
  },
};
