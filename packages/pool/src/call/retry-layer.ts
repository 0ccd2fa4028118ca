import type { RateLimiter } from '@x/interfaces';
import type { Answer } from '../answer.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import type { Call } from './call.ts';
import type { Layer } from './layer.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { RetryPolicy } from './retry-policy.ts';

interface Retry {
  readonly reason: string;
  readonly delayMs: number;
}

/** Sends again what failed in a way that may pass, after a pause. */
export class RetryLayer implements Layer {
  readonly #context: PipelineContext;
  readonly #policy: RetryPolicy;
  readonly #rateLimiter: RateLimiter | undefined;
  readonly #next: Layer;

  constructor(context: PipelineContext, policy: RetryPolicy, next: Layer) {
    this.#context = context;
    this.#policy = policy;
    this.#rateLimiter = context.settings.rateLimiter;
    this.#next = next;
  }

  async send(call: Call): Promise<Answer> {
    for (;;) {
      call.attempts++;
      let retry: Retry | undefined;
      try {
        const answer = await this.#next.send(call);
        retry = this.#afterAnswer(call, answer);
        if (retry === undefined) return answer;
      } catch (error) {
        retry = this.#afterFailure(call, error);
        if (retry === undefined) throw error;
        call.lastFailure = error;
      }
      await this.#pause(call, retry);
    }
  }

  async #pause(call: Call, { reason, delayMs }: Retry): Promise<void> {
    const { metrics, settings } = this.#context;
    call.retries++;
    metrics.retried(reason);
    if (settings.logger !== undefined) {
      const { method, url } = call.facts;
      const after = `after ${reason} in ${Math.round(delayMs)} ms`;
      settings.logger.debug(`pool "${settings.name}": ${method} ${url} is retried ${after}`);
    }
    await call.pause(() => call.scope.sleep(delayMs));
  }

  #afterFailure(call: Call, error: unknown): Retry | undefined {
    const reason = this.#policy.reasonOf(error);
    if (reason === undefined || !this.#mayRetry(call)) return undefined;
    return this.#inTime(call, { reason, delayMs: this.#policy.backoffMs(call.retries) });
  }

  #afterAnswer(call: Call, answer: Answer): Retry | undefined {
    const { clock, retry } = this.#context.settings;
    const { status, headers } = answer;
    let retryAfterMs: number | undefined;
    if (status === 429 || status === 503) {
      retryAfterMs = parseRetryAfter(headers['retry-after'], clock.now());
      if (retryAfterMs !== undefined) {
        const pauseMs = Math.min(retryAfterMs, retry.maxRetryAfterMs);
        this.#rateLimiter?.pauseUntil(clock.now() + pauseMs);
      }
    }
    if (!this.#policy.isRetryStatus(status) || !this.#mayRetry(call)) return undefined;
    if (retryAfterMs !== undefined && retryAfterMs > retry.maxRetryAfterMs) return undefined;
    const delayMs = retryAfterMs ?? this.#policy.backoffMs(call.retries);
    return this.#inTime(call, { reason: `${status}`, delayMs });
  }

  #mayRetry(call: Call): boolean {
    const { method } = call.request;
    const { idempotent, maxRetries } = call.options;
    return (
      call.retries < maxRetries &&
      !this.#context.closing() &&
      this.#policy.mayRepeat({ method, idempotent })
    );
  }

  /** A retry that would begin after the deadline is none: the caller should see the failure. */
  #inTime(call: Call, retry: Retry): Retry | undefined {
    return retry.delayMs < call.scope.remainingMs ? retry : undefined;
  }
}
