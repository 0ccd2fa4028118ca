import type { CallOutcome, CircuitBreaker } from '@x/interfaces';
import { ToolkitError } from '@x/interfaces';
import type { Answer } from '../answer.ts';
import { PoolCircuitOpenError } from '../errors.ts';
import type { OriginState } from '../origin-states.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { Attempt } from './attempt.ts';
import type { Call } from './call.ts';
import type { Layer } from './layer.ts';
import { acquirePermits } from './permits.ts';

/** Sends one attempt, once circuit breaker and limits allow it. */
export class GuardLayer implements Layer {
  readonly #context: PipelineContext;

  constructor(context: PipelineContext) {
    this.#context = context;
  }

  send(call: Call): Promise<Answer> {
    const origin = this.#context.origins.get(call.request.origin);
    if (origin.isGuarded || this.#context.closing()) return this.#sendGuarded(call, origin);
    const attempt = new Attempt(this.#context, call, undefined);
    attempt.start();
    return attempt.answer;
  }

  async #sendGuarded(call: Call, origin: OriginState): Promise<Answer> {
    const { breaker } = origin;
    if (breaker === undefined) return this.#sendLimited(call, origin);
    if (!breaker.tryPass()) throw new PoolCircuitOpenError(call.facts, breaker.retryAfterMs());
    return this.#watched(breaker, () => this.#sendLimited(call, origin));
  }

  async #sendLimited(call: Call, origin: OriginState): Promise<Answer> {
    const permit = await acquirePermits(call, origin, this.#context);
    const attempt = new Attempt(this.#context, call, permit);
    attempt.start();
    return attempt.answer;
  }

  /** Tells `breaker` how `send` ends. */
  async #watched(breaker: CircuitBreaker, send: () => Promise<Answer>): Promise<Answer> {
    const { clock } = this.#context.settings;
    const startedAt = clock.monotonic();
    let outcome: CallOutcome = 'ignored';
    try {
      const answer = await send();
      outcome = answer.status >= 500 ? 'failure' : 'success';
      return answer;
    } catch (error) {
      if (speaksOfServer(error)) outcome = 'failure';
      throw error;
    } finally {
      breaker.record(outcome, clock.monotonic() - startedAt);
    }
  }
}

const serverCodes: ReadonlySet<string> = new Set([
  'ERR_POOL_ATTEMPT_TIMEOUT',
  'ERR_POOL_BODY_TIMEOUT',
  'ERR_POOL_CONNECT_TIMEOUT',
  'ERR_POOL_HEADERS_TIMEOUT',
  'ERR_POOL_REQUEST',
]);

/** Whether a failure says something about the server; an abort, a limit or a full pool does not. */
function speaksOfServer(error: unknown): boolean {
  return ToolkitError.isToolkitError(error) && serverCodes.has(error.code);
}
