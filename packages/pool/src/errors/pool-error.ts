import { ToolkitError } from '@x/interfaces';
import type { RequestFacts } from './request-facts.ts';
import { describeRetriesEnd, type RetriesEnd } from './retries-end.ts';

/** Base of the errors of a pool. Branch on `code`. */
export abstract class PoolError<Code extends string = string>
  extends ToolkitError<Code>
  implements RequestFacts
{
  readonly method: string;
  readonly url: string;
  readonly attempts: number;
  readonly retriesEndedBy: RetriesEnd | undefined;

  constructor(facts: RequestFacts, message: string, options?: ErrorOptions) {
    super(`${facts.method} ${facts.url}: ${message}${retriesEndSuffix(facts)}`, options);
    this.method = facts.method;
    this.url = facts.url;
    this.attempts = facts.attempts;
    this.retriesEndedBy = facts.retriesEndedBy;
  }
}

/** `error` of an attempt, which was made before it was known that no other one follows. */
export function explainRetriesEnd(error: unknown, facts: RequestFacts): unknown {
  if (!(error instanceof PoolError) || facts.retriesEndedBy === undefined) return error;
  const message = `${error.message}${retriesEndSuffix(facts)}`;
  // The stack is what gets printed, and holds the message as it was.
  const stack = error.stack?.replace(error.message, () => message);
  return Object.assign(error, { message, stack, retriesEndedBy: facts.retriesEndedBy });
}

function retriesEndSuffix({ url, retriesEndedBy }: RequestFacts): string {
  if (retriesEndedBy === undefined) return '';
  return `; ${describeRetriesEnd(retriesEndedBy, new URL(url).origin)}`;
}
