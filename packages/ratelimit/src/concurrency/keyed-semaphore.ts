import { type ConcurrencyLimiter, objectOption, type Permit } from '@x/interfaces';
import { Semaphore } from './semaphore.ts';
import type { SemaphoreAcquireOptions, SemaphoreOptions } from './semaphore-options.ts';

/** How a {@link KeyedSemaphore} stands, over all keys. */
export interface KeyedSemaphoreStats {
  /** Keys that somebody holds a permit of, or waits for. */
  readonly keys: number;
  /** Permits held now. */
  readonly active: number;
  /** Callers waiting now. */
  readonly queued: number;
}

/**
 * A semaphore for each key, such as a host or a user, all with the same number of permits. A key costs
 * memory only while somebody holds a permit of it or waits for one; there is no timer and no clean-up.
 */
export class KeyedSemaphore implements Disposable {
  readonly #options: SemaphoreOptions;
  readonly #semaphores = new Map<string, Semaphore>();
  #closed = false;

  /** @throws what the constructor of {@link Semaphore} throws */
  constructor(options: SemaphoreOptions) {
    objectOption('options', options, '{ permits }');
    this.#options = { ...options, name: options.name ?? 'keyed-semaphore' };
    // Bad options must be told now and not with the first key.
    new Semaphore(this.#options).close();
  }

  /** Permits of `key` now, or `undefined`. Never overtakes a caller that waits for it. */
  tryAcquire(key: string, permits?: number): Permit | undefined {
    return this.#use(key, (semaphore) => semaphore.tryAcquire(permits));
  }

  /** Waits for permits of `key`. Throws what {@link Semaphore.acquire} throws. */
  acquire(key: string, options?: SemaphoreAcquireOptions): Promise<Permit> {
    return this.#use(key, (semaphore) => semaphore.acquire(options));
  }

  /** Runs `fn` while holding permits of `key`, and answers what it answers. */
  run<T>(key: string, fn: () => T | Promise<T>, options?: SemaphoreAcquireOptions): Promise<T> {
    return this.#use(key, (semaphore) => semaphore.run(fn, options));
  }

  /** The limiter of one key, for whoever takes a ConcurrencyLimiter. */
  forKey(key: string): ConcurrencyLimiter {
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

  /** How it stands, over all keys. */
  stats(): KeyedSemaphoreStats {
    let active = 0;
    let queued = 0;
    for (const semaphore of this.#semaphores.values()) {
      active += semaphore.active;
      queued += semaphore.queued;
    }
    return { keys: this.#semaphores.size, active, queued };
  }

  /** Rejects everybody who waits, and every later call, with a ClosedError. Safe to call twice. */
  close(): void {
    this.#closed = true;
    for (const semaphore of this.#semaphores.values()) semaphore.close();
  }

  [Symbol.dispose](): void {
    this.close();
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
  }
}
