import { describe, expect, it } from 'vitest';
import { noopMeter, type Meter } from '@x/interfaces';
import { cached, concurrencyLimited, monitored, rateLimited } from '@x/decorators';
import { MapCache, OneAtATime, RecordingLimiter } from './doubles.ts';
import { describeDecoratedClass } from './decorated-class.ts';

const symbolName = Symbol('symbolName');

describeDecoratedClass('standard decorators', (cache, meter, limiter, semaphore) => {
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

describe('standard decorators', () => {
  it('work on private methods', async () => {
    const cache = new MapCache();
    class Vault {
      calls = 0;

      @cached(cache)
      async #secret(value: number): Promise<number> {
        this.calls++;
        return value * 2;
      }

      open(value: number): Promise<number> {
        return this.#secret(value);
      }
    }
    const vault = new Vault();

    expect([await vault.open(2), await vault.open(2), vault.calls]).toEqual([4, 4, 1]);
    expect([...cache.entries.keys()][0]).toMatch(/^Vault\.#secret:2#/);
  });

  it('refuse fields, naming the member', () => {
    expect(() => {
      class Wrong {
        // @ts-expect-error: not a method
        @cached(new MapCache())
        field = 1;
      }
      return new Wrong();
    }).toThrow(new TypeError('@cached goes on a method or a getter; field is a field'));
  });

  it('refuse classes', () => {
    expect(() => {
      // @ts-expect-error: not a method
      @rateLimited(new RecordingLimiter())
      class Wrong {}
      return new Wrong();
    }).toThrow(TypeError);
  });

  it('reject synchronous methods where the answer must come later, by their types', () => {
    class Wrong {
      // @ts-expect-error: the method is synchronous
      @cached(new MapCache())
      load(): number {
        return 1;
      }

      // @ts-expect-error: the method is synchronous
      @rateLimited(new RecordingLimiter())
      call(): number {
        return 1;
      }

      // @ts-expect-error: the method is synchronous
      @concurrencyLimited(new OneAtATime())
      run(): number {
        return 1;
      }

      @monitored(noopMeter satisfies Meter)
      fine(): number {
        return 1;
      }
    }
    expect(new Wrong().fine()).toBe(1);
  });
});
