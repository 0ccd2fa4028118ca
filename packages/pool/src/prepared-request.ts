import { Buffer } from 'node:buffer';
import { describeValue } from '@x/interfaces';
import { type HeaderRecord, mergeHeaders } from './request-headers.ts';
import type { RequestParameters, RequestOptions } from './request-options.ts';

/** A request as it goes out: where to, and with what. */
export interface PreparedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderRecord;
  readonly body: string | Uint8Array | undefined;
}

const acceptedEncodings = 'gzip, deflate, br, zstd';

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

/** The URL that `input` means; only http and https. */
function resolveUrl(input: string | URL, baseUrl: URL | undefined): URL {
  const url = new URL(input, baseUrl);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`url must begin with http: or https:, got ${describeValue(url.protocol)}`);
  }
  return url;
}

function encodeBody({ json, form, body }: RequestOptions): {
  body: string | Uint8Array | undefined;
  contentType?: string;
} {
  if (json !== undefined) return { body: JSON.stringify(json), contentType: 'application/json' };
  if (form === undefined) return { body };
  const contentType = 'application/x-www-form-urlencoded;charset=UTF-8';
  return { body: new URLSearchParams([...entriesOf(form)]).toString(), contentType };
}

/**
 * @param defaultHeaders - of the pool, by lower-case name
 * @throws TypeError when `input` is no URL for HTTP
 */
export function prepareRequest(
  input: string | URL,
  options: RequestOptions,
  baseUrl: URL | undefined,
  defaultHeaders: HeaderRecord,
): PreparedRequest {
  const url = resolveUrl(input, baseUrl);
  for (const [name, value] of entriesOf(options.query ?? {})) url.searchParams.append(name, value);
  const { body, contentType } = encodeBody(options);
  const headers = mergeHeaders(
    { 'accept-encoding': acceptedEncodings, 'content-type': contentType },
    defaultHeaders,
    options.headers,
  );
  if (url.username !== '' || url.password !== '') {
    const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] ??= `Basic ${Buffer.from(user).toString('base64')}`;
    url.username = url.password = '';
  }
  url.hash = '';
  return { method: (options.method ?? 'GET').toUpperCase(), url, headers, body };
}
