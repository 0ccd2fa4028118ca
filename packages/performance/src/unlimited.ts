import type { AcquireOptions, ConcurrencyLimiter, Permit, RateLimiter } from '@x/interfaces';

const granted = Promise.resolve();

/** Grants every request at once: the limiter where rate limiting is switched off. */
export const unlimitedRate: RateLimiter = {
  tryAcquire: () => true,
  acquire: () => granted,
  availablePermits: () => Infinity,
  pauseUntil: () => {},
};

/** Lets any number run: the limiter where concurrency limiting is switched off. */
export class UnlimitedConcurrency implements ConcurrencyLimiter {
  readonly available: number = Infinity;
  readonly queued: number = 0;
  #active = 0;

  get active(): number {
    return this.#active;
  }

  tryAcquire(): Permit {
    let held = true;
    this.#active++;
    const release = (): void => {
      if (held) this.#active--;
      held = false;
    };
    return { release, [Symbol.dispose]: release };
  }

  async acquire(options?: AcquireOptions): Promise<Permit> {
    options?.signal?.throwIfAborted();
    return this.tryAcquire();
  }

  async run<T>(fn: () => T | Promise<T>, options?: AcquireOptions): Promise<T> {
    const permit = await this.acquire(options);
    try {
      return await fn();
    } finally {
      permit.release();
    }
  }
}
