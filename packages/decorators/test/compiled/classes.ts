import type { Cache, ConcurrencyLimiter, Meter, RateLimiter } from '@x/interfaces';
import { cached, concurrencyLimited, monitored, rateLimited } from '@x/decorators';
import type { Classes } from '../decorated-class.ts';

const symbolName = Symbol('symbolName');

/** The same classes for every compiler and both kinds of decorators. */
export function define(
  cache: Cache,
  meter: Meter,
  limiter: RateLimiter,
  semaphore: ConcurrencyLimiter,
): Classes {
  class Base {
    readonly id: number;
    readonly limiter = limiter;
    calls = 0;

    constructor(id: number) {
      this.id = id;
    }

    @cached(cache)
    async perInstance(value: number): Promise<number> {
      this.calls++;
      return this.id * 100 + value;
    }

    @monitored(meter)
    @cached(cache, { scope: 'shared', ttlMs: 1_000 })
    async shared(value: number): Promise<string> {
      this.calls++;
      return `base ${value}`;
    }

    @monitored(meter, 'sum_duration', { labels: { kind: 'sum' } })
    sum(left: number, right: number): number {
      return left + right;
    }

    @rateLimited((self: Base) => self.limiter, { permits: 2, timeoutMs: 50 })
    @concurrencyLimited(semaphore)
    async limited(value: string): Promise<string> {
      return `${this.id} ${value}`;
    }

    @cached(cache)
    static async ofClass(value: number): Promise<number> {
      return value + 1;
    }

    @cached(cache)
    get computed(): Promise<number> {
      this.calls++;
      return Promise.resolve(this.id);
    }

    @cached(cache, { scope: 'shared' })
    async [symbolName](): Promise<string> {
      return 'symbol';
    }

    @cached(cache)
    async generic<T>(value: T): Promise<T> {
      return value;
    }

    @monitored(meter)
    measured(): void {}
  }

  class Derived extends Base {
    @cached(cache, { scope: 'shared' })
    override async shared(value: number): Promise<string> {
      return `derived of ${await super.shared(value)}`;
    }

    @cached(cache)
    override async perInstance(value: number): Promise<number> {
      return -(await super.perInstance(value));
    }

    @cached(cache, { scope: 'shared' })
    override async [symbolName](): Promise<string> {
      return `derived ${await super[symbolName]()}`;
    }

    @monitored(meter)
    override measured(): void {
      super.measured();
    }
  }

  return { Base, Derived, symbolName };
}
