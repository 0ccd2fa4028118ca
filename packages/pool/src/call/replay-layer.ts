import type { Answer } from '../answer.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { Attempt } from './attempt.ts';
import type { Call } from './call.ts';
import type { Layer } from './layer.ts';
import { acquirePermits } from './permits.ts';
import type { RetryPolicy } from './retry-policy.ts';

/**
 * Sends one attempt within the limits. When it dies on a reused connection before the first byte of an
 * answer, the server had most likely closed that connection: a request that may be repeated then goes
 * out once more over a new one.
 */
export class ReplayLayer implements Layer {
  readonly #context: PipelineContext;
  readonly #policy: RetryPolicy;

  constructor(context: PipelineContext, policy: RetryPolicy) {
    this.#context = context;
    this.#policy = policy;
  }

  async send(call: Call): Promise<Answer> {
    const first = await this.#attempt(call, false);
    try {
      return await first.answer;
    } catch (error) {
      const { method } = call.request;
      const { idempotent } = call.options;
      const replay =
        first.reused && !first.answered && this.#policy.mayReplay({ method, idempotent }, error);
      if (!replay) throw error;
      this.#context.metrics.replayed();
      const second = await this.#attempt(call, true);
      return second.answer;
    }
  }

  async #attempt(call: Call, needsNewConnection: boolean): Promise<Attempt> {
    const permit = await acquirePermits(call, this.#context);
    const attempt = new Attempt(this.#context, call, needsNewConnection, () => permit?.release());
    attempt.start();
    return attempt;
  }
}
