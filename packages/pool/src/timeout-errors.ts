import { PoolError, type RequestFacts } from './errors.ts';

/** No connection was there within `connectTimeoutMs`. */
export class ConnectTimeoutError extends PoolError<'ERR_POOL_CONNECT_TIMEOUT'> {
  override readonly name: string = 'ConnectTimeoutError';
  readonly code = 'ERR_POOL_CONNECT_TIMEOUT';
  readonly timeoutMs: number;

  constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions) {
    super(facts, `no connection within ${timeoutMs} ms`, options);
    this.timeoutMs = timeoutMs;
  }
}

/** The server sent no answer within `headersTimeoutMs` of the request. */
export class HeadersTimeoutError extends PoolError<'ERR_POOL_HEADERS_TIMEOUT'> {
  override readonly name: string = 'HeadersTimeoutError';
  readonly code = 'ERR_POOL_HEADERS_TIMEOUT';
  readonly timeoutMs: number;

  constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions) {
    super(facts, `no answer within ${timeoutMs} ms`, options);
    this.timeoutMs = timeoutMs;
  }
}

/** The body stood still for `bodyTimeoutMs`. */
export class BodyTimeoutError extends PoolError<'ERR_POOL_BODY_TIMEOUT'> {
  override readonly name: string = 'BodyTimeoutError';
  readonly code = 'ERR_POOL_BODY_TIMEOUT';
  readonly timeoutMs: number;
  /** `server`: no data came; `reader`: a streamed body was not read. */
  readonly stalledBy: 'server' | 'reader';

  constructor(facts: RequestFacts, timeoutMs: number, stalledBy: 'server' | 'reader') {
    const what = stalledBy === 'server' ? 'no data came' : 'the streamed body was not read';
    super(facts, `${what} for ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
    this.stalledBy = stalledBy;
  }
}

/** One attempt took longer than `attemptTimeoutMs`. */
export class AttemptTimeoutError extends PoolError<'ERR_POOL_ATTEMPT_TIMEOUT'> {
  override readonly name: string = 'AttemptTimeoutError';
  readonly code = 'ERR_POOL_ATTEMPT_TIMEOUT';
  readonly timeoutMs: number;

  constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions) {
    super(facts, `the attempt was not finished within ${timeoutMs} ms`, options);
    this.timeoutMs = timeoutMs;
  }
}

/** The request with all its attempts took longer than `totalTimeoutMs`. */
export class TotalTimeoutError extends PoolError<'ERR_POOL_TOTAL_TIMEOUT'> {
  override readonly name: string = 'TotalTimeoutError';
  readonly code = 'ERR_POOL_TOTAL_TIMEOUT';
  readonly timeoutMs: number;

  /** @param options - its `cause` is the last failure, when there was one */
  constructor(facts: RequestFacts, timeoutMs: number, options?: ErrorOptions) {
    super(facts, `not finished within ${timeoutMs} ms`, options);
    this.timeoutMs = timeoutMs;
  }
}
