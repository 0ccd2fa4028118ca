import { Buffer } from 'node:buffer';
import { unescape } from 'node:querystring';
import { describeError, describeValue } from '@x/interfaces';
import type { OriginStates } from '../origins/origin-states.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { addHeaders, type HeaderRecord } from './request-headers.ts';
import { describeInput } from './describe-input.ts';
import type { RequestOptions } from './request-options.ts';
import { parametersOf } from './request-parameters.ts';
import { resolveUrl } from './request-url.ts';

/** A request as it goes out: where to, and with what. */
export interface PreparedRequest {
  readonly method: string;
  readonly origin: string;
  /** With the query, and without a fragment. */
  readonly path: string;
  readonly headers: HeaderRecord;
  readonly body: string | Uint8Array | undefined;
}

function encodeBody({ json, form, body }: RequestOptions): {
  body: string | Uint8Array | undefined;
  contentType: string | undefined;
} {
  if (json !== undefined) return { body: encodeJson(json), contentType: 'application/json' };
  if (form === undefined) return { body, contentType: undefined };
  const contentType = 'application/x-www-form-urlencoded;charset=UTF-8';
  return {
    body: new URLSearchParams([...parametersOf('form', form)] as [string, string][]).toString(),
    contentType,
  };
}

function encodeJson(json: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(json);
  } catch (cause) {
    const reason = describeError(cause);
    throw new TypeError(`json must be something that JSON can say: ${reason}`, { cause });
  }
  if (text !== undefined && !(text === '{}' && losesAll(json))) return text;
  throw new TypeError(`json must be something that JSON can say, got ${describeInput(json)}`);
}

/** Of a `Map`, a `FormData` or a promise JSON says nothing. */
function losesAll(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('toJSON' in value) return false;
  return Symbol.iterator in value || describeValue(value) === 'a promise';
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
  const headers: HeaderRecord = { 'content-type': contentType, ...defaults };
  if (given !== undefined) addHeaders(headers, given);
  if (hasUser) {
    const user = `${unescape(url.username)}:${unescape(url.password)}`;
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
  const url = resolveUrl(input, baseUrl, method?.toLowerCase() ?? 'request');
  if (options.query !== undefined) {
    for (const [name, value] of parametersOf('query', options.query)) {
      url.searchParams.append(name, value);
    }
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
