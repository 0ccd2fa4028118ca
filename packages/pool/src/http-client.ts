import type { RequestInfo, RequestInit, Response } from 'undici';
import { PendingResponse } from './response/pending-response.ts';
import type { PoolResponse } from './response/pool-response.ts';
import { mergeHeaders } from './request/request-headers.ts';
import { requestOptionNames } from './request/request-option-names.ts';
import { type RequestOptions, requestOptionsOf } from './request/request-options.ts';

/** Where a client sends what it is asked. */
export interface Transport {
  /**
   * @param defaults - what the request starts from; checked already
   * @param verb - the method that was called, in capitals; `undefined` for one that takes any
   */
  run(
    input: string | URL,
    options: RequestOptions | undefined,
    defaults: RequestOptions | undefined,
    verb: string | undefined,
  ): Promise<PoolResponse>;
  /** @param defaults - of which it keeps to permits, signal and total timeout */
  fetch(
    input: RequestInfo,
    init: RequestInit | undefined,
    defaults: RequestOptions | undefined,
  ): Promise<Response>;
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
    // JavaScript does not know that the class is abstract.
    if (typeof transport?.run !== 'function') {
      throw new TypeError('HttpClient has no public constructor: use new HttpPool(options)');
    }
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
    return this.#send('POST', url, options, arguments[2]);
  }

  put(url: string | URL, options?: RequestOptions): PendingResponse {
    return this.#send('PUT', url, options, arguments[2]);
  }

  patch(url: string | URL, options?: RequestOptions): PendingResponse {
    return this.#send('PATCH', url, options, arguments[2]);
  }

  delete(url: string | URL, options?: RequestOptions): PendingResponse {
    return this.#send('DELETE', url, options);
  }

  /**
   * `fetch` as the web knows it, over the pool's connections and within its limits, for code that
   * expects it. It keeps to the limits, and to the `permits`, `signal` and `totalTimeoutMs` of `extend`; it
   * neither retries nor sends the headers of the pool, and costs more than {@link HttpClient.request}.
   */
  fetch(input: RequestInfo, init?: RequestInit): Promise<Response> {
    return this.#transport.fetch(input, init, this.#defaults);
  }

  /**
   * A client over the same pool whose requests start from `defaults`. Headers and query are merged name by
   * name, where `undefined` takes one away, and either `signal` ends a request; all else is replaced.
   */
  extend(defaults: RequestOptions): HttpClient {
    const options = requestOptionsOf(defaults, this.#defaults);
    // Pairs that can be read only once would be there for the first request alone.
    const headers = options.headers === undefined ? undefined : mergeHeaders(options.headers);
    return new ExtendedClient(this.#transport, { ...options, headers });
  }

  /** @param surplus - what came after the options, where other libraries have more arguments */
  #send(
    verb: string | undefined,
    url: string | URL,
    options: RequestOptions | undefined,
    surplus?: unknown,
  ): PendingResponse {
    const response =
      surplus === undefined
        ? this.#transport.run(url, options, this.#defaults, verb)
        : Promise.reject<PoolResponse>(surplusArgument(verb));
    return new PendingResponse(response);
  }
}

function surplusArgument(verb: string | undefined): TypeError {
  const { note } = requestOptionNames(verb);
  return new TypeError(
    `${verb?.toLowerCase()} takes a URL and options, got a third argument; ${note}`,
  );
}

/** A client over the connections of a pool that somebody else owns. */
export class ExtendedClient extends HttpClient {}
