import {
  type AcquireOptions,
  type ConcurrencyLimiter,
  numberOption,
  type Permit,
  type RateLimiter,
  signalOption,
} from '@x/interfaces';

const checkPermits = (permits: number | undefined): void => {
  numberOption('permits', permits, 1, { min: 1, integer: true });
};

/** Grants every request at once: the limiter where rate limiting is switched off. */
export const unlimitedRate: RateLimiter = {
  tryAcquire: (permits) => {
    checkPermits(permits);
    return true;
  },
  acquire: async (permits, options) => {
    checkPermits(permits);
    signalOption(options?.signal)?.throwIfAborted();
  },
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
    signalOption(options?.signal)?.throwIfAborted();
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
