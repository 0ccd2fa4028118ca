import type { Answer } from '../response/answer.ts';
import { RedirectError } from '../errors/redirect-error.ts';
import type { PreparedRequest } from '../request/prepared-request.ts';
import type { Call } from './call.ts';
import type { Layer } from './layer.ts';

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Headers that are meant for one origin only. */
const knownSecretHeaders = [
  'authorization',
  'cookie',
  'host',
  'proxy-authorization',
  'x-api-key',
  'x-auth-token',
] as const;

/** Headers that describe a body, so that they go where the body goes. */
const bodyHeaders = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-type',
];

/** Follows redirects, each as a request of its own, and keeps secrets to the origin they are for. */
export class RedirectLayer implements Layer {
  readonly #maxRedirects: number;
  readonly #secretHeaders: readonly string[];
  readonly #next: Layer;

  /** @param secretHeaders - more headers that are meant for one origin only, in lower case */
  constructor(maxRedirects: number, secretHeaders: readonly string[], next: Layer) {
    this.#maxRedirects = maxRedirects;
    this.#secretHeaders = [...knownSecretHeaders, ...secretHeaders];
    this.#next = next;
  }

  async send(call: Call, first?: Promise<Answer>): Promise<Answer> {
    for (let followed = 0; ; followed++) {
      const answer = await this.#next.send(call, followed === 0 ? first : undefined);
      const { location } = answer.headers;
      const follow = redirectStatuses.has(answer.status) && typeof location === 'string';
      if (!follow || this.#maxRedirects === 0) return answer;
      if (followed === this.#maxRedirects) {
        throw new RedirectError(call.facts, `more than ${this.#maxRedirects} redirects`);
      }
      call.request = redirected(call, answer.status, location, this.#secretHeaders);
    }
  }
}

/** The request that a redirect asks for (RFC 9110, section 15.4). */
function redirected(
  call: Call,
  status: number,
  location: string,
  secretHeaders: readonly string[],
): PreparedRequest {
  const { request } = call;
  const url = resolveLocation(call, location);
  const headers = { ...request.headers };
  let { method, body } = request;
  const becomesGet =
    (status === 303 && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST');
  if (becomesGet && method !== 'GET') {
    method = 'GET';
    body = undefined;
    for (const name of bodyHeaders) delete headers[name];
  }
  // The origin holds scheme, host and port.
  if (url.origin !== request.origin) for (const name of secretHeaders) delete headers[name];
  return { method, origin: url.origin, path: `${url.pathname}${url.search}`, headers, body };
}

function resolveLocation(call: Call, location: string): URL {
  const { origin, path } = call.request;
  const from = `${origin}${path}`;
  const url = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new RedirectError(call.facts, 'redirected to something that is no URL for HTTP');
  }
  if (from.startsWith('https:') && url.protocol === 'http:') {
    throw new RedirectError(call.facts, 'redirected from https to http');
  }
  return url;
}
