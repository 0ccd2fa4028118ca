import {
  type AcquireOptions,
  type Clock,
  ClosedError,
  type CounterChild,
  describeValue,
  type Logger,
  noopMeter,
  numberOption,
  type RateLimiter,
  systemClock,
  textOption,
} from '@x/interfaces';
import { exceeds, Gcra } from './gcra.ts';
import { LimitTimeoutError } from './limit-timeout-error.ts';
import { timeoutOption } from './timeout-option.ts';
import { Tally, type WaitStats } from './tally.ts';
import { rateOption, type TokenBucketOptions } from './token-bucket-options.ts';
import { Waiter, type WaitRequest } from './waiter.ts';
import { WaiterQueue } from './waiter-queue.ts';

/** What a {@link TokenBucket} did since it was made. All but `grantedPermits` counts calls. */
export interface RateLimiterStats extends WaitStats {
  /** Permits handed out; one call may take several. */
  readonly grantedPermits: number;
  /** Callers waiting now. */
  readonly queued: number;
}

/**
 * Timers tick in milliseconds and fire late. What waiting callers lost by that is made up for to
 * this extent, so that a small burst still reaches its rate; more would let a stalled process
 * release a flood.
 */
const timerLatenessMs = 2;

const grantedAtOnce: Promise<void> = Promise.resolve();

/**
 * Limits a rate and allows bursts. The bucket starts full and gains `permitsPerSecond` in fractions,
 * up to `burst`. Waiting callers are served strictly in their order, each at the moment its permits
 * are there; one timer serves them all, and there is none while nobody waits.
 *
 * In any stretch of `w` seconds it grants at most `burst + permitsPerSecond × w` permits; callers
 * released by a late timer may exceed that by what accrues in 2 ms.
 */
export class TokenBucket implements RateLimiter, Disposable {
  readonly name: string;
  readonly permitsPerSecond: number;
  readonly burst: number;
  readonly #bucket: Gcra;
  readonly #queue = new WaiterQueue<void>();
  readonly #clock: Clock;
  readonly #logger: Logger | undefined;
  readonly #tally: Tally;
  readonly #permitCounter: CounterChild;
  readonly #onAbort = (waiter: Waiter<void>, reason: unknown): void => this.#abort(waiter, reason);
  #timer: Disposable | undefined;
  #grantedPermits = 0;
  #closed = false;

  /**
   * @throws TypeError when an option is of the wrong type
   * @throws RangeError when `permitsPerSecond` is not above 0 and finite, or `burst` is below 1
   */
  constructor(options: TokenBucketOptions) {
    this.permitsPerSecond = rateOption(options.permitsPerSecond);
    this.burst = numberOption('burst', options.burst, Math.max(1, this.permitsPerSecond), {
      min: 1,
      max: Number.MAX_SAFE_INTEGER,
    });
    this.#bucket = new Gcra(this.permitsPerSecond, this.burst);
    this.name = textOption('name', options.name, 'token-bucket');
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger;
    const meter = options.meter ?? noopMeter;
    this.#tally = new Tally(meter, 'rate_limiter', this.name);
    this.#permitCounter = meter
      .counter('rate_limiter_permits_total', {
        help: 'Permits handed out.',
        labelNames: ['name'],
      })
      .labels(this.name);
  }

  /** Callers waiting now. */
  get queued(): number {
    return this.#queue.size;
  }

