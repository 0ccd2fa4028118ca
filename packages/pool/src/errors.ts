import { ClosedError, describeError, ToolkitError } from '@x/interfaces';
import type { PoolResponse } from './pool-response.ts';
import { describeRetriesEnd, type RetriesEnd } from './retries-end.ts';

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

function retriesEndSuffix({ url, retriesEndedBy }: RequestFacts): string {
  if (retriesEndedBy === undefined) return '';
  return `; ${describeRetriesEnd(retriesEndedBy, new URL(url).origin)}`;
}

/** The network failed, or the server answered something that is not HTTP; `cause` says what. */
export class RequestError extends PoolError<'ERR_POOL_REQUEST'> {
  override readonly name: string = 'RequestError';
  readonly code = 'ERR_POOL_REQUEST';

  constructor(facts: RequestFacts, cause: unknown) {
    const reason = describeError(cause);
    super(facts, `request failed: ${reason}`, { cause });
  }
}

/** The server answered a status of 400 or above. */
export class StatusError extends PoolError<'ERR_POOL_STATUS'> {
  override readonly name: string = 'StatusError';
  readonly code = 'ERR_POOL_STATUS';
  readonly status: number;
  /** What the server answered, with its body. */
  readonly response: PoolResponse;
  /** How long the server asks to wait, in milliseconds, if it does. */
  readonly retryAfterMs: number | undefined;

  constructor(facts: RequestFacts, response: PoolResponse, retryAfterMs: number | undefined) {
    super(facts, `the server answered ${response.status}`);
    this.status = response.status;
    this.response = response;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A redirect could not be followed. */
export class RedirectError extends PoolError<'ERR_POOL_REDIRECT'> {
  override readonly name: string = 'RedirectError';
  readonly code = 'ERR_POOL_REDIRECT';
}

/** The server's address is not public, and `denyPrivate` is set. */
export class BlockedAddressError extends PoolError<'ERR_POOL_BLOCKED_ADDRESS'> {
  override readonly name: string = 'BlockedAddressError';
  readonly code = 'ERR_POOL_BLOCKED_ADDRESS';
  readonly address: string;

  constructor(facts: RequestFacts, address: string, options?: ErrorOptions) {
    super(facts, `the address ${address} is private`, options);
    this.address = address;
  }
}

/** The circuit breaker of the origin is open: nothing was sent. */
export class PoolCircuitOpenError extends PoolError<'ERR_POOL_CIRCUIT_OPEN'> {
  override readonly name: string = 'PoolCircuitOpenError';
  readonly code = 'ERR_POOL_CIRCUIT_OPEN';
  /** When the breaker lets a request through again, in whole milliseconds from now. */
  readonly retryAfterMs: number;

  constructor(facts: RequestFacts, retryAfterMs: number, options?: ErrorOptions) {
    super(facts, `the circuit breaker of the origin is open for ${retryAfterMs} ms`, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The body is larger than `maxResponseBytes`. */
export class ResponseTooLargeError extends PoolError<'ERR_POOL_RESPONSE_TOO_LARGE'> {
  override readonly name: string = 'ResponseTooLargeError';
  readonly code = 'ERR_POOL_RESPONSE_TOO_LARGE';
  readonly maxBytes: number;

  constructor(facts: RequestFacts, maxBytes: number, options?: ErrorOptions) {
    super(facts, `the body is larger than ${maxBytes} bytes`, options);
    this.maxBytes = maxBytes;
  }
}

/** The body is not the JSON that was asked for. */
export class InvalidJsonError extends PoolError<'ERR_POOL_INVALID_JSON'> {
  override readonly name: string = 'InvalidJsonError';
  readonly code = 'ERR_POOL_INVALID_JSON';
  readonly status: number;

  constructor(facts: RequestFacts, status: number, cause: unknown) {
    super(facts, `the body of the answer ${status} is not JSON`, { cause });
    this.status = status;
  }
}

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

/** `error` of a dispatcher, which does not know how many attempts came before. */
export function countAttempts<E extends Error>(error: E, attempts: number): E {
  return 'attempts' in error ? Object.assign(error, { attempts }) : error;
}

/** `error` of an attempt, which was made before it was known that no other one follows. */
export function explainRetriesEnd(error: unknown, facts: RequestFacts): unknown {
  if (!(error instanceof PoolError) || facts.retriesEndedBy === undefined) return error;
  const message = `${error.message}${retriesEndSuffix(facts)}`;
  // The stack is what gets printed, and holds the message as it was.
  const stack = error.stack?.replace(error.message, () => message);
  return Object.assign(error, { message, stack, retriesEndedBy: facts.retriesEndedBy });
}
