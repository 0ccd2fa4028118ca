import type { MisnamedOptions, NameList } from '@x/interfaces';
import { connectionOptionNames } from './dispatcher/dispatcher-options.ts';
import type { HttpPoolOptions } from './pool-options.ts';
import type { RequestOptions } from './request/request-options.ts';

/** The options of a pool. */
export const poolOptions: NameList<HttpPoolOptions> = {
  ...connectionOptionNames,
  headersTimeoutMs: true,
  bodyTimeoutMs: true,
  attemptTimeoutMs: true,
  totalTimeoutMs: true,
  maxRetries: true,
  retryIf: true,
  backoffMs: true,
  maxBackoffMs: true,
  jitterRatio: true,
  retryStatusCodes: true,
  retryMethods: true,
  maxRetryAfterMs: true,
  maxRedirects: true,
  secretHeaders: true,
  throwOnStatus: true,
  rateLimiter: true,
  concurrencyLimiter: true,
  rateLimiterFor: true,
  concurrencyLimiterFor: true,
  breakerFor: true,
  retryBudgetFor: true,
  hedge: true,
  baseUrl: true,
  headers: true,
  maxResponseBytes: true,
  proxy: true,
  dispatcher: true,
  random: true,
  meter: true,
  logger: true,
};

/** The options of a request. */
export const requestOptions: NameList<RequestOptions> = {
  method: true,
  headers: true,
  query: true,
  json: true,
  form: true,
  body: true,
  signal: true,
  permits: true,
  totalTimeoutMs: true,
  attemptTimeoutMs: true,
  headersTimeoutMs: true,
  bodyTimeoutMs: true,
  maxRetries: true,
  throwOnStatus: true,
  idempotent: true,
  stream: true,
};

/** What the options are that only `there` has, said by `hint`. */
export function onlyThere(
  there: Readonly<Record<string, true>>,
  here: Readonly<Record<string, true>>,
  hint: (name: string) => string,
): MisnamedOptions {
  const names = Object.keys(there).filter((name) => !Object.hasOwn(here, name));
  return Object.fromEntries(names.map((name) => [name, hint(name)]));
}

export const authorization =
  'a header: headers: { authorization }; or user and password in the URL';
export const userAgent = "a header: headers: { 'user-agent': 'my-program/1.0' }";
