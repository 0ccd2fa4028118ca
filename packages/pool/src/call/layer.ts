import type { Answer } from '../answer.ts';
import type { Call } from './call.ts';

/**
 * One step of what happens to a call. Outermost first: redirects, retries, limits with the free replay
 * between them and the network. A cache would go in front.
 */
export interface Layer {
  /** Brings the answer to `call.request`, or fails as the call should. */
  send(call: Call): Promise<Answer>;
}
