import { boolean, booleanOrText, number, numbers, text, type Parse } from './env-parsers.ts';
import type { PerformanceConfig } from './performance-config.ts';

/** A part of an optimizer that has variables. */
export type Part = 'cache' | 'metrics' | 'rateLimit' | 'concurrency' | 'pool';

/** The options that a number, a word or a switch can set. */
type PlainKeys<Options> = {
  [Key in keyof Options]-?: Extract<Options[Key], number | string | true> extends never
    ? never
    : Key;
}[keyof Options];

/** Complete, so that the compiler names an option that was forgotten; others may be there as well. */
type Fields<Options> = Readonly<
  Record<PlainKeys<Options>, Parse> & Partial<Record<keyof Options, Parse>>
>;

/** The options of each part that a variable can set, and how its text is read. */
export const envFields: {
  readonly [Name in Part]: Fields<Exclude<PerformanceConfig[Name], false | undefined>>;
} = {
  cache: {
    backend: text,
    directory: text,
    defaultTtlMs: number,
    maxEntries: number,
    compression: booleanOrText,
    cleanupIntervalMs: number,
    memoryEntries: number,
    storeTimeoutMs: number,
    leaseTtlMs: number,
    staleWhileRevalidateMs: number,
    staleIfErrorMs: number,
    softTimeoutMs: number,
    hardTimeoutMs: number,
    refreshAfterRatio: number,
    xfetchBeta: number,
    ttlJitterRatio: number,
    errorTtlMs: number,
    errorBackoffMs: number,
    cacheUndefined: boolean,
    stats: boolean,
    name: text,
  },
  metrics: {
    retentionMs: number,
    buckets: numbers,
    maxSeries: number,
    idleTimeoutMs: number,
    sketch: text,
    nativeHistograms: boolean,
    name: text,
  },
  rateLimit: {
    permitsPerSecond: number,
    burst: number,
    maxQueue: number,
    whenFull: text,
    jitterMs: number,
    warmUpMs: number,
    coldFactor: number,
    name: text,
  },
  concurrency: {
    permits: number,
    maxQueue: number,
    whenFull: text,
    order: text,
    measureWaits: boolean,
    name: text,
  },
  pool: {
    maxConnectionsPerOrigin: number,
    maxTotalConnections: number,
    maxQueue: number,
    acquireTimeoutMs: number,
    connectTimeoutMs: number,
    readTimeoutMs: number,
    headersTimeoutMs: number,
    bodyTimeoutMs: number,
    attemptTimeoutMs: number,
    totalTimeoutMs: number,
    idleTimeoutMs: number,
    maxConnectionAgeMs: number,
    maxRequestsPerConnection: number,
    quantum: number,
    maxRetries: number,
    backoffFactor: number,
    maxRetryAfterMs: number,
    maxRedirects: number,
    maxResponseBytes: number,
    throwOnStatus: boolean,
    hedge: boolean,
    denyPrivate: boolean,
    socketPath: text,
    baseUrl: text,
    proxy: text,
    name: text,
  },
};
