import { type ConcurrencyLimiter, inspectable, objectOption, type Permit } from '@x/interfaces';
import { checkKey, keyError } from '../key-check.ts';
import { Semaphore } from './semaphore.ts';
import type {
  SemaphoreAcquireOptions,
  SemaphoreOptions,
  SemaphoreStats,
} from './semaphore-options.ts';

/** What a {@link KeyedSemaphore} did since it was made, and how it stands, over all keys. */
export interface KeyedSemaphoreStats extends SemaphoreStats {
  /** The most permits of one key that were held at the same time. */
  readonly maxActive: number;
  /** Keys that somebody holds a permit of, or waits for. */
  readonly keys: number;
}

/**
 * A semaphore for each key, such as a host or a user, all with the same number of permits. A key costs
 * memory only while somebody holds a permit of it or waits for one; there is no timer and no clean-up.
 */
export class KeyedSemaphore implements Disposable {
  readonly #options: SemaphoreOptions;
  readonly #semaphores = new Map<string, Semaphore>();
  /** What was done for keys that are forgotten. */
  #past: SemaphoreStats;
  #closed = false;

  /** @throws what the constructor of {@link Semaphore} throws */
  constructor(options: SemaphoreOptions) {
    objectOption('options', options, '{ permits }');
    this.#options = { ...options, name: options.name ?? 'keyed-semaphore' };
    // Bad options must be told now and not with the first key.
    const sample = new Semaphore(this.#options);
    sample.close();
    this.#past = sample.stats();
    inspectable(this, this.#facts);
  }

  /**
   * Permits of `key` now, or `undefined`. Never overtakes a caller that waits for it.
   *
   * @throws TypeError for a key that is no string
   */
  tryAcquire(key: string, permits?: number): Permit | undefined {
    checkKey(key);
    return this.#use(key, (semaphore) => semaphore.tryAcquire(permits));
  }

  /**
   * Waits for permits of `key`.
   *
   * @throws what {@link Semaphore.acquire} throws, and TypeError for a key that is no string
   */
  acquire(key: string, options?: SemaphoreAcquireOptions): Promise<Permit> {
    if (typeof key !== 'string') return Promise.reject(keyError(key));
    return this.#use(key, (semaphore) => semaphore.acquire(options));
  }

  /** Runs `fn` while holding permits of `key`, and answers what it answers. */
  run<T>(key: string, fn: () => T | Promise<T>, options?: SemaphoreAcquireOptions): Promise<T> {
    if (typeof key !== 'string') return Promise.reject(keyError(key));
    return this.#use(key, (semaphore) => semaphore.run(fn, options));
  }

  /** The limiter of one key, for whoever takes a ConcurrencyLimiter. */
  forKey(key: string): ConcurrencyLimiter {
    checkKey(key);
    const semaphore = (): Semaphore | undefined => this.#semaphores.get(key);
    const { permits } = this.#options;
    return {
      tryAcquire: () => this.tryAcquire(key),
      acquire: (options) => this.acquire(key, options),
      run: (fn, options) => this.run(key, fn, options),
      get active() {
        return semaphore()?.active ?? 0;
      },
      get available() {
        return semaphore()?.available ?? permits;
      },
      get queued() {
        return semaphore()?.queued ?? 0;
      },
    };
  }

  /** What it did since it was made, and how it stands, over all keys. */
  stats(): KeyedSemaphoreStats {
    let sum = this.#past;
    for (const semaphore of this.#semaphores.values()) sum = addStats(sum, semaphore.stats());
    return { ...sum, keys: this.#semaphores.size };
  }

  /** Rejects everybody who waits, and every later call, with a ClosedError. Safe to call twice. */
  close(): void {
    this.#closed = true;
    for (const semaphore of this.#semaphores.values()) semaphore.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #facts(this: void, self: KeyedSemaphore): object {
    return {
      name: self.#options.name,
      permits: self.#options.permits,
      keys: self.#semaphores.size,
      closed: self.#closed,
    };
  }

  #use<T>(key: string, use: (semaphore: Semaphore) => T): T {
    const known = this.#semaphores.get(key);
    if (known !== undefined) return use(known);
    const semaphore = new Semaphore(this.#options);
    if (this.#closed) semaphore.close();
    this.#semaphores.set(key, semaphore);
    try {
      return use(semaphore);
    } finally {
      void this.#forgetWhenIdle(key, semaphore);
    }
  }

  async #forgetWhenIdle(key: string, semaphore: Semaphore): Promise<void> {
    if (semaphore.active > 0 || semaphore.queued > 0) {
      do await semaphore.onIdle();
      while (semaphore.active > 0 || semaphore.queued > 0);
    }
    this.#semaphores.delete(key);
    this.#past = addStats(this.#past, semaphore.stats());
  }
}

function addStats(a: SemaphoreStats, b: SemaphoreStats): SemaphoreStats {
  return {
    granted: a.granted + b.granted,
    refused: a.refused + b.refused,
    timedOut: a.timedOut + b.timedOut,
    aborted: a.aborted + b.aborted,
    queueFull: a.queueFull + b.queueFull,
    waited: a.waited + b.waited,
    totalWaitMs: a.totalWaitMs === undefined ? undefined : a.totalWaitMs + (b.totalWaitMs ?? 0),
    maxWaitMs: a.maxWaitMs === undefined ? undefined : Math.max(a.maxWaitMs, b.maxWaitMs ?? 0),
    active: a.active + b.active,
    maxActive: Math.max(a.maxActive, b.maxActive),
    queued: a.queued + b.queued,
  };
}
