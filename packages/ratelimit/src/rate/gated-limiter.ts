import {
  type Clock,
  clockOption,
  ClosedError,
  functionOption,
  inspectable,
  type Logger,
  loggerOption,
  meterOption,
  numberOption,
  type RateLimiter,
  signalOption,
  textOption,
} from '@x/interfaces';
import { LimiterMeter } from '../limiter-meter.ts';
import {
  type PriorityAcquireOptions,
  priorityOption,
  timeoutOption,
} from '../queue/acquire-options.ts';
import { Overflow } from '../queue/overflow.ts';
import { shownPermits } from '../shown-permits.ts';
import { Tally, type WaitStats } from '../tally.ts';
import type { Gate } from './gate.ts';
import { exceeds } from './gate.ts';
import type { RateLimiterOptions } from './limiter-options.ts';
import { permitsError } from './permits-error.ts';
import { checkRateCall } from './rate-call.ts';
import { RateQueue } from './rate-queue.ts';
import { createReservation, type Reservation } from './reservation.ts';

/** What a rate limiter did since it was made. Counts are of calls unless they say otherwise. */
export interface RateLimiterStats extends WaitStats {
  /** Permits handed out; one call may take several. */
  readonly grantedPermits: number;
  /** Callers waiting now. */
  readonly queued: number;
}

/** What a limiter shares with others of its kind, as those of a keyed limiter do. */
export interface SharedParts {
  readonly tally: Tally;
  readonly overflow: Overflow;
  /** Called when nobody waits any more. */
  readonly onEmpty: () => void;
}

const amount = { min: 0, max: Number.MAX_SAFE_INTEGER };

const grantedAtOnce: Promise<void> = Promise.resolve();

/** What all rate limiters do alike: whom they grant when is decided by a {@link Gate}. */
export abstract class GatedLimiter implements RateLimiter, Disposable {
  readonly name: string;
  /** @internal */
  protected readonly clock: Clock;
  /** @internal */
  protected readonly queue: RateQueue;
  readonly #gate: Gate;
  readonly #tally: Tally;
  readonly #logger: Logger | undefined;
  /** @internal */
  protected closed = false;

