import type { AcquireOptions, ConcurrencyLimiter, Permit, RateLimiter } from '@x/interfaces';
import { ToolkitError } from '@x/interfaces';

class RateLimitTimeoutError extends ToolkitError {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Grants at once what it has, and else what is given to it later. */
export class FakeRateLimiter implements RateLimiter {
  readonly taken: number[] = [];
  readonly pauses: number[] = [];
  readonly waiting: { options: AcquireOptions | undefined; grant: () => void }[] = [];
  available: number;

  constructor(available: number) {
    this.available = available;
  }

  tryAcquire(permits = 1): boolean {
    if (permits > this.available) return false;
    this.available -= permits;
    this.taken.push(permits);
    return true;
  }

  acquire(permits = 1, options?: AcquireOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const grant = (): void => {
        this.taken.push(permits);
        resolve();
      };
      this.waiting.push({ options, grant });
      options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
      if ((options?.timeoutMs ?? Infinity) < 1_000) {
        reject(new RateLimitTimeoutError('ERR_RATE_LIMIT_TIMEOUT'));
      }
    });
  }

  availablePermits(): number {
    return this.available;
  }

  pauseUntil(epochMs: number): void {
    this.pauses.push(epochMs);
  }
}

/** Counts who runs. */
export class FakeConcurrencyLimiter implements ConcurrencyLimiter {
  readonly queued = 0;
  active = 0;
  most = 0;
  taken = 0;
  waiters: ((permit: Permit) => void)[] = [];
  readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  get available(): number {
    return this.max - this.active;
  }

  tryAcquire(): Permit | undefined {
    return this.active < this.max ? this.#take() : undefined;
  }

  acquire(): Promise<Permit> {
    return new Promise((resolve) => {
      this.waiters.push(resolve);
    });
  }

  async run<T>(fn: () => T | Promise<T>): Promise<T> {
    const permit = this.tryAcquire() ?? (await this.acquire());
    try {
      return await fn();
    } finally {
      permit.release();
    }
  }

  #take(): Permit {
    this.most = Math.max(this.most, ++this.active);
    this.taken++;
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      this.active--;
      this.waiters.shift()?.(this.#take());
    };
    return { release, [Symbol.dispose]: release };
  }
}
