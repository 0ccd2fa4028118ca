import { describeValue } from '@x/interfaces';
import { describeInput } from './describe-input.ts';

/**
 * What `input` means; its query stays out of messages.
 *
 * @param verb - what was called, for messages
 * @throws TypeError when it is no URL
 */
export function parseUrl(input: string | URL, baseUrl: URL | undefined, verb: string): URL {
  const text = textOf(input, verb);
  if (baseUrl !== undefined) checkRelative(text, baseUrl);
  try {
    return new URL(text, baseUrl);
  } catch (cause) {
    const came = withoutQuery(text);
    const isRelative = baseUrl === undefined && !/^https?:/i.test(came);
    const expected = isRelative
      ? 'begin with http: or https: where there is no baseUrl'
      : 'be a URL';
    throw new TypeError(`url must ${expected}, got ${describeValue(came)}`, { cause });
  }
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
function checkRelative(text: string, { pathname }: URL): void {
  if (pathname.endsWith('/') || !relativePath.test(text)) return;
  const lost = pathname.slice(pathname.lastIndexOf('/') + 1);
  throw new TypeError(
    `baseUrl must end with / where a url begins with none, got ${describeValue(withoutQuery(text))}, which would replace ${describeValue(lost)}`,
  );
}

function withoutQuery(text: string): string {
  return text.replace(/[?#].*/s, '');
}
