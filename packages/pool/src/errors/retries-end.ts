/**
 * Why a failure that may pass was not tried again although `maxRetries` allowed it: the retry budget of
 * the origin was spent, Retry-After asked for more than `maxRetryAfterMs`, `totalTimeoutMs` would have
 * been over first, or the request may not be sent twice.
 */
export type RetriesEnd = 'budget' | 'retry-after' | 'total-timeout' | 'not-idempotent';

/** The same in words, for errors and the log. */
export function describeRetriesEnd(end: RetriesEnd, origin: string): string {
  switch (end) {
    case 'budget':
      return `not tried again: the retry budget of ${origin} is spent`;
    case 'retry-after':
      return 'not tried again: Retry-After asks for more than maxRetryAfterMs';
    case 'total-timeout':
      return 'not tried again: totalTimeoutMs would be over first';
    case 'not-idempotent':
      return 'not tried again: the request may not be sent twice unless it is idempotent';
  }
}
