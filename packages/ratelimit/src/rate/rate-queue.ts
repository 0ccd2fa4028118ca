import { type Clock, ClosedError, type Logger } from '@x/interfaces';
import { RateLimitQueueFullError } from '../errors/rate-limit-queue-full-error.ts';
import { RateLimitTimeoutError } from '../errors/rate-limit-timeout-error.ts';
import type { Entry, Wake } from '../queue/lane.ts';
import type { Overflow } from '../queue/overflow.ts';
import { WaitQueue } from '../queue/wait-queue.ts';
import { Waiter, type WaitRequest } from '../queue/waiter.ts';
import type { Tally } from '../tally.ts';
import { exceeds, type Gate } from './gate.ts';

/** What a {@link RateQueue} needs of the limiter that it belongs to. */
export interface RateQueueSettings {
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  readonly tally: Tally;
  readonly overflow: Overflow;
  /** Added to the wait for the head of the queue, in milliseconds. */
  readonly jitter: () => number;
  /** Called when nobody waits any more. */
  readonly onEmpty: (() => void) | undefined;
}

/** Callers who wait for a rate limiter: one timer serves them all, and there is none while nobody waits. */
export class RateQueue {
  readonly #gate: Gate;
  readonly #settings: RateQueueSettings;
  readonly #queue = new WaitQueue();
  readonly #onAbort = (waiter: Waiter, reason: unknown): void => this.#abort(waiter, reason);
  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.serve(this.#settings.clock.monotonic());
  };
  readonly #drop = (entry: Entry, wake: Wake): void => {
    this.#gaveUp(entry as Waiter, this.#settings.clock.monotonic());
    wake(Promise.reject(this.#full()));
  };
  #timer: Disposable | undefined;
  /** No deadline of those who wait is before this time. */
  #earliestDeadline = Infinity;

  constructor(gate: Gate, settings: RateQueueSettings) {
    this.#gate = gate;
    this.#settings = settings;
  }

  /** Callers waiting. */
  get size(): number {
    return this.#queue.size;
  }

  /** Milliseconds from `now` until a newcomer would get `permits`. */
  waitMs(permits: number, priority: number, now: number): number {
    return this.#gate.waitMs(this.#queue.permitsAhead(priority) + permits, now);
  }

  /**
   * Lets a caller wait.
   *
   * @throws RateLimitTimeoutError when the wait would be too long
   * @throws RateLimitQueueFullError when too many wait already
   */
  wait(request: WaitRequest): Promise<void> {
    const { permits, priority, since, timeoutMs } = request;
    const waitMs = this.waitMs(permits, priority, since);
    if (exceeds(waitMs, timeoutMs)) throw this.#timedOut(timeoutMs, waitMs);
    const headBefore = this.#queue.head();
    if (!this.#settings.overflow.admit(this.#queue, priority, this.#drop)) throw this.#full();
    const waiter = new Waiter(request, this.#onAbort);
    const granted = this.#queue.wait<void>(waiter);
    this.#settings.tally.queued();
    const deadline = since + timeoutMs;
    const isEarliest = deadline < this.#earliestDeadline;
    if (isEarliest) this.#earliestDeadline = deadline;
    if (this.#queue.head() !== headBefore) {
      // Who was dropped for this caller may have held back others who are due.
      this.#disarm();
      this.serve(since);
    } else if (isEarliest) {
      this.#arm(since);
    }
    return granted;
  }

  /** Grants to everybody who is due, by arithmetic, however late or early a timer fired. */
  serve(now: number): void {
    const overdue = this.#gate.isOverdue(now);
    const first = this.#queue.head() as Waiter | undefined;
    let head = first;
    while (head !== undefined && this.#gate.takeLate(head.permits, now)) {
      const wake = this.#queue.shift();
      head.letGo();
      this.#settings.tally.served(now - head.since);
      this.#settings.tally.granted(head.permits);
      wake(undefined);
      head = this.#queue.head() as Waiter | undefined;
    }
    if (overdue || now >= this.#earliestDeadline) this.#refuseTooLate(now);
    if (this.#timer === undefined || this.#queue.head() !== first) this.#arm(now);
  }

  /** The gate grants at other times than before: refuses whom that makes too late. */
  reschedule(now: number): void {
    if (this.#queue.size === 0) return;
    this.serve(now);
    this.#refuseTooLate(now);
    this.#arm(now);
  }

  /** Rejects those who ask for more than `burst` permits. */
  refuseLargerThan(burst: number, now: number): void {
    for (const waiter of this.#queue.entries() as Waiter[]) {
      if (waiter.permits <= burst) continue;
      const error = new RangeError(
        `the burst is ${burst} now, and ${waiter.permits} were asked for`,
      );
      this.#reject(waiter, now, error);
    }
  }

  /** Rejects everybody. */
  close(): void {
    const { clock, name } = this.#settings;
    const now = clock.monotonic();
    for (const waiter of this.#queue.entries() as Waiter[]) {
      this.#reject(waiter, now, new ClosedError(`limiter "${name}"`));
    }
    this.#arm(now);
  }

  #refuseTooLate(now: number): void {
    let permitsAhead = 0;
    this.#earliestDeadline = Infinity;
    for (const waiter of this.#queue.entries() as Waiter[]) {
      const waitMs = this.#gate.waitMs(permitsAhead + waiter.permits, now);
      const deadline = waiter.since + waiter.timeoutMs;
      if (exceeds(waitMs, deadline - now)) {
        this.#reject(waiter, now, this.#timedOut(waiter.timeoutMs, waitMs));
      } else {
        permitsAhead += waiter.permits;
        this.#earliestDeadline = Math.min(this.#earliestDeadline, deadline);
      }
    }
  }

  #abort(waiter: Waiter, reason: unknown): void {
    const now = this.#settings.clock.monotonic();
    const wasHead = this.#queue.head() === waiter;
    this.#settings.tally.aborted();
    this.#reject(waiter, now, reason);
    if (!wasHead) return;
    this.#disarm();
    this.serve(now);
  }

  /** Lets one timer run for the head of the queue, and none when nobody waits. */
  #arm(now: number): void {
    this.#disarm();
    const head = this.#queue.head() as Waiter | undefined;
    if (head === undefined) {
      this.#earliestDeadline = Infinity;
      this.#settings.onEmpty?.();
      return;
    }
    const due = this.#gate.waitMs(head.permits, now) + this.#settings.jitter();
    const delay = Math.max(0, Math.min(due, this.#earliestDeadline - now));
    this.#timer = this.#settings.clock.schedule(this.#onTimer, delay);
  }

  #disarm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #reject(waiter: Waiter, now: number, reason: unknown): void {
    const wake = this.#queue.remove(waiter);
    this.#gaveUp(waiter, now);
    wake?.(Promise.reject(reason));
  }

  #gaveUp(waiter: Waiter, now: number): void {
    waiter.letGo();
    this.#settings.tally.gaveUp(now - waiter.since);
  }

  #timedOut(timeoutMs: number, waitMs: number): RateLimitTimeoutError {
    this.#settings.tally.timedOut();
    const error = new RateLimitTimeoutError(this.#settings.name, timeoutMs, Math.ceil(waitMs));
    this.#settings.logger?.debug(error.message);
    return error;
  }

  #full(): RateLimitQueueFullError {
    this.#settings.tally.queueFull();
    const error = new RateLimitQueueFullError(
      this.#settings.name,
      this.#settings.overflow.maxQueue,
    );
    this.#settings.logger?.debug(error.message);
    return error;
  }
}
