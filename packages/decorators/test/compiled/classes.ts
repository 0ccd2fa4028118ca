import {
  cached,
  circuitBroken,
  concurrencyLimited,
  monitored,
  policies,
  rateLimited,
  retried,
  timeLimited,
} from '@x/decorators';
import type { Classes, Parts } from '../decorated-class.ts';

const symbolName = Symbol('symbolName');

/** The same classes for every compiler and both kinds of decorators. */
export function define(parts: Parts): Classes {
  const { cache, meter, limiter, semaphore, breaker, clock } = parts;

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

    @retried({ clock, backoffMs: 0 })
    async flaky(failures: number): Promise<number> {
      if (this.calls++ < failures) throw new Error('no');
      return this.calls;
    }

    @timeLimited({ timeoutMs: 100, clock })
    async slow(answer: Promise<string>): Promise<string> {
      return answer;
    }

    @circuitBroken(breaker)
    async guarded(value: string): Promise<string> {
      return `${this.id} ${value}`;
    }

    @policies(
      timeLimited({ timeoutMs: 100, clock }),
      rateLimited((self: Base) => self.limiter),
      retried({ clock, backoffMs: 0 }),
      cached(cache, { scope: 'shared' }),
      monitored(meter),
    )
    async everything(value: string): Promise<string> {
      if (this.calls++ === 0) throw new Error('no');
      return `${this.id} ${value}`;
    }

    @rateLimited(limiter)
    async *items(to: number): AsyncGenerator<number> {
      for (let item = 1; item <= to; item++) yield item * this.id;
    }
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