  /**
   * Takes `permits` now, or none. Never overtakes a caller that waits, and makes no error when it
   * refuses.
   *
   * @param permits - a whole number from 1 to `burst`
   * @throws RangeError for any other number
   */
  tryAcquire(permits: number = 1): boolean {
    this.#checkPermits(permits);
    const now = this.#clock.monotonic();
    if (this.#take(permits, now)) return true;
    this.#tally.refused();
    return false;
  }

  /**
   * Waits for `permits`, first come first served: a large request at the head of the queue holds
   * back smaller ones behind it.
   *
   * @param permits - a whole number from 1 to `burst`
   * @throws RangeError for any other number
   * @throws {@link LimitTimeoutError} at once when the permits cannot be there within `timeoutMs`
   * @throws `signal.reason` when aborted; nothing is taken and the place in the queue is lost
   * @throws ClosedError when the limiter is closed, also during the wait
   */
  acquire(permits: number = 1, options?: AcquireOptions): Promise<void> {
    try {
      this.#checkPermits(permits);
      const timeoutMs = timeoutOption(options);
      if (options?.signal?.aborted) {
        this.#tally.aborted();
        throw options.signal.reason;
      }
      const now = this.#clock.monotonic();
      if (this.#take(permits, now)) return grantedAtOnce;
      return this.#wait({ permits, since: now, timeoutMs, signal: options?.signal });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Permits that {@link tryAcquire} would grant now; a fraction counts, 0 while somebody waits. */
  availablePermits(): number {
    const now = this.#clock.monotonic();
    if (this.#queue.size > 0) this.#serve(now);
    return this.#queue.size > 0 ? 0 : this.#bucket.available(now);
  }

  /**
   * Grants nothing before `epochMs`, as a server asks by Retry-After. Only ever moves later. When
   * the pause ends there is one permit, and the rate goes on from there without a burst. Waiting
   * callers whose `timeoutMs` the pause makes too short are refused at once.
   *
   * @throws RangeError when `epochMs` is `NaN`
   */
  pauseUntil(epochMs: number): void {
    const pauseMs = numberOption('epochMs', epochMs, Infinity) - this.#clock.now();
    if (pauseMs <= 0) return;
    const now = this.#clock.monotonic();
    const { fullAt } = this.#bucket;
    this.#bucket.drainUntil(now + pauseMs);
    if (this.#bucket.fullAt === fullAt) return;
    this.#logger?.info(`limiter "${this.name}" pauses for ${Math.ceil(pauseMs)} ms`);
    this.#refuseTooLate(now);
    this.#arm(now);
  }

  /** What the limiter did since it was made. */
  stats(): RateLimiterStats {
    return {
      ...this.#tally.stats(),
      grantedPermits: this.#grantedPermits,
      queued: this.#queue.size,
    };
  }

  /** Rejects everybody who waits, and every later `acquire`, with a ClosedError. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const now = this.#clock.monotonic();
    this.#bucket.drainUntil(Infinity);
    for (const waiter of this.#queue) {
      this.#leave(waiter, now, 'failure');
      waiter.fail(this.#closedError());
    }
    this.#disarm();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #take(permits: number, now: number): boolean {
    if (this.#queue.size > 0) {
      this.#serve(now);
      if (this.#queue.size > 0) return false;
    }
    if (!this.#bucket.take(permits, now, now)) return false;
    this.#countGrant(permits);
    return true;
  }

  #wait(request: WaitRequest): Promise<void> {
    if (this.#closed) throw this.#closedError();
    const { permits, since, timeoutMs } = request;
    const waitMs = this.#bucket.waitMs(this.#queue.permits + permits, since);
    if (exceeds(waitMs, timeoutMs)) throw this.#timedOut(timeoutMs, waitMs);
    return new Promise((resolve, reject) => {
      this.#queue.push(new Waiter(request, this.#onAbort, resolve, reject));
      this.#tally.queued();
      if (this.#queue.size === 1) this.#arm(since);
    });
  }

  /** Grants to everybody who is due, by arithmetic, however late or early a timer fired. */
  #serve(now: number): void {
    const countFrom = now - timerLatenessMs;
    const stalled = this.#bucket.fullAt < countFrom;
    const first = this.#queue.head;
    let head = first;
    while (head !== undefined && this.#bucket.take(head.permits, now, countFrom)) {
      this.#leave(head, now, 'success');
      this.#countGrant(head.permits);
      head.succeed();
      head = this.#queue.head;
    }
    if (stalled) this.#refuseTooLate(now);
    if (this.#timer === undefined || this.#queue.head !== first) this.#arm(now);
  }

  /** The expected times of those who wait have moved later: refuses whom that makes too late. */
  #refuseTooLate(now: number): void {
    let permitsAhead = 0;
    for (const waiter of this.#queue) {
      const waitMs = this.#bucket.waitMs(permitsAhead + waiter.permits, now);
      if (exceeds(waitMs, waiter.since + waiter.timeoutMs - now)) {
        this.#leave(waiter, now, 'failure');
        waiter.fail(this.#timedOut(waiter.timeoutMs, waitMs));
      } else {
        permitsAhead += waiter.permits;
      }
    }
  }

  #abort(waiter: Waiter<void>, reason: unknown): void {
    const now = this.#clock.monotonic();
    const first = this.#queue.head;
    this.#leave(waiter, now, 'failure');
    this.#tally.aborted();
    waiter.fail(reason);
    if (waiter !== first) return;
    this.#disarm();
    this.#serve(now);
  }

  /** Lets one timer run for the head of the queue, and none when nobody waits. */
  #arm(now: number): void {
    this.#disarm();
    const { head } = this.#queue;
    if (head === undefined) return;
    const task = (): void => {
      this.#timer = undefined;
      this.#serve(this.#clock.monotonic());
    };
    this.#timer = this.#clock.schedule(task, this.#bucket.waitMs(head.permits, now));
  }

  #disarm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #leave(waiter: Waiter<void>, now: number, outcome: 'success' | 'failure'): void {
    this.#queue.remove(waiter);
    this.#tally.unqueued(now - waiter.since, outcome);
  }

  #countGrant(permits: number): void {
    this.#grantedPermits += permits;
    this.#permitCounter.inc(permits);
    this.#tally.granted();
  }

  #timedOut(timeoutMs: number, waitMs: number): LimitTimeoutError {
    this.#tally.timedOut();
    const error = new LimitTimeoutError(this.name, timeoutMs, Math.ceil(waitMs));
    this.#logger?.debug(error.message);
    return error;
  }

  #closedError(): ClosedError {
    return new ClosedError(`limiter "${this.name}"`);
  }

  #checkPermits(permits: number): void {
    if (permits >= 1 && permits <= this.burst && Number.isInteger(permits)) return;
    throw new RangeError(
      `permits must be a whole number from 1 to the burst of ${this.burst}, got ${describeValue(permits)}`,
    );
  }
}
