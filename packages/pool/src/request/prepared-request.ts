import { Buffer } from 'node:buffer';
import { describeValue } from '@x/interfaces';
import type { OriginStates } from '../origins/origin-states.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { type HeaderRecord, mergeHeaders } from './request-headers.ts';
import type { RequestParameters, RequestOptions } from './request-options.ts';

/** A request as it goes out: where to, and with what. */
export interface PreparedRequest {
  readonly method: string;
  readonly origin: string;
  /** With the query, and without a fragment. */
  readonly path: string;
  readonly headers: HeaderRecord;
  readonly body: string | Uint8Array | undefined;
}

function* entriesOf(parameters: RequestParameters | URLSearchParams): Iterable<[string, string]> {
  if (parameters instanceof URLSearchParams) {
    yield* parameters;
    return;
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) yield [name, String(one)];
  }
}

/** What `input` means; its query stays out of messages. */
function parseUrl(input: string | URL, baseUrl: URL | undefined): URL {
  try {
    return new URL(input, baseUrl);
  } catch (cause) {
    const came = typeof input === 'string' ? input.replace(/[?#].*/s, '') : input;
    const isRelative = baseUrl === undefined && !/^https?:/i.test(String(came));
    const expected = isRelative
      ? 'begin with http: or https: where there is no baseUrl'
      : 'be a URL';
    throw new TypeError(`url must ${expected}, got ${describeValue(came)}`, { cause });
  }
}

/** The URL that `input` means; only http and https. */
function resolveUrl(input: string | URL, baseUrl: URL | undefined): URL {
  const url = parseUrl(input, baseUrl);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`url must begin with http: or https:, got ${describeValue(url.protocol)}`);
  }
  return url;
}

function encodeBody({ json, form, body }: RequestOptions): {
  body: string | Uint8Array | undefined;
  contentType: string | undefined;
} {
  if (json !== undefined) return { body: JSON.stringify(json), contentType: 'application/json' };
  if (form === undefined) return { body, contentType: undefined };
  const contentType = 'application/x-www-form-urlencoded;charset=UTF-8';
  return { body: new URLSearchParams([...entriesOf(form)]).toString(), contentType };
}

/** The headers that a request needs beyond those of the pool; most need none. */
function headersFor(
  url: URL,
  contentType: string | undefined,
  defaults: HeaderRecord,
  given: RequestOptions['headers'],
): HeaderRecord {
  const hasUser = url.username !== '' || url.password !== '';
  if (given === undefined && contentType === undefined && !hasUser) return defaults;
  const headers = mergeHeaders({ 'content-type': contentType }, defaults, given);
  if (hasUser) {
    const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] ??= `Basic ${Buffer.from(user).toString('base64')}`;
  }
  return headers;
}

function methodOf(method: string | undefined, options: RequestOptions): string {
  return method ?? options.method?.toUpperCase() ?? 'GET';
}

function hasNoBody({ json, form, body }: RequestOptions): boolean {
  return json === undefined && form === undefined && body === undefined;
}

const plainPath = /^\/[\w\-.~!$&()*+,;=:@%/?]*$/;
const notQuitePlain = /\/\.|%2e|\?$/i;

/**
 * Origin and path of a URL that is written as the parser would write it: it begins with an origin that is
 * known, and nothing in its path would be changed. That is true of most, and saves parsing them.
 */
function splitPlainUrl(
  input: string,
  origins: OriginStates,
): { readonly origin: string; readonly path: string } | undefined {
  const at = input.indexOf('/', 'https://'.length);
  const origin = input.slice(0, at);
  if (at < 0 || !origins.has(origin)) return undefined;
  const path = input.slice(at);
  return plainPath.test(path) && !notQuitePlain.test(path) ? { origin, path } : undefined;
}

/**
 * @param method - goes before the one in `options`
 * @throws TypeError when `input` is no URL for HTTP
 */
export function prepareRequest(
  input: string | URL,
  method: string | undefined,
  options: RequestOptions,
  { settings, origins }: PipelineContext,
): PreparedRequest {
  const { baseUrl, headers: defaultHeaders } = settings;
  const bare = options.query === undefined && options.headers === undefined;
  if (bare && typeof input === 'string' && hasNoBody(options)) {
    const split = splitPlainUrl(input, origins);
    if (split !== undefined) {
      const { origin, path } = split;
      return {
        method: methodOf(method, options),
        origin,
        path,
        headers: defaultHeaders,
        body: undefined,
      };
    }
  }
  const url = resolveUrl(input, baseUrl);
  if (options.query !== undefined) {
    for (const [name, value] of entriesOf(options.query)) url.searchParams.append(name, value);
  }
  const { body, contentType } = encodeBody(options);
  const headers = headersFor(url, contentType, defaultHeaders, options.headers);
  return {
    method: methodOf(method, options),
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    headers,
    body,
  };
}
