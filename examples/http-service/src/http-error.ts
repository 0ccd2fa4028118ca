import { ToolkitError } from '@x/performance';

/** What a client is told of a failure. The message says nothing about the inside of this service. */
export interface HttpError {
  readonly status: number;
  readonly message: string;
  /** Seconds after which it may be worth another try, if that is known. */
  readonly retryAfterSeconds?: number | undefined;
}

const badGateway: HttpError = { status: 502, message: 'the registry did not answer as expected' };
const tooSlow: HttpError = { status: 504, message: 'the registry did not answer in time' };
const tooBusy: HttpError = { status: 503, message: 'too busy, try again later' };
const unexpected: HttpError = { status: 500, message: 'something went wrong' };

const byCode: Readonly<Record<string, HttpError>> = {
  ERR_POOL_STATUS: badGateway,
  ERR_POOL_REQUEST: badGateway,
  ERR_POOL_INVALID_JSON: badGateway,
  ERR_POOL_CONNECT_TIMEOUT: tooSlow,
  ERR_POOL_HEADERS_TIMEOUT: tooSlow,
  ERR_POOL_BODY_TIMEOUT: tooSlow,
  ERR_POOL_TOTAL_TIMEOUT: tooSlow,
  ERR_POOL_ACQUIRE_TIMEOUT: tooBusy,
  ERR_RATE_LIMIT_QUEUE_FULL: tooBusy,
  ERR_CLOSED: tooBusy,
};

/** What a client is told of `error`: errors of the toolkit have codes, and some know when to come back. */
export function toHttpError(error: unknown): HttpError {
  if (!ToolkitError.isToolkitError(error)) return unexpected;
  if ('retryAfterMs' in error && typeof error.retryAfterMs === 'number') {
    return { ...tooBusy, retryAfterSeconds: Math.ceil(error.retryAfterMs / 1_000) };
  }
  return byCode[error.code] ?? unexpected;
}
