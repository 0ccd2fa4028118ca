import {
  type AcquireOptions,
  type Clock,
  ClosedError,
  type ConcurrencyLimiter,
  describeValue,
  type CounterChild,
  type GaugeChild,
  type Logger,
  type Meter,
  noopMeter,
  numberOption,
  type Permit,
  systemClock,
  textOption,
} from '@x/interfaces';
import { ConcurrencyTimeoutError } from './concurrency-timeout-error.ts';
import { HeldPermit } from './held-permit.ts';
import { QueueFullError } from './queue-full-error.ts';
import { timeoutOption } from './timeout-option.ts';
import { Tally, type WaitStats } from './tally.ts';
import { Waiter, type WaitRequest } from './waiter.ts';
import { WaiterQueue } from './waiter-queue.ts';

/** How a {@link Semaphore} limits. */
export interface SemaphoreOptions {
  /** How many may hold a permit at the same time. A whole number, at least 1. */
  readonly permits: number;
  /**
   * How many callers may wait; one more is refused at once. 0 means that nobody waits.
   * @defaultValue `Infinity`
   */
  readonly maxQueue?: number | undefined;
  /** Names the limiter in errors, log lines and metrics. @defaultValue `'semaphore'` */
  readonly name?: string | undefined;
  /** Source of time. Pass your own to test without waiting. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Told of calls that timed out or found the queue full (debug). @defaultValue none */
  readonly logger?: Logger | undefined;
  /** Where the limiter measures itself. @defaultValue nowhere */
  readonly meter?: Meter | undefined;
}

/** What a {@link Semaphore} did since it was made, and how it stands. */
export interface SemaphoreStats extends WaitStats {
  /** Calls that failed because too many waited already. */
  readonly queueFull: number;
  /** Permits held now. */
  readonly active: number;
  /** The most permits that were held at the same time. */
  readonly maxActive: number;
  /** Callers waiting now. */
  readonly queued: number;
}

/**
 * Bounds how many run at the same time. A released permit goes straight to the caller who has waited
 * longest, so nobody who was accepted is overtaken or turned away. Queued work runs in the
 * AsyncLocalStorage context of the caller who queued it.
 */
export class Semaphore implements ConcurrencyLimiter, Disposable {
  readonly name: string;
  readonly permits: number;
  readonly maxQueue: number;
  readonly #queue = new WaiterQueue<void>();
  readonly #clock: Clock;
  readonly #logger: Logger | undefined;
  readonly #tally: Tally;
  readonly #queueFullCounter: CounterChild;
  readonly #activeGauge: GaugeChild;
  #active = 0;
  #maxActive = 0;
  #queueFull = 0;
  #closed = false;

