import type { Answer } from '../response/answer.ts';
import { explainRetriesEnd } from '../errors/pool-error.ts';
import type { OriginState } from '../origins/origin-states.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { describeRetriesEnd, type RetriesEnd } from '../errors/retries-end.ts';
import type { Call } from './call.ts';
import type { Layer } from './layer.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { RetryPolicy } from './retry-policy.ts';

interface Retry {
  readonly reason: string;
  readonly delayMs: number;
}

/**
 * Sends again what failed in a way that may pass: after a pause and within the budget of the origin, or
 * at once and for free when a request died on a connection that the server had closed.
 */
export class RetryLayer implements Layer {
  readonly #context: PipelineContext;
  readonly #policy: RetryPolicy;
  readonly #next: Layer;

  constructor(context: PipelineContext, policy: RetryPolicy, next: Layer) {
    this.#context = context;
    this.#policy = policy;
    this.#next = next;
  }

  /** Makes the first attempt at a request. */
  begin(call: Call): Promise<Answer> {
    this.#context.origins.get(call.request.origin).budget?.deposit();
    call.attempts++;
    return this.#next.send(call);
  }

  async send(call: Call, first: Promise<Answer> = this.begin(call)): Promise<Answer> {
    const origin = this.#context.origins.get(call.request.origin);
    let attempt = first;
    for (let replayed = false; ; attempt = this.#next.send(call)) {
      let retry: Retry | undefined;
      try {
        const answer = await attempt;
        if (answer.status < 400) return answer;
        retry = this.#afterAnswer(call, answer, origin);
        if (retry === undefined) return answer;
      } catch (error) {
        if (!replayed && this.#mayReplay(call, error)) {
          replayed = call.needsNewConnection = true;
          this.#context.metrics.replayed(call.request.origin);
          continue;
        }
        retry = this.#afterFailure(call, error, origin);
        if (retry === undefined) {
          throw call.retriesEndedBy === undefined ? error : explainRetriesEnd(error, call.facts);
        }
        call.lastFailure = error;
      }
      replayed = call.needsNewConnection = false;
      await this.#pause(call, retry);
      call.attempts++;
    }
  }

  async #pause(call: Call, { reason, delayMs }: Retry): Promise<void> {
    const { metrics, settings } = this.#context;
    call.retries++;
    metrics.retried(call.request.origin, reason);
    if (settings.logger !== undefined) {
      const { method, url } = call.facts;
      const after = `after ${reason} in ${Math.round(delayMs)} ms`;
      settings.logger.debug(`pool "${settings.name}": ${method} ${url} is retried ${after}`);
    }
    await call.pause(() => call.scope.sleep(delayMs));
  }

  /** The server had most likely closed the connection before the request came. */
  #mayReplay(call: Call, error: unknown): boolean {
    if (!call.diedStale || this.#context.closing()) return false;
    const { method } = call.request;
    const { idempotent } = call.options;
    return this.#policy.mayReplay({ method, idempotent }, error);
  }

  #afterFailure(call: Call, error: unknown, origin: OriginState): Retry | undefined {
    if (!this.#hasRetries(call)) return undefined;
    const reason = this.#policy.reasonOf(error, call.retries);
    if (reason === undefined || !this.#mayRepeat(call)) return undefined;
    const delayMs = this.#policy.pauseMs(call.retries);
    return this.#affordable(call, origin, { reason, delayMs });
  }

  #afterAnswer(call: Call, answer: Answer, origin: OriginState): Retry | undefined {
    const { clock, retry } = this.#context.settings;
    const { status, headers } = answer;
    let retryAfterMs: number | undefined;
    if (status === 429 || status === 503) {
      retryAfterMs = parseRetryAfter(headers['retry-after'], clock.now());
      if (retryAfterMs !== undefined) {
        origin.pauseUntil(clock.now() + Math.min(retryAfterMs, retry.maxRetryAfterMs));
      }
    }
    if (!this.#hasRetries(call) || !this.#policy.isRetryStatus(status)) return undefined;
    if (!this.#mayRepeat(call)) return undefined;
    if (retryAfterMs !== undefined && retryAfterMs > retry.maxRetryAfterMs) {
      return this.#giveUp(call, 'retry-after');
    }
    const delayMs = this.#policy.pauseMs(call.retries, retryAfterMs);
    return this.#affordable(call, origin, { reason: `${status}`, delayMs });
  }

  #hasRetries(call: Call): boolean {
    return call.retries < call.options.maxRetries && !call.scope.ended && !this.#context.closing();
  }

  #mayRepeat(call: Call): boolean {
    const { method } = call.request;
    const { idempotent } = call.options;
    if (this.#policy.mayRepeat({ method, idempotent })) return true;
    this.#giveUp(call, 'not-idempotent');
    return false;
  }

  /**
   * A retry that would begin after the deadline is none, nor is one that the origin's budget does not
   * cover: the caller should see the failure.
   */
  #affordable(call: Call, origin: OriginState, retry: Retry): Retry | undefined {
    if (retry.delayMs >= call.scope.remainingMs) return this.#giveUp(call, 'total-timeout');
    if (origin.budget === undefined || origin.budget.tryWithdraw()) return retry;
    this.#context.metrics.retryRefused(call.request.origin);
    return this.#giveUp(call, 'budget');
  }

  /** Keeps for the error, and tells the log, why there is no retry that `maxRetries` allows. */
  #giveUp(call: Call, end: RetriesEnd): undefined {
    call.retriesEndedBy = end;
    const { logger, name } = this.#context.settings;
    if (logger === undefined) return;
    const { method, url } = call.facts;
    const why = describeRetriesEnd(end, call.request.origin);
    logger.debug(`pool "${name}": ${method} ${url} is ${why}`);
  }
}
