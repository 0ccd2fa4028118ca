import { type CallOutcome, type CircuitBreaker, type Permit, ToolkitError } from '@x/interfaces';
import type { Answer } from '../response/answer.ts';
import { PoolCircuitOpenError } from '../errors/pool-circuit-open-error.ts';
import type { OriginState } from '../origins/origin-states.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { Attempt } from './attempt.ts';
import type { Call } from './call.ts';
import type { Layer } from './layer.ts';
import { acquirePermits } from './permits.ts';

/** Sends one attempt, once limits and circuit breaker allow it. */
export class GuardLayer implements Layer {
  readonly #context: PipelineContext;

  constructor(context: PipelineContext) {
    this.#context = context;
  }

  send(call: Call): Promise<Answer> {
    const origin = this.#context.origins.get(call.request.origin);
    if (origin.isGuarded || this.#context.closing()) return this.#sendGuarded(call, origin);
    return this.#attempt(call, undefined);
  }

  async #sendGuarded(call: Call, origin: OriginState): Promise<Answer> {
    const { breaker } = origin;
    if (breaker !== undefined) refuseEarly(breaker, call);
    const permit = await acquirePermits(call, origin, this.#context);
    if (breaker === undefined) return this.#attempt(call, permit);
    try {
      pass(breaker, call);
    } catch (error) {
      permit?.release();
      throw error;
    }
    return this.#watched(breaker, call, permit);
  }

  #attempt(call: Call, permit: Permit | undefined): Promise<Answer> {
    const attempt = new Attempt(this.#context, call, permit);
    attempt.start();
    return attempt.answer;
  }

  /** Tells `breaker` how the attempt ends, and how long it took once it had left the queue. */
  async #watched(breaker: CircuitBreaker, call: Call, permit: Permit | undefined): Promise<Answer> {
    const { reportsConnections, settings } = this.#context;
    const { clock } = settings;
    const passedAt = clock.monotonic();
    let outcome: CallOutcome = 'ignored';
    call.assignedAt = undefined;
    try {
      const answer = await this.#attempt(call, permit);
      outcome = answer.status >= 500 ? 'failure' : 'success';
      return answer;
    } catch (error) {
      const onlyQueued = reportsConnections && call.assignedAt === undefined;
      if (!onlyQueued && speaksOfServer(error)) outcome = 'failure';
      throw error;
    } finally {
      const now = clock.monotonic();
      breaker.record(outcome, now - (call.assignedAt ?? passedAt), now - passedAt);
    }
  }
}

/** @throws PoolCircuitOpenError unless `breaker` lets the call through */
function pass(breaker: CircuitBreaker, call: Call): void {
  if (breaker.tryPass()) return;
  throw new PoolCircuitOpenError(call.facts, Math.ceil(breaker.retryAfterMs()));
}

/** Who would wait for permits only to be refused is refused before. */
function refuseEarly(breaker: CircuitBreaker, call: Call): void {
  if (breaker.state !== 'open') return;
  pass(breaker, call);
  // The break ended just now: whoever has permits first may try.
  breaker.record('ignored', 0);
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
