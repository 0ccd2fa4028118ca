import type { RequestInfo, RequestInit, Response } from 'undici';
import { PendingResponse } from './response/pending-response.ts';
import type { PoolResponse } from './response/pool-response.ts';
import { checkOptions, mergeOptions, type RequestOptions } from './request/request-options.ts';

/** Where a client sends what it is asked. */
export interface Transport {
  /** @param method - goes before the one in `options` */
  run(
    input: string | URL,
    options: RequestOptions,
    method: string | undefined,
  ): Promise<PoolResponse>;
  fetch(input: RequestInfo, init: RequestInit | undefined, permits: number): Promise<Response>;
}

/**
 * The methods of a pool, with options that every request starts from. It is the pool itself, or what its
 * `extend` and `compose` answer.
 */
export abstract class HttpClient {
  readonly #transport: Transport;
  readonly #defaults: RequestOptions | undefined;

  /** @internal */
  constructor(transport: Transport, defaults?: RequestOptions) {
    if (defaults !== undefined) checkOptions(defaults);
    this.#transport = transport;
    this.#defaults = defaults;
  }

  /**
   * Sends a request and collects the answer, or streams it with `{ stream: true }`.
   *
   * @param url - absolute, or relative to the pool's `baseUrl`; user and password in it become an
   * Authorization header
   * @throws StatusError when the status is 400 or above, unless `throwOnStatus` is `false`
   * @throws another `PoolError` when no answer came
   * @throws `signal.reason` when aborted
   */
  request(url: string | URL, options?: RequestOptions): PendingResponse {
    return this.#send(undefined, url, options);
  }

  get(url: string | URL, options?: RequestOptions): PendingResponse {
    return this.#send('GET', url, options);
  }

  head(url: string | URL, options?: RequestOptions): PendingResponse {
    return this.#send('HEAD', url, options);
  }

  post(url: string | URL, options?: RequestOptions): PendingResponse {
    return this.#send('POST', url, options);
  }

  put(url: string | URL, options?: RequestOptions): PendingResponse {
    return this.#send('PUT', url, options);
  }

  patch(url: string | URL, options?: RequestOptions): PendingResponse {
    return this.#send('PATCH', url, options);
  }

  delete(url: string | URL, options?: RequestOptions): PendingResponse {
    return this.#send('DELETE', url, options);
  }

  /**
   * `fetch` as the web knows it, over the pool's connections and within its limits, for code that
   * expects it. It neither retries nor knows the pool's other options, and costs more than
   * {@link HttpClient.request}.
   */
  fetch(input: RequestInfo, init?: RequestInit): Promise<Response> {
    return this.#transport.fetch(input, init, this.#defaults?.permits ?? 1);
  }

  /** A client over the same pool whose requests start from `defaults`. */
  extend(defaults: RequestOptions): HttpClient {
    return new ExtendedClient(this.#transport, mergeOptions(this.#defaults, defaults));
  }

  #send(
    method: string | undefined,
    url: string | URL,
    options: RequestOptions | undefined,
  ): PendingResponse {
    const merged = mergeOptions(this.#defaults, options);
    return new PendingResponse(this.#transport.run(url, merged, method));
  }
}

/** A client over the connections of a pool that somebody else owns. */
export class ExtendedClient extends HttpClient {}
