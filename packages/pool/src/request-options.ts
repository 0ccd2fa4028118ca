import { numberOption } from '@x/interfaces';
import { type HeadersInput, mergeHeaders } from './request-headers.ts';

/** Values of a query or a form; `undefined` and `null` are left out, an array repeats the name. */
export type RequestParameters = Readonly<
  Record<string, Parameter | readonly Parameter[] | null | undefined>
>;
type Parameter = string | number | bigint | boolean;

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
  /** Attempts after the first. @defaultValue the pool's */
  readonly maxRetries?: number | undefined;
  /** Whether a status of 400 or above rejects with a `StatusError`. @defaultValue `true` */
  readonly throwOnStatus?: boolean | undefined;
  /** Whether doing it twice is like doing it once, so that it may be retried. @defaultValue by the method */
  readonly idempotent?: boolean | undefined;
  /** Whether to answer once the headers are there, with the body as a stream. @defaultValue `false` */
  readonly stream?: boolean | undefined;
}

/** `options` on top of `defaults`; headers are merged one by one. */
export function mergeOptions(defaults: RequestOptions, options: RequestOptions): RequestOptions {
  const merged: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) merged[name] = value;
  }
  if (defaults.headers !== undefined && options.headers !== undefined) {
    merged['headers'] = mergeHeaders(defaults.headers, options.headers);
  }
  return merged;
}

/** Checks the numbers of `options`. */
export function checkOptions(options: RequestOptions): void {
  numberOption('permits', options.permits, 1, { min: 0, integer: true });
  numberOption('totalTimeoutMs', options.totalTimeoutMs, Infinity, { above: 0 });
  numberOption('maxRetries', options.maxRetries, 0, { min: 0, integer: true });
  const bodies = [options.json, options.form, options.body].filter((body) => body !== undefined);
  if (bodies.length > 1) throw new TypeError('only one of json, form and body may be given');
}
