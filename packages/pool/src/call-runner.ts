import type { RequestInfo, RequestInit, Response } from 'undici';
import type { Answer } from './response/answer.ts';
import { Call } from './call/call.ts';
import { GuardLayer } from './call/guard-layer.ts';
import { HedgeLayer } from './call/hedge-layer.ts';
import type { Layer } from './call/layer.ts';
import { acquirePermits } from './call/permits.ts';
import { RedirectLayer } from './call/redirect-layer.ts';
import { parseRetryAfter } from './call/retry-after.ts';
import { RetryLayer } from './call/retry-layer.ts';
import { RetryPolicy } from './call/retry-policy.ts';
import type { ListPlace } from './dispatcher/linked-list.ts';
import { PoolClosedError } from './errors/pool-closed-error.ts';
import { StatusError } from './errors/status-error.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { PoolResponse } from './response/pool-response.ts';
import { type PreparedRequest, prepareRequest } from './request/prepared-request.ts';
import { type RequestOptions, requestOptionsOf } from './request/request-options.ts';
import { parseUrl } from './request/request-url.ts';
import { isUndiciLoaded, loadUndici, undici, type UndiciLibrary } from './undici-library.ts';

/** Runs calls through the layers. */
export class CallRunner {
  readonly #context: PipelineContext;
  readonly #retries: RetryLayer;
  readonly #outermost: Layer;

  constructor(context: PipelineContext) {
    const { retry, hedge, maxRedirects, secretHeaders } = context.settings;
    const guard = new GuardLayer(context);
    const hedged = hedge === undefined ? guard : new HedgeLayer(context, hedge, guard);
    this.#context = context;
    this.#retries = new RetryLayer(context, new RetryPolicy(retry), hedged);
    this.#outermost = new RedirectLayer(maxRedirects, secretHeaders, this.#retries);
  }

  /**
   * @param defaults - what the request starts from; checked already
   * @param verb - the method that was called, which goes before the one in `defaults`
   */
  async run(
    input: string | URL,
    given: RequestOptions | undefined,
    defaults: RequestOptions | undefined,
    verb: string | undefined,
  ): Promise<PoolResponse> {
    const { calls, metrics } = this.#context;
    const options = requestOptionsOf(given, defaults, verb);
    const request = prepareRequest(input, verb, options, this.#context);
    const call = this.#begin(request, options);
    const place = calls.add(call);
    let over: Promise<void> | undefined;
    try {
      if (!isUndiciLoaded()) await loadUndici();
      this.#throwIfEnded(call);
      const first = this.#retries.begin(call);
      let answer: Answer | undefined;
      try {
        answer = await first;
      } catch {
        // The layers see it below.
      }
      // Most calls end with their first attempt; layers that have nothing to do cost time all the same.
      if (answer === undefined || answer.status >= 300) {
        answer = await this.#outermost.send(call, first);
      }
      over = answer.over;
      const response = this.#responseTo(call, answer);
      metrics.ended(call, response.timings.totalMs, answer.status, response);
      return response;
    } catch (error) {
      metrics.failed(call, call.elapsedMs, error);
      throw error;
    } finally {
      if (over === undefined) this.#end(call, place);
      else void over.then(() => this.#end(call, place));
    }
  }

  /** undici's `fetch` over the pool's dispatcher, within the limits until its headers are there. */
  async fetch(
    input: RequestInfo,
    init: RequestInit | undefined,
    defaults: RequestOptions = {},
  ): Promise<Response> {
    const { settings, dispatcher, metrics, calls, origins } = this.#context;
    const { fetch, Request } = isUndiciLoaded() ? undici() : await loadUndici();
    const isObject = typeof input === 'object' && input !== null;
    const target = isObject ? input : parseUrl(input, settings.baseUrl, 'fetch');
    const request = new Request(ownRequest(target, Request), init);
    const { method } = request;
    const { permits, totalTimeoutMs } = defaults;
    const signal =
      defaults.signal === undefined
        ? request.signal
        : AbortSignal.any([request.signal, defaults.signal]);
    const { origin, pathname: path } = new URL(request.url);
    const prepared = { method, origin, path, headers: {}, body: undefined };
    const call = this.#begin(prepared, { permits, totalTimeoutMs, signal });
    const place = calls.add(call);
    try {
      this.#throwIfEnded(call);
      const permit = await acquirePermits(call, origins.get(origin), this.#context);
      call.attempts = 1;
      metrics.attempted();
      try {
        const either = AbortSignal.any([signal, call.scope.signal]);
        const response = await fetch(request, { dispatcher, signal: either });
        metrics.ended(call, call.elapsedMs, response.status, undefined);
        return response;
      } finally {
        permit?.release();
      }
    } catch (error) {
      metrics.failed(call, call.elapsedMs, error);
      throw error;
    } finally {
      this.#end(call, place);
    }
  }

  #end(call: Call, place: ListPlace<Call>): void {
    this.#context.calls.remove(place);
    call.scope[Symbol.dispose]();
  }

  #begin(request: PreparedRequest, options: RequestOptions): Call {
    const { settings, metrics, timeouts } = this.#context;
    const callOptions = {
      signal: options.signal,
      totalTimeoutMs: options.totalTimeoutMs ?? settings.totalTimeoutMs,
      attemptTimeoutMs: options.attemptTimeoutMs ?? settings.attemptTimeoutMs,
      headersTimeoutMs: options.headersTimeoutMs ?? settings.headersTimeoutMs,
      bodyTimeoutMs: options.bodyTimeoutMs ?? settings.bodyTimeoutMs,
      permits: options.permits ?? 1,
      maxRetries: options.maxRetries ?? settings.retry.maxRetries,
      idempotent: options.idempotent,
      stream: options.stream ?? false,
      throwOnStatus: options.throwOnStatus ?? settings.throwOnStatus,
    };
    metrics.started();
    return new Call(request, callOptions, settings.clock, timeouts);
  }

  #throwIfEnded(call: Call): void {
    const { closing, settings } = this.#context;
    call.scope.throwIfEnded();
    if (closing()) throw new PoolClosedError(call.facts, `pool "${settings.name}"`);
  }

  #responseTo(call: Call, answer: Answer): PoolResponse {
    const { limitMs, queueMs } = call;
    const { connectMs, tlsMs, firstByteMs, bodyMs } = answer;
    const response = PoolResponse.of({
      answer,
      url: `${call.request.origin}${call.request.path}`,
      attempts: call.attempts,
      timings: {
        waitMs: limitMs + queueMs,
        limitMs,
        queueMs,
        connectMs,
        tlsMs,
        firstByteMs,
        bodyMs,
        totalMs: call.elapsedMs,
      },
      source: call,
    });
    if (answer.status >= 400 && call.options.throwOnStatus) {
      const now = this.#context.settings.clock.now();
      const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], now);
      throw new StatusError(call.facts, response, retryAfterMs);
    }
    return response;
  }
}

/** The `Request` of Node itself is of another undici, which would be taken for a URL. */
function ownRequest(input: RequestInfo, Request: UndiciLibrary['Request']): RequestInfo {
  if (typeof input !== 'object' || input instanceof Request || !('url' in input)) return input;
  const { url } = input as { readonly url: string };
  return new Request(url, input as unknown as RequestInit);
}
