import type { MisnamedOptions, OptionNames } from '@x/interfaces';
import {
  authorization,
  onlyThere,
  poolOptions,
  requestOptions,
  userAgent,
} from './option-lists.ts';
import type { HttpPoolOptions } from './pool-options.ts';

const ofTls = 'one of connect, as in connect: { ca, rejectUnauthorized }';
const ofSockets = 'one of connect, as in connect: { localAddress, family }';
const agent = 'dispatcher, which replaces the connections of the pool';

const misnamed: MisnamedOptions = {
  timeout: 'totalTimeoutMs for everything, readTimeoutMs without data',
  timeoutMs: 'totalTimeoutMs for everything, readTimeoutMs without data',
  connectTimeout: 'connectTimeoutMs',
  headersTimeout: 'headersTimeoutMs',
  bodyTimeout: 'bodyTimeoutMs',
  keepAlive: 'always on; idleTimeoutMs says for how long',
  keepAliveTimeout: 'idleTimeoutMs',
  keepAliveMaxTimeout: 'idleTimeoutMs',
  keepAliveMsecs: 'idleTimeoutMs',
  connections: 'maxConnectionsPerOrigin',
  maxSockets: 'maxConnectionsPerOrigin',
  maxConnectionsPerHost: 'maxConnectionsPerOrigin',
  maxTotalSockets: 'maxTotalConnections',
  retries: 'maxRetries',
  retry: 'maxRetries, with retryStatusCodes and retryMethods',
  limiter: 'rateLimiter or concurrencyLimiter',
  rateLimit: 'rateLimiter, such as a TokenBucket',
  semaphore: 'concurrencyLimiter',
  concurrency: 'concurrencyLimiter, such as a Semaphore',
  breaker: 'breakerFor, a function of the origin',
  circuitBreaker: 'breakerFor, a function of the origin',
  backoffFactor: 'backoffMs, in milliseconds: backoffMs: 300 for a back-off factor of 0.3 s',
  retryDelay: 'backoffMs',
  shouldRetry: 'retryIf',
  minTimeout: 'backoffMs',
  maxTimeout: 'maxBackoffMs',
  jitter: 'jitterRatio',
  maxRedirections: 'maxRedirects',
  throwHttpErrors: 'throwOnStatus',
  validateStatus: 'throwOnStatus',
  maxContentLength: 'maxResponseBytes',
  base: 'baseUrl',
  prefixUrl: 'baseUrl',
  baseURL: 'baseUrl',
  agent,
  httpAgent: agent,
  httpsAgent: agent,
  ca: ofTls,
  cert: ofTls,
  key: ofTls,
  tls: ofTls,
  rejectUnauthorized: ofTls,
  lookup: 'one of connect, as in connect: { lookup }',
  localAddress: ofSockets,
  family: ofSockets,
  auth: authorization,
  username: authorization,
  userAgent,
  registry: 'meter',
  metrics: 'meter',
  hooks: 'compose(...interceptors)',
  interceptors: 'compose(...interceptors)',
  params: 'query of a request: get(url, { query })',
  searchParams: 'query of a request: get(url, { query })',
  data: 'json, form or body of a request: post(url, { json })',
};

/** What options of a pool are called. */
export const poolOptionNames: OptionNames<HttpPoolOptions> = {
  known: poolOptions,
  get misnamed() {
    return { ...onlyThere(requestOptions, poolOptions, ofRequest), ...misnamed };
  },
};

const usualCalls: Readonly<Record<string, string>> = {
  method: 'request',
  json: 'post',
  form: 'post',
  body: 'post',
};

function ofRequest(name: string): string {
  return `one of a request: ${usualCalls[name] ?? 'get'}(url, { ${name} })`;
}