  readonly #giveBack = (): void => {
    const { head } = this.#queue;
    if (head === undefined) {
      this.#active--;
      this.#activeGauge.dec();
    } else {
      this.#leave(head, 'success');
      this.#tally.granted();
      head.succeed();
    }
  };
  readonly #newPermit = (): Permit => new HeldPermit(this.#giveBack);
  readonly #onValue = <T>(value: T): T => {
    this.#giveBack();
    return value;
  };
  readonly #onError = (error: unknown): never => {
    this.#giveBack();
    throw error;
  };
  readonly #onAbort = (waiter: Waiter<void>, reason: unknown): void => {
    this.#leave(waiter, 'failure');
    this.#tally.aborted();
    waiter.fail(reason);
  };

  /**
   * @throws TypeError when an option is of the wrong type
   * @throws RangeError when `permits` is not a whole number of at least 1, or `maxQueue` of at least 0
   */
  constructor(options: SemaphoreOptions) {
    this.permits = permitsOption(options.permits);
    this.maxQueue = numberOption('maxQueue', options.maxQueue, Infinity, { min: 0, integer: true });
    this.name = textOption('name', options.name, 'semaphore');
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger;
    const meter = options.meter ?? noopMeter;
    this.#tally = new Tally(meter, 'concurrency_limiter', this.name);
    this.#queueFullCounter = meter
      .counter('concurrency_limiter_queue_full_total', {
        help: 'Calls refused because too many waited already.',
        labelNames: ['name'],
      })
      .labels(this.name);
    this.#activeGauge = meter
      .gauge('concurrency_limiter_active', { help: 'Permits held.', labelNames: ['name'] })
      .labels(this.name);
  }

  get active(): number {
    return this.#active;
  }

  get available(): number {
    return this.#closed ? 0 : this.permits - this.#active;
  }

  get queued(): number {
    return this.#queue.size;
  }

  /** A permit now, or `undefined`. Never overtakes a caller that waits, and makes no error. */
  tryAcquire(): Permit | undefined {
    if (this.#takeNow()) return this.#newPermit();
    this.#tally.refused();
    return undefined;
  }

  /**
   * Waits for a permit, first come first served. Release it when done, or hold it by `using`.
   *
   * @throws {@link ConcurrencyTimeoutError} when `timeoutMs` passes first
   * @throws {@link QueueFullError} at once when `maxQueue` callers wait already
   * @throws `signal.reason` when aborted; the place in the queue is lost
   * @throws ClosedError when the limiter is closed, also during the wait
   */
  acquire(options?: AcquireOptions): Promise<Permit> {
    return this.#enter(options)?.then(this.#newPermit) ?? Promise.resolve(this.#newPermit());
  }

  /**
   * Runs `fn` while holding a permit, and answers what it answers. When a permit is free, `fn`
   * starts before `run` returns. Fails as {@link acquire} does; `fn` is not called then.
   */
  run<T>(fn: () => T | Promise<T>, options?: AcquireOptions): Promise<T> {
    const wait = this.#enter(options);
    if (wait === undefined) return this.#runHeld(fn);
    // The reaction is registered here, in the caller's context, and so it runs in it.
    return wait.then(() => {
      if (!options?.signal?.aborted) return this.#runHeld(fn);
      this.#giveBack();
      throw options.signal.reason;
    });
  }

  /** What the limiter did since it was made, and how it stands. */
  stats(): SemaphoreStats {
    return {
      ...this.#tally.stats(),
      queueFull: this.#queueFull,
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
    for (const waiter of this.#queue) {
      this.#leave(waiter, 'failure');
      waiter.fail(this.#closedError());
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #takeNow(): boolean {
    if (this.#active >= this.permits || this.#closed) return false;
    this.#active++;
    this.#activeGauge.inc();
    if (this.#active > this.#maxActive) this.#maxActive = this.#active;
    this.#tally.granted();
    return true;
  }

  #runHeld<T>(fn: () => T | Promise<T>): Promise<T> {
    let result;
    try {
      result = fn();
    } catch (error) {
      this.#giveBack();
      return Promise.reject(error);
    }
    return Promise.resolve(result).then<T>(this.#onValue, this.#onError);
  }

  /** Takes a permit: at once, which it says by `undefined`, or when the promise resolves. */
  #enter(options: AcquireOptions | undefined): Promise<void> | undefined {
    if (options === undefined) return this.#takeNow() ? undefined : this.#wait(Infinity);
    try {
      const timeoutMs = timeoutOption(options);
      if (options.signal?.aborted) {
        this.#tally.aborted();
        throw options.signal.reason;
      }
      return this.#takeNow() ? undefined : this.#wait(timeoutMs, options.signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #wait(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw this.#closedError();
      if (this.#queue.size >= this.maxQueue) throw this.#full();
      if (timeoutMs === 0) throw this.#timedOut(timeoutMs);
      const request: WaitRequest = {
        permits: 1,
        since: this.#clock.monotonic(),
        timeoutMs,
        signal,
      };
      const waiter = new Waiter(request, this.#onAbort, resolve, reject);
      this.#queue.push(waiter);
      this.#tally.queued();
      if (timeoutMs < Infinity) {
        waiter.timer = this.#clock.schedule(() => this.#expire(waiter), timeoutMs);
      }
    });
  }

  #expire(waiter: Waiter<void>): void {
    this.#leave(waiter, 'failure');
    waiter.fail(this.#timedOut(waiter.timeoutMs));
  }

  #leave(waiter: Waiter<void>, outcome: 'success' | 'failure'): void {
    this.#queue.remove(waiter);
    this.#tally.unqueued(this.#clock.monotonic() - waiter.since, outcome);
  }

  #timedOut(timeoutMs: number): ConcurrencyTimeoutError {
    this.#tally.timedOut();
    const error = new ConcurrencyTimeoutError(this.name, timeoutMs);
    this.#logger?.debug(error.message);
    return error;
  }

  #full(): QueueFullError {
    this.#queueFull++;
    this.#queueFullCounter.inc();
    const error = new QueueFullError(this.name, this.maxQueue);
    this.#logger?.debug(error.message);
    return error;
  }

  #closedError(): ClosedError {
    return new ClosedError(`limiter "${this.name}"`);
  }
}

function permitsOption(value: number): number {
  const range = { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true };
  if (typeof value !== 'number') {
    throw new TypeError(
      `permits must be a whole number of at least 1, got ${describeValue(value)}`,
    );
  }
  return numberOption('permits', value, value, range);
}
