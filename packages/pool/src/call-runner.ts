import { fetch, Request, type RequestInfo, type RequestInit, type Response } from 'undici';
import type { Answer } from './answer.ts';
import { Call, type CallOptions } from './call/call.ts';
import type { Layer } from './call/layer.ts';
import { acquirePermits } from './call/permits.ts';
import { RedirectLayer } from './call/redirect-layer.ts';
import { ReplayLayer } from './call/replay-layer.ts';
import { parseRetryAfter } from './call/retry-after.ts';
import { RetryLayer } from './call/retry-layer.ts';
import { RetryPolicy } from './call/retry-policy.ts';
import { PoolClosedError, StatusError } from './errors.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { PoolResponse } from './pool-response.ts';
import { type PreparedRequest, prepareRequest } from './prepared-request.ts';
import { checkOptions, type RequestOptions } from './request-options.ts';

/** Runs calls through the layers, and knows which are under way. */
export class CallRunner {
  readonly #context: PipelineContext;
  readonly #outermost: Layer;
  readonly #calls = new Set<Call>();
  #onIdle: (() => void) | undefined;

  constructor(context: PipelineContext) {
    const policy = new RetryPolicy(context.settings.retry);
    this.#context = context;
    this.#outermost = new RedirectLayer(
      context.settings.maxRedirects,
      new RetryLayer(context, policy, new ReplayLayer(context, policy)),
    );
  }

  async run(input: string | URL, options: RequestOptions): Promise<PoolResponse> {
    const { baseUrl, headers } = this.#context.settings;
    checkOptions(options);
    const call = this.#begin(prepareRequest(input, options, baseUrl, headers), options);
    let over: Promise<void> | undefined;
    try {
      this.#throwIfEnded(call);
      const answer = await this.#outermost.send(call);
      over = answer.over;
      return this.#settled(call, this.#responseTo(call, answer));
    } catch (error) {
      throw this.#failed(call, error);
    } finally {
      if (over === undefined) this.#end(call);
      else void over.then(() => this.#end(call));
    }
  }

  /** undici's `fetch` over the pool's dispatcher, within the limits until its headers are there. */
  async fetch(
    input: RequestInfo,
    init: RequestInit | undefined,
    permits: number,
  ): Promise<Response> {
    const { settings, dispatcher, metrics } = this.#context;
    const target = typeof input === 'string' ? new URL(input, settings.baseUrl) : input;
    const request = new Request(target, init);
    const { method, signal } = request;
    const url = new URL(request.url);
    const call = this.#begin({ method, url, headers: {}, body: undefined }, { permits, signal });
    try {
      this.#throwIfEnded(call);
      const permit = await acquirePermits(call, this.#context);
      call.attempts = 1;
      metrics.attempted();
      try {
        const either = AbortSignal.any([signal, call.scope.signal]);
        // Undici 7 speaks to composed dispatchers only in the words that ours understands.
        const composed = dispatcher.compose((dispatch) => dispatch);
        return this.#settled(call, await fetch(request, { dispatcher: composed, signal: either }));
      } finally {
        permit?.release();
      }
    } catch (error) {
      throw this.#failed(call, error);
    } finally {
      this.#end(call);
    }
  }

  /** Ends calls that only wait with what `errorOf` makes, or all; answers how many. */
  endCalls(errorOf: (call: Call) => Error, which: 'pausing' | 'all'): number {
    const calls = [...this.#calls].filter((call) => which === 'all' || call.pausing);
    for (const call of calls) call.scope.end(errorOf(call));
    return calls.length;
  }

  /** Settles when no call is under way. */
  async idle(): Promise<void> {
    if (this.#calls.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #begin(request: PreparedRequest, options: RequestOptions): Call {
    const { settings, metrics } = this.#context;
    const callOptions: CallOptions = {
      signal: options.signal,
      totalTimeoutMs: options.totalTimeoutMs ?? settings.totalTimeoutMs,
      permits: options.permits ?? 1,
      maxRetries: options.maxRetries ?? settings.retry.maxRetries,
      idempotent: options.idempotent,
      stream: options.stream ?? false,
      throwOnStatus: options.throwOnStatus ?? true,
    };
    const call = new Call(request, callOptions, settings.clock);
    metrics.started();
    this.#calls.add(call);
    return call;
  }

  #throwIfEnded(call: Call): void {
    const { closing, settings } = this.#context;
    call.scope.throwIfEnded();
    if (closing()) throw new PoolClosedError(call.facts, `pool "${settings.name}"`);
  }

  #responseTo(call: Call, answer: Answer): PoolResponse {
    const { facts, request, waitMs, elapsedMs } = call;
    const { connectMs, firstByteMs, status } = answer;
    const response = new PoolResponse({
      ...answer,
      url: request.url.href,
      timings: { waitMs, connectMs, firstByteMs, totalMs: elapsedMs },
      facts,
    });
    if (status >= 400 && call.options.throwOnStatus) {
      const now = this.#context.settings.clock.now();
      const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], now);
      throw new StatusError(facts, response, retryAfterMs);
    }
    return response;
  }

  #settled<R extends { readonly status: number }>(call: Call, response: R): R {
    const { status } = response;
    this.#context.metrics.ended(call.request.method, call.elapsedMs, { status });
    return response;
  }

  #failed<E>(call: Call, error: E): E {
    this.#context.metrics.ended(call.request.method, call.elapsedMs, { error });
    return error;
  }

  #end(call: Call): void {
    this.#calls.delete(call);
    call.scope[Symbol.dispose]();
    if (this.#calls.size === 0) this.#onIdle?.();
  }
}
