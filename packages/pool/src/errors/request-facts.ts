import type { RetriesEnd } from './retries-end.ts';

/** Which request an error is about. */
export interface RequestFacts {
  readonly method: string;
  /** Without user, password, fragment and the values of the query. */
  readonly url: string;
  /**
   * Attempts that were begun: the first one, retries and followed redirects; 0 when the pool was closed
   * before. The last one counts also where it got no permit or no connection. Free replays and the
   * second requests of hedging do not count.
   */
  readonly attempts: number;
  /** Why there were fewer retries than `maxRetries`; `undefined` when there is no such reason. */
  readonly retriesEndedBy?: RetriesEnd | undefined;
}
