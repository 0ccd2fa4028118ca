import type { Answer } from '../response/answer.ts';
import type { Call } from './call.ts';

/**
 * One step of what happens to a call. Outermost first: redirects, retries with the free replay, hedging,
 * limits and circuit breaker. A cache would go in front.
 */
export interface Layer {
  /**
   * Brings the answer to `call.request`, or fails as the call should.
   *
   * @param first - the first attempt, when it was made already
   */
  send(call: Call, first?: Promise<Answer>): Promise<Answer>;
}
