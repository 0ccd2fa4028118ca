import type { Clock } from '@x/interfaces';
import type { RequestFacts } from '../errors/request-facts.ts';
import { maskUrl } from '../request/mask-url.ts';
import type { PreparedRequest } from '../request/prepared-request.ts';
import type { RetriesEnd } from '../errors/retries-end.ts';
import { TotalTimeoutError } from '../errors/total-timeout-error.ts';
import type { Timeouts } from '../timeouts.ts';
import { CallScope, type ScopeOwner } from './call-scope.ts';

/** What the caller asked for, with the pool's defaults. */
export interface CallOptions {
  readonly signal: AbortSignal | undefined;
  readonly totalTimeoutMs: number;
  readonly attemptTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly permits: number;
  readonly maxRetries: number;
  readonly idempotent: boolean | undefined;
  readonly stream: boolean;
  readonly throwOnStatus: boolean;
}

/** One call of a pool's method, over all its redirects and attempts. */
export class Call implements ScopeOwner {
  readonly options: CallOptions;
  readonly scope: CallScope;
  /** What is sent now; a redirect changes it. */
  request: PreparedRequest;
  attempts = 0;
  retries = 0;
  /** Milliseconds spent waiting for permits. */
  limitMs = 0;
  /** Milliseconds spent waiting for connections. */
  queueMs = 0;
  /** The next attempt must go over a connection that carried no request before. */
  needsNewConnection = false;
  /** The last attempt died on a reused connection, before the first byte of an answer. */
  diedStale = false;
  /** When the attempt left the queues of the pool for a connection, in monotonic milliseconds. */
  assignedAt: number | undefined;
  /** Told when an attempt does so. */
  onAssigned: (() => void) | undefined;
  /** Why the last attempt was not the last, if it failed. */
  lastFailure: unknown;
  /** Why there were fewer retries than allowed. */
  retriesEndedBy: RetriesEnd | undefined;
  readonly #clock: Clock;
  readonly #timeouts: Timeouts;
  readonly #startedAt: number;
  #pausing = 0;
  #forks: Set<Call> | undefined;

  constructor(request: PreparedRequest, options: CallOptions, clock: Clock, timeouts: Timeouts) {
    const { signal, totalTimeoutMs } = options;
    this.request = request;
    this.options = options;
    this.#clock = clock;
    this.#timeouts = timeouts;
    this.#startedAt = clock.monotonic();
    this.scope = new CallScope(clock, timeouts, signal, totalTimeoutMs, this);
  }

  get elapsedMs(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }

  get facts(): RequestFacts {
    const { attempts, retriesEndedBy } = this;
    const { method, origin, path } = this.request;
    return { method, url: maskUrl(new URL(path, origin)), attempts, retriesEndedBy };
  }

  /** Whether it waits for a permit or for a retry, so that nothing of it is under way. */
  get pausing(): boolean {
    if (this.#forks === undefined || this.#forks.size === 0) return this.#pausing > 0;
    return [...this.#forks].every((fork) => fork.pausing);
  }

  /** The same request once more, to run besides; it ends with this one at the latest. */
  fork(): Call {
    const options = { ...this.options, signal: undefined, totalTimeoutMs: Infinity };
    const fork = new Call(this.request, options, this.#clock, this.#timeouts);
    fork.attempts = this.attempts;
    fork.needsNewConnection = this.needsNewConnection;
    (this.#forks ??= new Set()).add(fork);
    this.scope.attach(fork.scope);
    return fork;
  }

  /** What `fork` learned is known here as well. */
  join(fork: Call): void {
    this.#release(fork);
    this.limitMs += fork.limitMs;
    this.queueMs += fork.queueMs;
    this.diedStale = fork.diedStale;
  }

  /** Ends `fork`, whose answer is of no use. */
  abandon(fork: Call, reason: Error): void {
    this.#release(fork);
    fork.scope.end(reason);
  }

  /** The attempt leaves the queue, where it was for `waitMs`, for a connection. */
  assigned(waitMs: number): void {
    this.queueMs += waitMs;
    this.assignedAt = this.#clock.monotonic();
    this.onAssigned?.();
  }

  /** @param cause - why it is known that the time will not do; by default the last failure */
  totalTimeoutError(cause: unknown = this.lastFailure): TotalTimeoutError {
    const options = cause === undefined ? {} : { cause };
    return new TotalTimeoutError(this.facts, this.options.totalTimeoutMs, options);
  }

  /** Waits for something that is not the network. */
  async pause<T>(wait: () => Promise<T>): Promise<T> {
    this.#pausing++;
    try {
      return await wait();
    } finally {
      this.#pausing--;
    }
  }

  #release(fork: Call): void {
    this.#forks?.delete(fork);
    this.scope.detach(fork.scope);
  }
}
