import {
  booleanOption,
  checkOptionNames,
  numberOption,
  pickOptions,
  signalOption,
} from '@x/interfaces';
import { requestOptions } from '../option-lists.ts';
import { describeContent, describeInput } from './describe-input.ts';
import { checkHeaders, type HeadersInput, mergeHeaders } from './request-headers.ts';
import { requestOptionNames } from './request-option-names.ts';
import { checkParameters, mergeQueries, type RequestParameters } from './request-parameters.ts';
import { token } from './token.ts';

const count = { min: 0, integer: true };
const switches = ['throwOnStatus', 'idempotent', 'stream'] as const;
const durations = [
  'totalTimeoutMs',
  'attemptTimeoutMs',
  'headersTimeoutMs',
  'bodyTimeoutMs',
] as const;

/** How one request is made. */
export interface RequestOptions {
  /** @defaultValue `'GET'` */
  readonly method?: string | undefined;
  /** Added to the headers of the pool; `undefined` removes one. */
  readonly headers?: HeadersInput | undefined;
  /** Added to the query of the URL; on top of that of `extend`, name by name. */
  readonly query?: RequestParameters | URLSearchParams | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form. */
  readonly form?: RequestParameters | URLSearchParams | undefined;
  /** Sent as it is. */
  readonly body?: string | Uint8Array | undefined;
  /** Ends the request wherever it is; it rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Permits of the rate limiter that each attempt takes; 0 for none. @defaultValue 1 */
  readonly permits?: number | undefined;
  /** Longest time for everything: waits, attempts, redirects and body. @defaultValue the pool's */
  readonly totalTimeoutMs?: number | undefined;
  /** Longest time of one attempt, in milliseconds. @defaultValue the pool's */
  readonly attemptTimeoutMs?: number | undefined;
  /** Longest time from the sent request to the headers, in milliseconds. @defaultValue the pool's */
  readonly headersTimeoutMs?: number | undefined;
  /** Longest time without data of the body, in milliseconds. @defaultValue the pool's */
  readonly bodyTimeoutMs?: number | undefined;
  /** Attempts after the first. @defaultValue the pool's */
  readonly maxRetries?: number | undefined;
  /** Whether a status of 400 or above rejects with a `StatusError`. @defaultValue the pool's, `true` */
  readonly throwOnStatus?: boolean | undefined;
  /** Whether doing it twice is like doing it once, so that it may be retried. @defaultValue by the method */
  readonly idempotent?: boolean | undefined;
  /** Whether to answer once the headers are there, with the body as a stream. @defaultValue `false` */
  readonly stream?: boolean | undefined;
}

const nothing: RequestOptions = {};

/**
 * The options of one request: what it was given on top of `defaults`, which are checked already.
 *
 * @param verb - the method that was called, in capitals; `undefined` for one that takes any
 * @throws TypeError or RangeError when they are wrong
 */
export function requestOptionsOf(
  given: RequestOptions | undefined,
  defaults: RequestOptions | undefined,
  verb?: string,
): RequestOptions {
  if (given === undefined) return defaults ?? nothing;
  checkOptions(given, verb);
  const own = ownOptions(given);
  if (defaults === undefined) return own;
  const merged = mergeOptions(defaults, own);
  checkBodies(merged);
  return merged;
}

/** The same with the getters of a class, which are lost where options are copied. */
function ownOptions(options: RequestOptions): RequestOptions {
  const prototype: unknown = Object.getPrototypeOf(options);
  if (prototype === null || prototype === Object.prototype) return options;
  return pickOptions(options, requestOptions);
}

function mergeOptions(defaults: RequestOptions, given: RequestOptions): RequestOptions {
  const merged: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) merged[name] = value;
  }
  if (given.headers !== undefined) {
    merged['headers'] = mergeHeaders(defaults.headers, given.headers);
  }
  if (given.query !== undefined && defaults.query !== undefined) {
    merged['query'] = mergeQueries(defaults.query, given.query);
  }
  if (given.signal !== undefined && defaults.signal !== undefined) {
    merged['signal'] = AbortSignal.any([given.signal, defaults.signal]);
  }
  return merged;
}

/** Checks the names of `options`, their numbers, their switches, their signal and the kind of all else. */
function checkOptions(options: RequestOptions, verb: string | undefined): void {
  const names = requestOptionNames(verb);
  if (typeof options !== 'object' || options === null || Symbol.iterator in options) {
    const came = describeContent(options);
    throw new TypeError(
      `options must be an object such as { headers }, got ${came}; ${names.note}`,
    );
  }
  checkOptionNames(options, names);
  const { method, headers, query, form, permits, maxRetries, signal } = options;
  signalOption(signal);
  if (method !== undefined) checkMethod(method, verb);
  if (headers !== undefined) checkHeaders(headers);
  if (query !== undefined) checkParameters('query', query);
  if (form !== undefined) checkParameters('form', form);
  if (permits !== undefined) numberOption('permits', permits, 1, count);
  if (maxRetries !== undefined) numberOption('maxRetries', maxRetries, 0, count);
  for (const name of durations) {
    const value = options[name];
    if (value !== undefined) numberOption(name, value, Infinity, { above: 0 });
  }
  for (const name of switches) {
    const value = options[name];
    if (value !== undefined) booleanOption(name, value, false);
  }
  checkBodies(options);
}

function checkMethod(method: string, verb: string | undefined): void {
  if (typeof method !== 'string' || !token.test(method)) {
    throw new TypeError(`method must be a word such as "POST", got ${describeInput(method)}`);
  }
  if (verb === undefined || method.toUpperCase() === verb) return;
  throw new TypeError(
    `${verb.toLowerCase()} sends a ${verb}, got the method ${describeInput(method)}; request(url, { method }) takes any`,
  );
}

function checkBodies({ json, form, body }: RequestOptions): void {
  const bodies =
    Number(json !== undefined) + Number(form !== undefined) + Number(body !== undefined);
  if (bodies > 1) throw new TypeError('only one of json, form and body may be given');
  if (body === undefined || typeof body === 'string' || ArrayBuffer.isView(body)) return;
  const came = describeInput(body);
  throw new TypeError(
    `body must be a string or bytes, got ${came}; json and form take objects, pool.fetch(url, { method, body }) whatever fetch sends`,
  );
}
