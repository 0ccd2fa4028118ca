import { isThenable, ToolkitError } from '@x/interfaces';
import type { RetrySettings } from '../pool-settings.ts';

/** Failures of the network that another attempt may not meet. */
const passingCodes: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_SOCKET',
]);

const timeoutCodes: ReadonlySet<string> = new Set([
  'ERR_POOL_ATTEMPT_TIMEOUT',
  'ERR_POOL_CONNECT_TIMEOUT',
  'ERR_POOL_HEADERS_TIMEOUT',
  'ERR_POOL_BODY_TIMEOUT',
]);

/** Failures that a connection shows when the server had closed it before the request came. */
const staleCodes: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What may be sent twice. */
export interface Repeatable {
  readonly method: string;
  readonly idempotent: boolean | undefined;
}

type FailureReason = 'timeout' | 'network' | 'error';

function causeCode(error: unknown): string {
  if (!ToolkitError.isToolkitError(error) || error.code !== 'ERR_POOL_REQUEST') return '';
  return (error.cause as NodeJS.ErrnoException | undefined)?.code ?? '';
}

function passingReason(error: unknown): FailureReason | undefined {
  if (ToolkitError.isToolkitError(error) && timeoutCodes.has(error.code)) return 'timeout';
  return passingCodes.has(causeCode(error)) ? 'network' : undefined;
}

/** Decides what is sent again, and how long to wait before. */
export class RetryPolicy {
  readonly #settings: RetrySettings;

  constructor(settings: RetrySettings) {
    this.#settings = settings;
  }

  mayRepeat({ method, idempotent }: Repeatable): boolean {
    return idempotent ?? this.#settings.retryMethods.has(method);
  }

  isRetryStatus(status: number): boolean {
    return this.#settings.retryStatusCodes.has(status);
  }

  /** A word for why `error` is worth another attempt, or `undefined` when it is not. */
  reasonOf(error: unknown, retry: number): FailureReason | undefined {
    const reason = passingReason(error);
    const { retryIf } = this.#settings;
    if (retryIf === undefined) return reason;
    const answer: unknown = retryIf(error, retry);
    if (isThenable(answer)) {
      throw new TypeError('retryIf must answer at once, got a promise', { cause: error });
    }
    return answer ? (reason ?? 'error') : undefined;
  }

  /** Whether `error` on a reused connection allows to send the request once more for free. */
  mayReplay(request: Repeatable, error: unknown): boolean {
    return (
      (request.idempotent ?? safeMethods.has(request.method)) && staleCodes.has(causeCode(error))
    );
  }

  /** The pause before the retry of that number, from 0 on, at least what the server asks for. */
  pauseMs(retry: number, askedMs = 0): number {
    const { backoffMs, maxBackoffMs, jitterRatio, random } = this.#settings;
    const longestMs = Math.min(maxBackoffMs, backoffMs * 2 ** Math.min(retry, 1_000));
    return Math.max(askedMs, longestMs * (1 - jitterRatio * (1 - random())));
  }
}
