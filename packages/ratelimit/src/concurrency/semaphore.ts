import {
  checkOptionNames,
  type ConcurrencyLimiter,
  describeValue,
  inspectable,
  meterOption,
  objectOption,
  type Permit,
  signalOption,
  textOption,
} from '@x/interfaces';
import { LimiterMeter } from '../limiter-meter.ts';
import { priorityOption, timeoutOption } from '../queue/acquire-options.ts';
import type { Entry } from '../queue/lane.ts';
import type { Waiter } from '../queue/waiter.ts';
import { Tally } from '../tally.ts';
import { HeldPermit, type PermitOwner } from './held-permit.ts';
import { IdleWaits } from './idle-waits.ts';
import { type MapOptions, mapConcurrently } from './map-concurrently.ts';
import {
  checkSemaphoreCall,
  permitsOption,
  type SemaphoreAcquireOptions,
  semaphoreOptionNames,
  type SemaphoreOptions,
  type SemaphoreStats,
  weightOption,
} from './semaphore-options.ts';
import { SemaphoreQueue } from './semaphore-queue.ts';

/**
 * Bounds how many run at the same time. A released permit goes straight to the caller who is next, so
 * nobody who was accepted is overtaken or turned away. Queued work runs in the AsyncLocalStorage
 * context of the caller who queued it.
 */
export class Semaphore implements ConcurrencyLimiter, Disposable {
  readonly name: string;
  readonly #queue: SemaphoreQueue;
  readonly #tally: Tally;
  readonly #idleWaits = new IdleWaits();
  #permits: number;
  /** Permits that may be held now: none while paused. */
  #ceiling: number;
  #active = 0;
  #maxActive = 0;
  #paused = false;
  #closed = false;

