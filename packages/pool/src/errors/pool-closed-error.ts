import { ClosedError } from '@x/interfaces';
import type { RequestFacts } from './request-facts.ts';

/** The pool was closed before the request could finish. */
export class PoolClosedError extends ClosedError implements RequestFacts {
  override readonly name: string = 'PoolClosedError';
  readonly method: string;
  readonly url: string;
  readonly attempts: number;

  constructor(facts: RequestFacts, subject: string, options?: ErrorOptions) {
    super(subject, options);
    this.method = facts.method;
    this.url = facts.url;
    this.attempts = facts.attempts;
  }
}
