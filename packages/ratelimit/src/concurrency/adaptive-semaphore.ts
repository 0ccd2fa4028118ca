import {
  checkOptionNames,
  type Clock,
  clockOption,
  type ConcurrencyLimiter,
  describeValue,
  functionOption,
  inspectable,
  objectOption,
  type OptionNames,
  type Permit,
  pickOptions,
} from '@x/interfaces';
import type { PriorityAcquireOptions } from '../queue/acquire-options.ts';
import { type AdaptiveLimitOptions, Aimd } from './aimd.ts';
import { Semaphore } from './semaphore.ts';
import {
  misnamedWaiting,
  type SemaphoreOptions,
  type SemaphoreStats,
  waitingOptionNames,
} from './semaphore-options.ts';

/** How an {@link AdaptiveSemaphore} limits. */
export interface AdaptiveSemaphoreOptions
  extends AdaptiveLimitOptions, Omit<SemaphoreOptions, 'permits'> {
  /**
   * Whether a run that failed with `error` is a sign of overload. A refusal for bad input is not.
   * @defaultValue every error is
   */
  readonly isOverload?: ((error: unknown) => boolean) | undefined;
}

const bounds = 'initialPermits, minPermits or maxPermits';

const optionNames: OptionNames<AdaptiveSemaphoreOptions> = {
  known: {
    targetMs: true,
    initialPermits: true,
    minPermits: true,
    maxPermits: true,
    decreaseFactor: true,
    toleranceRatio: true,
    isOverload: true,
    ...waitingOptionNames,
  },
  misnamed: {
    ...misnamedWaiting,
    permits: bounds,
    concurrency: bounds,
    limit: bounds,
    initialLimit: 'initialPermits',
    minLimit: 'minPermits',
    min: 'minPermits',
    maxLimit: 'maxPermits',
    max: 'maxPermits',
  },
};

/**
 * A semaphore that finds its number of permits itself: it grows while runs are quick, and shrinks when
 * more than a few of them are slower than `targetMs` or fail. What it cannot let run it queues, so
 * bound the queue, and give callers a `timeoutMs`.
 */
export class AdaptiveSemaphore implements ConcurrencyLimiter, Disposable {
  readonly #semaphore: Semaphore;
  readonly #aimd: Aimd;
  readonly #clock: Clock;
  readonly #isOverload: (error: unknown) => boolean;

  /** @throws TypeError or RangeError when an option is not what {@link AdaptiveSemaphoreOptions} says */
  constructor(options: AdaptiveSemaphoreOptions) {
    objectOption('options', options, '{ targetMs }');
    checkOptionNames(options, optionNames);
    this.#aimd = new Aimd(options);
    this.#semaphore = new Semaphore({
      ...pickOptions(options, waitingOptionNames),
      name: options.name ?? 'adaptive-semaphore',
      permits: this.#aimd.limit,
    });
    this.#clock = clockOption(options.clock);
    this.#isOverload = functionOption('isOverload', options.isOverload, () => true);
    inspectable(this, this.#facts);
  }

  /** How many permits there are now. */
  get permits(): number {
    return this.#semaphore.permits;
  }

  get active(): number {
    return this.#semaphore.active;
  }

  get available(): number {
    return this.#semaphore.available;
  }

  get queued(): number {
    return this.#semaphore.queued;
  }

  /**
   * Permits now, 1 by default, or `undefined`. How long they are held counts as the duration of a run that succeeded.
   *
   * @throws RangeError for more than there are now, TypeError for what is no number
   */
  tryAcquire(permits?: number): Permit | undefined {
    const permit = this.#semaphore.tryAcquire(permits);
    return permit === undefined ? undefined : this.#measured(permit);
  }

  /** Waits for a permit. How long it is held counts as the duration of a run that succeeded. */
  acquire(options?: PriorityAcquireOptions): Promise<Permit> {
    return this.#semaphore.acquire(options).then((permit) => this.#measured(permit));
  }

  /** Runs `fn` while holding a permit, measures it, and answers what it answers. */
  run<T>(fn: () => T | Promise<T>, options?: PriorityAcquireOptions): Promise<T> {
    if (typeof fn !== 'function') {
      return Promise.reject(new TypeError(`fn must be a function, got ${describeValue(fn)}`));
    }
    return this.#semaphore.run(async () => {
      const startedAt = this.#clock.monotonic();
      let failed = false;
      try {
        return await fn();
      } catch (error) {
        failed = this.#isOverload(error);
        throw error;
      } finally {
        this.#record(startedAt, failed);
      }
    }, options);
  }

  /** What the limiter did since it was made, and how it stands. */
  stats(): SemaphoreStats {
    return this.#semaphore.stats();
  }

  /** Resolves when no permit is held and nobody waits. */
  onIdle(): Promise<void> {
    return this.#semaphore.onIdle();
  }

  /** Rejects everybody who waits, and every later call, with a ClosedError. Safe to call twice. */
  close(): void {
    this.#semaphore.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #facts(this: void, self: AdaptiveSemaphore): object {
    return {
      name: self.#semaphore.name,
      permits: self.permits,
      active: self.active,
      queued: self.queued,
    };
  }

  #measured(permit: Permit): Permit {
    const startedAt = this.#clock.monotonic();
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      this.#record(startedAt, false);
      permit.release();
    };
    return { release, [Symbol.dispose]: release };
  }

  #record(startedAt: number, failed: boolean): void {
    const durationMs = this.#clock.monotonic() - startedAt;
    if (this.#aimd.record(durationMs, failed, this.#semaphore.active)) {
      this.#semaphore.resize(this.#aimd.limit);
    }
  }
}
