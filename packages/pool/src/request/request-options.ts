import {
  booleanOption,
  checkOptionNames,
  describeValue,
  numberOption,
  objectOption,
  type OptionNames,
  signalOption,
} from '@x/interfaces';
import { type HeadersInput, mergeHeaders } from './request-headers.ts';

/** Values of a query or a form; `undefined` and `null` are left out, an array repeats the name. */
export type RequestParameters = Readonly<
  Record<string, Parameter | readonly Parameter[] | null | undefined>
>;
type Parameter = string | number | bigint | boolean;

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
  /** Added to the query of the URL. */
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

const bodyNote = 'a body goes in { json }, { form } or { body }';

const optionNames: OptionNames<RequestOptions> = {
  known: {
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
  },
  misnamed: {
    timeout: 'totalTimeoutMs',
    timeoutMs: 'totalTimeoutMs',
    retries: 'maxRetries',
    retry: 'maxRetries',
    params: 'query',
    searchParams: 'query',
    data: 'json, form or body',
  },
  note: bodyNote,
};

const nothing: RequestOptions = {};

/** `options` on top of `defaults`; headers are merged one by one. What are no options is left for {@link checkOptions}. */
export function mergeOptions(
  defaults: RequestOptions | undefined,
  options: RequestOptions = nothing,
): RequestOptions {
  if (defaults === undefined || !isOptions(options)) return options;
  const merged: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) merged[name] = value;
  }
  if (defaults.headers !== undefined && options.headers !== undefined) {
    merged['headers'] = mergeHeaders(defaults.headers, options.headers);
  }
  return merged;
}

function isOptions(options: RequestOptions): boolean {
  return describeValue(options) === 'an object' && !(Symbol.iterator in options);
}

/** Checks the names of `options`, their numbers, their switches and their signal. */
export function checkOptions(options: RequestOptions): void {
  if (options === nothing) return;
  objectOption('options', options, '{ headers }');
  if (Symbol.iterator in options) {
    throw new TypeError(`options must be an object such as { headers }; ${bodyNote}`);
  }
  checkOptionNames(options, optionNames);
  const { permits, maxRetries, signal, json, form, body } = options;
  signalOption(signal);
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
  const bodies =
    Number(json !== undefined) + Number(form !== undefined) + Number(body !== undefined);
  if (bodies > 1) throw new TypeError('only one of json, form and body may be given');
  if (body !== undefined && typeof body !== 'string' && !ArrayBuffer.isView(body)) {
    const came = describeValue(body);
    throw new TypeError(`body must be a string or bytes, got ${came}; json and form take objects`);
  }
}