  /** @internal */
  protected constructor(
    gate: Gate,
    kind: string,
    options: RateLimiterOptions,
    shared?: SharedParts,
  ) {
    this.#gate = gate;
    this.name = textOption('name', options.name, kind);
    this.clock = clockOption(options.clock);
    this.#logger = loggerOption(options.logger);
    this.#tally = shared?.tally ?? createTally(options, this.name);
    const jitterMs = numberOption('jitterMs', options.jitterMs, 0, { min: 0 });
    const random = functionOption('random', options.random, Math.random);
    this.queue = new RateQueue(gate, {
      name: this.name,
      clock: this.clock,
      logger: this.#logger,
      tally: this.#tally,
      overflow: shared?.overflow ?? new Overflow(options),
      jitter: jitterMs === 0 ? () => 0 : () => jitterMs * random(),
      onEmpty: shared?.onEmpty,
    });
    inspectable(this, this.#facts);
  }

  /** The most permits that one request can get. */
  get burst(): number {
    return this.#gate.burst;
  }

  /** Callers waiting now. */
  get queued(): number {
    return this.queue.size;
  }

  /**
   * Takes `permits` now, or none. Never overtakes a caller that waits, and makes no error when it
   * refuses.
   *
   * @param permits - a whole number from 1 to `burst`
   * @throws RangeError for any other number
   */
  tryAcquire(permits: number = 1): boolean {
    if (permits !== 1) this.#checkPermits(permits);
    if (this.#take(permits, this.clock.monotonic())) return true;
    this.#tally.refused();
    return false;
  }

  /**
   * Waits for `permits`, first come first served within a priority: a large request at the head of
   * the queue holds back smaller ones behind it.
   *
   * @param permits - a whole number from 1 to `burst`
   * @throws RangeError for any other number
   * @throws TypeError when `options` are none, or have one that there is not
   * @throws RateLimitTimeoutError at once when the permits cannot be there within `timeoutMs`
   * @throws RateLimitQueueFullError when `maxQueue` callers wait already
   * @throws `signal.reason` when aborted; nothing is taken and the place in the queue is lost
   * @throws ClosedError when the limiter is closed, also during the wait
   */
  acquire(permits: number = 1, options?: PriorityAcquireOptions): Promise<void> {
    try {
      if (permits !== 1) this.#checkPermits(permits);
      if (options !== undefined) checkRateCall(options);
      const timeoutMs = options === undefined ? Infinity : timeoutOption(options);
      const priority = options === undefined ? 0 : priorityOption(options);
      const signal = signalOption(options?.signal);
      if (signal?.aborted) {
        this.#tally.aborted();
        throw signal.reason;
      }
      const now = this.clock.monotonic();
      if (this.#take(permits, now)) return grantedAtOnce;
      this.assertOpen();
      return this.queue.wait({ permits, priority, since: now, timeoutMs, signal });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Permits that {@link tryAcquire} would grant now; a fraction counts, 0 while somebody waits. */
  availablePermits(): number {
    const now = this.clock.monotonic();
    if (this.queue.size > 0) this.queue.serve(now);
    return this.queue.size > 0 ? 0 : Math.max(0, this.#gate.level(now));
  }

  /**
   * Milliseconds that {@link acquire} would wait if it were called now, without taking anything: 0
   * when the permits are there, `Infinity` when the limiter is closed.
   *
   * @param permits - a whole number from 1 to `burst`
   * @throws RangeError for any other number
   */
  estimateWaitMs(
    permits: number = 1,
    options?: { readonly priority?: number | undefined },
  ): number {
    this.#checkPermits(permits);
    if (options !== undefined) checkRateCall(options);
    return this.queue.waitMs(permits, priorityOption(options ?? {}), this.clock.monotonic());
  }

  /**
   * Takes `permits` now, also when they are not there yet, and answers how long to wait before using
   * them. Nobody is served before the reservation is paid off.
   *
   * @param permits - a whole number from 1 to `burst`
   * @returns `undefined`, and nothing is taken, when the wait would be longer than `timeoutMs`, when
   * callers wait in the queue, or when the limiter is closed
   * @throws RangeError for any other number
   */
  reserve(
    permits: number = 1,
    options?: { readonly timeoutMs?: number | undefined },
  ): Reservation | undefined {
    this.#checkPermits(permits);
    if (options !== undefined) checkRateCall(options);
    const timeoutMs = timeoutOption(options ?? {});
    const now = this.clock.monotonic();
    if (this.queue.size > 0) this.queue.serve(now);
    const waitMs = this.#gate.waitMs(permits, now);
    if (this.queue.size > 0 || waitMs === Infinity || exceeds(waitMs, timeoutMs)) {
      this.#tally.refused();
      return undefined;
    }
    this.#gate.debit(permits, now);
    this.#tally.granted(permits);
    return createReservation(permits, waitMs, () => this.refund(permits));
  }

  /**
   * Gives permits back that were granted and not used. The limiter never holds more than its burst,
   * and a pause goes on.
   *
   * @param permits - any number of at least 0, fractions too
   * @throws RangeError for any other number, TypeError for what is none
   */
  refund(permits: number): void {
    this.#debit(-numberOption('permits', permits, undefined, amount));
  }

  /**
   * Takes permits as a punishment, or for a request that turned out to cost more: there may be a debt
   * afterwards, which delays everybody. Callers who wait and whom that makes too late are refused.
   *
   * @param permits - any number of at least 0, also above `burst`
   * @throws RangeError for any other number, TypeError for what is none
   */
  penalize(permits: number): void {
    this.#debit(numberOption('permits', permits, undefined, amount));
  }

  /**
   * Grants nothing before `epochMs`, as a server asks by Retry-After. Only ever moves later. When
   * the pause ends there is one permit, and the rate goes on from there without a burst. Waiting
   * callers whose `timeoutMs` the pause makes too short are refused at once.
   *
   * @throws TypeError when `epochMs` is no number, RangeError when it is `NaN`
   */
  pauseUntil(epochMs: number): void {
    const pauseMs = numberOption('epochMs', epochMs, undefined) - this.clock.now();
    if (pauseMs <= 0) return;
    const now = this.clock.monotonic();
    if (!this.#gate.pauseUntil(now + pauseMs)) return;
    this.#logger?.info(`limiter "${this.name}" pauses for ${Math.ceil(pauseMs)} ms`);
    this.queue.reschedule(now);
  }

  /** What the limiter did since it was made. */
  stats(): RateLimiterStats {
    return {
      ...this.#tally.stats(),
      grantedPermits: this.#tally.grantedPermits,
      queued: this.queue.size,
    };
  }

  /**
   * Rejects everybody who waits, and every later `acquire`, with a ClosedError, which `load` throws. What
   * gives back, punishes or pauses does nothing any more. Safe to call twice.
   */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.queue.close();
    this.#gate.pauseUntil(Infinity);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #facts(this: void, self: GatedLimiter): object {
    return {
      name: self.name,
      ...self.rates(),
      available: self.queue.size > 0 ? 0 : shownPermits(self.#gate.level(self.clock.monotonic())),
      queued: self.queue.size,
      closed: self.closed,
    };
  }

  /** @internal */
  protected rates(): object {
    return { burst: this.burst };
  }

  /** @internal */
  protected assertOpen(): void {
    if (this.closed) throw new ClosedError(`limiter "${this.name}"`);
  }

  #take(permits: number, now: number): boolean {
    if (this.queue.size > 0) {
      this.queue.serve(now);
      if (this.queue.size > 0) return false;
    }
    if (!this.#gate.take(permits, now)) return false;
    this.#tally.granted(permits);
    return true;
  }

  #debit(permits: number): void {
    const now = this.clock.monotonic();
    this.#gate.debit(permits, now);
    this.queue.reschedule(now);
  }

  #checkPermits(permits: number): void {
    if (permits >= 1 && permits <= this.#gate.burst && Number.isInteger(permits)) return;
    throw permitsError(permits, this.#gate.burst);
  }
}

function createTally(options: RateLimiterOptions, name: string): Tally {
  const meter = meterOption(options.meter);
  return new Tally(meter === undefined ? undefined : new LimiterMeter(meter, 'rate_limiter', name));
}
