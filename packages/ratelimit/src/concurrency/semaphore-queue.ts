import { booleanOption, type Clock, clockOption, loggerOption } from '@x/interfaces';
import { priorityOption, timeoutOption } from '../queue/acquire-options.ts';
import type { Entry, Wake } from '../queue/lane.ts';
import { Overflow } from '../queue/overflow.ts';
import { WaitQueue } from '../queue/wait-queue.ts';
import { Waiter } from '../queue/waiter.ts';
import type { Tally } from '../tally.ts';
import { HeldPermit, type PermitOwner } from './held-permit.ts';
import { Refusals } from './refusals.ts';
import {
  orderOption,
  type SemaphoreAcquireOptions,
  type SemaphoreOptions,
} from './semaphore-options.ts';

/** Callers who wait for a semaphore: with a deadline timer each where they have one, else with none. */
export class SemaphoreQueue {
  readonly #queue: WaitQueue;
  readonly #overflow: Overflow;
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #refusals: Refusals;
  /** Whether it is known how long callers wait. */
  readonly measuresWaits: boolean;
  /** Called when somebody has given up, who may have held others back. */
  readonly #onGaveUp: () => void;
  #closed = false;

  readonly #onAbort = (waiter: Waiter, reason: unknown): void => {
    this.#tally.aborted();
    this.#reject(waiter, reason);
    this.#onGaveUp();
  };
  readonly #drop = (entry: Entry, wake: Wake): void => {
    if (typeof entry !== 'function') this.#gaveUp(entry);
    wake(Promise.reject(this.#refusals.full()));
  };

  /** @throws TypeError or RangeError when an option is not what {@link SemaphoreOptions} says */
  constructor(name: string, options: SemaphoreOptions, tally: Tally, onGaveUp: () => void) {
    this.#queue = new WaitQueue(orderOption(options.order));
    this.#overflow = new Overflow(options);
    this.#clock = clockOption(options.clock);
    this.#tally = tally;
    this.#refusals = new Refusals(name, this.maxQueue, tally, loggerOption(options.logger));
    const measureWaits = booleanOption('measureWaits', options.measureWaits, false);
    this.measuresWaits = measureWaits || options.meter !== undefined;
    this.#onGaveUp = onGaveUp;
  }

  /** How many callers may wait. */
  get maxQueue(): number {
    return this.#overflow.maxQueue;
  }

  /** Callers waiting. */
  get size(): number {
    return this.#queue.size;
  }

  /** Whether `fn` may join the queue without a waiter around it. */
  mayWaitPlainly(fn: () => unknown): boolean {
    if (this.measuresWaits || this.#closed || this.#queue.size >= this.maxQueue) return false;
    // A promise asks what it is resolved with for `then`, and would call it.
    return !('then' in fn);
  }

  /** Lets a caller wait for one permit until it is served; the promise is `fn` then. */
  waitPlainly(fn: () => unknown): Promise<Entry> {
    return this.#queue.wait(fn);
  }

  /**
   * Lets a caller wait; the promise is a permit, or, where there is work to be done, the waiter.
   *
   * @throws ClosedError, ConcurrencyTimeoutError or ConcurrencyQueueFullError when it may not wait
   */
  wait<T>(
    options: SemaphoreAcquireOptions | undefined,
    work: (() => unknown) | undefined,
  ): Promise<T> {
    if (this.#closed) throw this.#refusals.closed();
    const timeoutMs = options === undefined ? Infinity : timeoutOption(options);
    const priority = options === undefined ? 0 : priorityOption(options);
    if (timeoutMs === 0) throw this.#refusals.timedOut(0);
    const sizeBefore = this.#queue.size;
    if (!this.#overflow.admit(this.#queue, priority, this.#drop)) throw this.#refusals.full();
    const hasDropped = this.#queue.size < sizeBefore;
    this.#tally.queued();
    const since = this.measuresWaits ? this.#clock.monotonic() : 0;
    const { permits = 1, signal } = options ?? {};
    const waiter = new Waiter({ permits, priority, since, timeoutMs, signal }, this.#onAbort, work);
    if (timeoutMs < Infinity) {
      waiter.timer = this.#clock.schedule(() => this.#expire(waiter), timeoutMs);
    }
    const served = this.#queue.wait<T>(waiter);
    if (hasDropped) this.#onGaveUp();
    return served;
  }

  /**
   * Hands the next caller its permits, if it asks for no more than `room`, which is at least 1.
   *
   * @returns how many it got, 0 when it has to wait on or nobody waits
   */
  serveNext(room: number, owner: PermitOwner): number {
    const entry = this.#queue.head();
    if (typeof entry === 'function') {
      this.#tally.servedUnmeasured();
      this.#queue.shift()(entry);
      return 1;
    }
    if (entry === undefined || entry.permits > room) return 0;
    const wake = this.#queue.shift();
    entry.letGo();
    if (this.measuresWaits) this.#tally.served(this.#clock.monotonic() - entry.since);
    else this.#tally.servedUnmeasured();
    wake(entry.work === undefined ? new HeldPermit(owner, entry.permits) : entry);
    return entry.permits;
  }

  /** Rejects those who ask for more than `permits`. */
  rejectLargerThan(permits: number): void {
    for (const entry of this.#queue.entries()) {
      if (typeof entry === 'function' || entry.permits <= permits) continue;
      this.#reject(entry, new RangeError(`there are ${permits} permits now, got ${entry.permits}`));
    }
  }

  /** Lets nobody else wait. */
  refuseNewcomers(): void {
    this.#closed = true;
  }

  /** Rejects everybody, and lets nobody else wait. */
  close(): void {
    this.#closed = true;
    for (let entry = this.#queue.head(); entry !== undefined; entry = this.#queue.head()) {
      const wake = this.#queue.shift();
      if (typeof entry !== 'function') this.#gaveUp(entry);
      wake(Promise.reject(this.#refusals.closed()));
    }
  }

  #expire(waiter: Waiter): void {
    this.#reject(waiter, this.#refusals.timedOut(waiter.timeoutMs));
    this.#onGaveUp();
  }

  #reject(waiter: Waiter, reason: unknown): void {
    const wake = this.#queue.remove(waiter);
    this.#gaveUp(waiter);
    wake?.(Promise.reject(reason));
  }

  #gaveUp(waiter: Waiter): void {
    waiter.letGo();
    if (this.measuresWaits) this.#tally.gaveUp(this.#clock.monotonic() - waiter.since);
  }
}
