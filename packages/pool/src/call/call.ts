import type { Clock } from '@x/interfaces';
import type { RequestFacts } from '../errors.ts';
import { maskUrl } from '../mask-url.ts';
import type { PreparedRequest } from '../prepared-request.ts';
import { TotalTimeoutError } from '../timeout-errors.ts';
import { CallScope } from './call-scope.ts';

/** What the caller asked for, with the pool's defaults. */
export interface CallOptions {
  readonly signal: AbortSignal | undefined;
  readonly totalTimeoutMs: number;
  readonly permits: number;
  readonly maxRetries: number;
  readonly idempotent: boolean | undefined;
  readonly stream: boolean;
  readonly throwOnStatus: boolean;
}

/** One call of a pool's method, over all its redirects and attempts. */
export class Call {
  readonly options: CallOptions;
  readonly scope: CallScope;
  /** What is sent now; a redirect changes it. */
  request: PreparedRequest;
  attempts = 0;
  retries = 0;
  /** Milliseconds spent waiting for permits and connections. */
  waitMs = 0;
  /** Why the last attempt was not the last, if it failed. */
  lastFailure: unknown;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #pausing = false;

  constructor(request: PreparedRequest, options: CallOptions, clock: Clock) {
    const { signal, totalTimeoutMs } = options;
    this.request = request;
    this.options = options;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.scope = new CallScope(clock, signal, totalTimeoutMs, () => this.totalTimeoutError());
  }

  get elapsedMs(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }

  get facts(): RequestFacts {
    const { method, url } = this.request;
    return { method, url: maskUrl(url), attempts: this.attempts };
  }

  /** Whether it waits for a permit or for a retry, so that nothing of it is under way. */
  get pausing(): boolean {
    return this.#pausing;
  }

  /** @param cause - why it is known that the time will not do; by default the last failure */
  totalTimeoutError(cause: unknown = this.lastFailure): TotalTimeoutError {
    const options = cause === undefined ? {} : { cause };
    return new TotalTimeoutError(this.facts, this.options.totalTimeoutMs, options);
  }

  /** Waits for something that is not the network. */
  async pause<T>(wait: () => Promise<T>): Promise<T> {
    this.#pausing = true;
    try {
      return await wait();
    } finally {
      this.#pausing = false;
    }
  }
}
