import { describeValue } from '@x/interfaces';
import { describeInput, describeUrl } from './describe-input.ts';

/**
 * What `input` means; its query, user and password stay out of messages.
 *
 * @param verb - what was called, for messages
 * @throws TypeError when it is no URL
 */
export function parseUrl(input: string | URL, baseUrl: URL | undefined, verb: string): URL {
  const text = textOf(input, verb);
  if (baseUrl !== undefined) checkRelative(text, baseUrl);
  // The error of the constructor would tell all of the text.
  const url = URL.parse(text, baseUrl?.href);
  if (url !== null) return url;
  const isRelative = baseUrl === undefined && !/^https?:/i.test(text);
  const expected = isRelative ? 'begin with http: or https: where there is no baseUrl' : 'be a URL';
  throw new TypeError(`url must ${expected}, got ${describeUrl(text)}`);
}

/** The URL that `input` means; only http and https. */
export function resolveUrl(input: string | URL, baseUrl: URL | undefined, verb: string): URL {
  const url = parseUrl(input, baseUrl, verb);
  if (isHttp(url)) return url;
  throw new TypeError(`url must begin with http: or https:, got ${describeValue(url.protocol)}`);
}

export function isHttp({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

/** Of a URL of this realm or another. `undefined` would be asked for under the base URL. */
function textOf(input: string | URL, verb: string): string {
  if (typeof input === 'string') return input;
  if (typeof input?.href === 'string') return input.href;
  const came = describeInput(input);
  const hint =
    came === 'an object' ? `; it goes before the options: ${verb}(url, { headers })` : '';
  throw new TypeError(`url must be a string or a URL, got ${came}${hint}`);
}

const relativePath = /^(?![a-z][a-z\d+.-]*:)[^/\\?#]/i;

/** `users` under `/v1` is `/users`, which nobody means. */
function checkRelative(text: string, baseUrl: URL): void {
  if (!relativePath.test(text)) return;
  const { pathname } = baseUrl;
  if (pathname.endsWith('/')) return;
  const lost = pathname.slice(pathname.lastIndexOf('/') + 1);
  throw new TypeError(
    `baseUrl must end with / where a url begins with none, got ${describeUrl(text)}, which would replace ${describeValue(lost)}`,
  );
}
