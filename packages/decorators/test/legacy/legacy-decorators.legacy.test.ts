import { describe, expect, it } from 'vitest';
import { cached, concurrencyLimited, monitored, rateLimited } from '@x/decorators';
import { MapCache, RecordingLimiter } from '../doubles.ts';
import { describeDecoratedClass } from '../decorated-class.ts';

const symbolName = Symbol('symbolName');

describeDecoratedClass('legacy decorators', (cache, meter, limiter, semaphore) => {
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

    @cached(cache)
    async [symbolName](): Promise<string> {
      return 'symbol';
    }
  }

  class Derived extends Base {
    @cached(cache, { scope: 'shared' })
    override async shared(value: number): Promise<string> {
      return `derived of ${await super.shared(value)}`;
    }
  }

  return { Base, Derived, symbolName };
});

describe('legacy decorators', () => {
  it('refuse fields, naming the member', () => {
    expect(() => {
      class Wrong {
        // @ts-expect-error: not a method
        @cached(new MapCache())
        field = 1;
      }
      return new Wrong();
    }).toThrow(new TypeError('@cached goes on a method or a getter; Wrong.field is neither'));
  });

  it('refuse classes', () => {
    expect(() => {
      // @ts-expect-error: not a method
      @rateLimited(new RecordingLimiter())
      class Wrong {}
      return new Wrong();
    }).toThrow(/rateLimited goes on a function, a method or a getter, got class Wrong/);
  });
});