  // Shared by all calls, so that a call makes no closure of its own.
  readonly #owner: PermitOwner = { giveBack: (permits) => this.#giveBack(permits) };
  readonly #onValue = <T>(value: T): T => {
    this.#giveBack(1);
    return value;
  };
  readonly #onError = (error: unknown): never => {
    this.#giveBack(1);
    throw error;
  };
  readonly #onTurn = (entry: Entry): unknown =>
    typeof entry === 'function' ? this.#start(entry) : this.#startWaiter(entry);
  /**
   * @throws TypeError when an option is of the wrong type
   * @throws RangeError when `permits` is not a whole number of at least 1, or `maxQueue` of at least 0
   */
  constructor(options: SemaphoreOptions) {
    objectOption('options', options, '{ permits }');
    checkOptionNames(options, semaphoreOptionNames);
    this.#permits = this.#ceiling = permitsOption(options.permits);
    this.name = textOption('name', options.name, 'semaphore');
    const meter = meterOption(options.meter);
    this.#tally = new Tally(
      meter === undefined ? undefined : new LimiterMeter(meter, 'concurrency_limiter', this.name),
    );
    this.#queue = new SemaphoreQueue(this.name, options, this.#tally, () => this.#serve());
    inspectable(this, this.#facts);
  }

  /** How many permits there are. */
  get permits(): number {
    return this.#permits;
  }

  /** How many callers may wait. */
  get maxQueue(): number {
    return this.#queue.maxQueue;
  }

  get active(): number {
    return this.#active;
  }

  get available(): number {
    return this.#closed ? 0 : Math.max(0, this.#ceiling - this.#active);
  }

  get queued(): number {
    return this.#queue.size;
  }

  /**
   * Permits now, or `undefined`. Never overtakes a caller that waits, and makes no error.
   *
   * @param permits - a whole number from 1 to all of them
   * @throws RangeError for any other number, TypeError for what is none
   */
  tryAcquire(permits?: number): Permit | undefined {
    const weight = weightOption(permits, this.#permits);
    if (this.#takeNow(weight)) return new HeldPermit(this.#owner, weight);
    this.#tally.refused();
    return undefined;
  }

  /**
   * Waits for permits, first come first served within a priority. Release them when done, or hold
   * them by `using`.
   *
   * @throws RangeError when more permits are asked for than there are
   * @throws TypeError when `options` are none, or have one that there is not
   * @throws ConcurrencyTimeoutError when `timeoutMs` passes first
   * @throws ConcurrencyQueueFullError at once when `maxQueue` callers wait already
   * @throws `signal.reason` when aborted; the place in the queue is lost
   * @throws ClosedError when the limiter is closed, also during the wait
   */
  acquire(options?: SemaphoreAcquireOptions): Promise<Permit> {
    try {
      if (this.#enter(options)) {
        return Promise.resolve(new HeldPermit(this.#owner, options?.permits ?? 1));
      }
      return this.#queue.wait(options, undefined);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Runs `fn` while holding permits, and answers what it answers. When they are free, `fn` starts
   * before `run` returns. Fails as {@link acquire} does; `fn` is not called then.
   */
  run<T>(fn: () => T | Promise<T>, options?: SemaphoreAcquireOptions): Promise<T> {
    if (typeof fn !== 'function') {
      return Promise.reject(new TypeError(`fn must be a function, got ${describeValue(fn)}`));
    }
    if (options === undefined) {
      if (this.#takeNow(1)) return this.#start(fn) as Promise<T>;
      if (this.#queue.mayWaitPlainly(fn)) {
        // The reaction is registered here, in the caller's context, and so it runs in it.
        return this.#queue.waitPlainly(fn).then(this.#onTurn) as Promise<T>;
      }
    }
    try {
      if (this.#enter(options)) {
        const permits = options?.permits ?? 1;
        return (permits === 1 ? this.#start(fn) : this.#startHeavy(fn, permits)) as Promise<T>;
      }
      return this.#queue.wait<Entry>(options, fn).then(this.#onTurn) as Promise<T>;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Runs `fn` for each item, each run holding one permit, and answers the results in the order of
   * the items. Items are taken from the iterable only when a permit is there for them, so it may be
   * long, slow or endless until it throws. When one run fails no more are begun, and the first error
   * is thrown once those under way have ended.
   *
   * @throws what `fn`, the iterable or {@link acquire} throws first
   */
  map<T, R>(
    items: Iterable<T> | AsyncIterable<T>,
    fn: (item: T, index: number) => R | Promise<R>,
    options?: MapOptions,
  ): Promise<R[]> {
    return mapConcurrently(this, items, fn, options);
  }

  /**
   * Changes how many permits there are. When there are fewer now than are held, nobody is served
   * until enough are released. Callers who wait for more than there are now are rejected with a
   * RangeError.
   *
   * @throws RangeError when `permits` is not a whole number of at least 1
   */
  resize(permits: number): void {
    this.#permits = permitsOption(permits);
    this.#setCeiling();
    this.#queue.rejectLargerThan(this.#permits);
    this.#serve();
  }

  /** Grants nothing until {@link resume}; callers wait. Permits that are held stay valid. */
  pause(): void {
    this.#paused = true;
    this.#setCeiling();
  }

  /** Ends a pause, and serves those who wait. */
  resume(): void {
    this.#paused = false;
    this.#setCeiling();
    this.#serve();
  }

  /** Resolves when no permit is held and nobody waits: now, or as soon as that is so. */
  onIdle(): Promise<void> {
    return this.#isIdle() ? Promise.resolve() : this.#idleWaits.wait();
  }

  /**
   * Lets everybody who was accepted finish, and nobody else begin: calls from now on are rejected
   * with a ClosedError. Resolves when no permit is held any more. Ends a pause.
   */
  drain(): Promise<void> {
    this.#closed = true;
    this.#queue.refuseNewcomers();
    this.resume();
    return this.onIdle();
  }

  /** What the limiter did since it was made, and how it stands. */
  stats(): SemaphoreStats {
    const { totalWaitMs, maxWaitMs, ...calls } = this.#tally.stats();
    const isMeasured = this.#queue.measuresWaits;
    return {
      ...calls,
      totalWaitMs: isMeasured ? totalWaitMs : undefined,
      maxWaitMs: isMeasured ? maxWaitMs : undefined,
      active: this.#active,
      maxActive: this.#maxActive,
      queued: this.#queue.size,
    };
  }

  /**
   * Rejects everybody who waits, and every later call, with a ClosedError. Permits that are held
   * stay valid until they are released. Safe to call twice.
   */
  close(): void {
    this.#closed = true;
    this.#queue.close();
    this.#idleWaits.settleIf(this.#isIdle());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #facts(this: void, self: Semaphore): object {
    return {
      name: self.name,
      permits: self.permits,
      active: self.active,
      queued: self.queued,
      closed: self.#closed,
    };
  }

  /** Whether the permits were taken at once. */
  #enter(options: SemaphoreAcquireOptions | undefined): boolean {
    if (options === undefined) return this.#takeNow(1);
    checkSemaphoreCall(options);
    const permits = weightOption(options.permits, this.#permits);
    timeoutOption(options);
    priorityOption(options);
    const signal = signalOption(options.signal);
    if (signal?.aborted) {
      this.#tally.aborted();
      throw signal.reason;
    }
    return this.#takeNow(permits);
  }

  #takeNow(permits: number): boolean {
    if (this.#active + permits > this.#ceiling || this.#queue.size > 0 || this.#closed)
      return false;
    this.#take(permits);
    return true;
  }

  #take(permits: number): void {
    this.#active += permits;
    if (this.#active > this.#maxActive) this.#maxActive = this.#active;
    this.#tally.granted(permits);
  }

  #giveBack(permits: number): void {
    this.#active -= permits;
    this.#tally.meter?.released(permits);
    if (this.#queue.size > 0) this.#serve();
    else if (this.#active === 0) this.#idleWaits.settleIf(true);
  }

  /** Hands permits to those who are next, as far as they reach. */
  #serve(): void {
    while (this.#active < this.#ceiling) {
      const permits = this.#queue.serveNext(this.#ceiling - this.#active, this.#owner);
      if (permits === 0) break;
      this.#take(permits);
    }
    this.#idleWaits.settleIf(this.#isIdle());
  }

  #start(fn: () => unknown): Promise<unknown> {
    let result;
    try {
      result = fn();
    } catch (error) {
      this.#giveBack(1);
      return Promise.reject(error);
    }
    return (result instanceof Promise ? result : Promise.resolve(result)).then(
      this.#onValue,
      this.#onError,
    );
  }

  async #startHeavy(fn: () => unknown, permits: number): Promise<unknown> {
    try {
      return await fn();
    } finally {
      this.#giveBack(permits);
    }
  }

  #startWaiter(waiter: Waiter): Promise<unknown> {
    const work = waiter.work as () => unknown;
    if (waiter.signal?.aborted) {
      this.#giveBack(waiter.permits);
      return Promise.reject(waiter.signal.reason);
    }
    return waiter.permits === 1 ? this.#start(work) : this.#startHeavy(work, waiter.permits);
  }

  #setCeiling(): void {
    this.#ceiling = this.#paused ? 0 : this.#permits;
  }

  #isIdle(): boolean {
    return this.#active === 0 && this.#queue.size === 0;
  }
}
