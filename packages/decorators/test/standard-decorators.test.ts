import { describe, expect, expectTypeOf, it } from 'vitest';
import { noopMeter, type Meter } from '@x/interfaces';
import { cached, concurrencyLimited, monitored, rateLimited } from '@x/decorators';
import { MapCache, OneAtATime, RecordingLimiter, SyncMapCache, TypedMapCache } from './doubles.ts';
import { RecordingMeter } from './recording-meter.ts';
import { PendingBody } from './thenables.ts';

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
    expect([...cache.entries.keys()][0]).toMatch(/^#secret:2#/);
  });

  it('keep results of instances apart that are asked with the same argument', () => {
    class Shop {
      readonly name: string;
      constructor(name: string) {
        this.name = name;
      }

      @cached(new SyncMapCache())
      price(item: string): string {
        return `${item} of ${this.name}`;
      }
    }
    const [one, two] = [new Shop('one'), new Shop('two')];
    for (const _round of [1, 2]) {
      expect([one.price('tea'), two.price('tea')]).toEqual(['tea of one', 'tea of two']);
    }
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

  it('keep the types of generic methods', () => {
    class Same {
      @cached(new MapCache())
      async same<T>(value: T): Promise<T> {
        return value;
      }

      @cached(new TypedMapCache<string, number>())
      double(value: number): number {
        return value * 2;
      }

      @cached(new TypedMapCache<string, number>())
      get two(): number {
        return 2;
      }
    }
    expectTypeOf<Same['same']>().toEqualTypeOf<<T>(value: T) => Promise<T>>();
    const one = new Same();
    expect([one.double(1), one.two]).toEqual([2, 2]);
  });

  it('refuse methods whose promise can do more than the plain one that comes back', async () => {
    class Bodies {
      // @ts-expect-error: a plain promise has no json()
      @monitored(noopMeter)
      measured(): PendingBody {
        return new PendingBody((resolve) => resolve('1'));
      }

      @monitored(noopMeter)
      plain(): Promise<string> {
        return new PendingBody((resolve) => resolve('1'));
      }
    }
    expect(await new Bodies().plain()).toBe('1');
  });

  it('refuse values that the cache does not hold, by their types', () => {
    class Texts {
      // @ts-expect-error: the cache holds numbers
      @cached(new TypedMapCache<string, number>())
      text(): string {
        return 'x';
      }
    }
    expect(new Texts().text()).toBe('x');
  });

  it('refuse limits on getters, naming the member', () => {
    const limits: [string, () => unknown][] = [
      [
        'rateLimited',
        () => {
          class Wrong {
            // @ts-expect-error: a getter
            @rateLimited(new RecordingLimiter())
            get later(): Promise<number> {
              return Promise.resolve(1);
            }
          }
          return Wrong;
        },
      ],
      [
        'concurrencyLimited',
        () => {
          class Wrong {
            // @ts-expect-error: a getter
            @concurrencyLimited(new OneAtATime())
            get later(): Promise<number> {
              return Promise.resolve(1);
            }
          }
          return Wrong;
        },
      ],
    ];
    for (const [name, define] of limits) {
      expect(define).toThrow(new TypeError(`@${name} goes on a method; later is a getter`));
    }
  });

  it('ask for a name where no class can be found, instead of guessing', async () => {
    const cache = new MapCache();
    const foreign = <Self, Args extends unknown[], R>(method: (this: Self, ...args: Args) => R) =>
      function (this: Self, ...args: Args): R {
        return method.apply(this, args);
      };
    class Base {
      @foreign
      @cached(cache, { scope: 'shared' })
      async hidden(): Promise<number> {
        return 1;
      }

      @cached(cache, { scope: () => 'x' })
      async load(): Promise<number> {
        return 1;
      }

      @foreign
      @cached(cache, { scope: 'shared', name: 'named' })
      async named(): Promise<number> {
        return 1;
      }
    }
    class Derived extends Base {}
    const asks = (member: string): TypeError =>
      new TypeError(
        `cached needs the option name for ${member}: the class that declares it cannot be found`,
      );

    await expect(new Derived().hidden()).rejects.toThrow(asks('hidden'));
    const { load } = Base.prototype;
    await expect(load()).rejects.toThrow(asks('load'));
    await expect(load.call({ load } as Base)).rejects.toThrow(asks('load'));
    const borrower = { load, constructor: Map } as unknown as Base;
    await expect(load.call(borrower)).rejects.toThrow(asks('load'));
    class NoName {
      static load = load;
    }
    Object.defineProperty(NoName, 'name', { value: '' });
    await expect(load.call(NoName as never)).rejects.toThrow(asks('load'));
    expect(await new Derived().load()).toBe(1);
    expect(await new Derived().named()).toBe(1);
    expect([...cache.entries.keys()]).toEqual(['Base.load:#"x"', 'named:']);
  });

  it('ask for a name on private members whose results are shared', () => {
    expect(() => {
      class Vault {
        @cached(new MapCache(), { scope: 'shared' })
        async #secret(): Promise<void> {}

        open(): Promise<void> {
          return this.#secret();
        }
      }
      return Vault;
    }).toThrow(/^cached needs the option name for #secret/);
  });

  it('keep private members of one name in base and derived class apart', async () => {
    const cache = new MapCache();
    class Base {
      @cached(cache)
      async #load(): Promise<string> {
        return 'base';
      }

      base(): Promise<string> {
        return this.#load();
      }
    }
    class Derived extends Base {
      @cached(cache)
      async #load(): Promise<string> {
        return 'derived';
      }

      derived(): Promise<string> {
        return this.#load();
      }
    }
    const one = new Derived();
    expect([await one.base(), await one.derived()]).toEqual(['base', 'derived']);
    expect(cache.entries.size).toBe(2);
  });

  it('measure under the bare name where no class can be found', () => {
    const meter = new RecordingMeter();
    class Base {
      @monitored(meter)
      #inner(): void {}

      @monitored(meter)
      load(): void {}

      callInner(): void {
        this.#inner();
      }
    }
    class Derived extends Base {}
    Base.prototype.load.call(undefined as never);
    new Derived().load();
    new Derived().callInner();

    expect(meter.calls).toEqual([
      'function_duration{function=load}',
      'function_duration{function=Base.load}',
      'function_duration{function=#inner}',
    ]);
  });

  it('refuse setters, naming the member', () => {
    const through = [
      () => {
        class Wrong {
          // @ts-expect-error: a setter
          @cached(new SyncMapCache())
          set size(_value: number) {}
        }
        return Wrong;
      },
      () => {
        class Wrong {
          // @ts-expect-error: a setter
          @cached(new MapCache())
          set size(_value: number) {}
        }
        return Wrong;
      },
      () => {
        class Wrong {
          // @ts-expect-error: a setter
          @monitored(noopMeter)
          set size(_value: number) {}
        }
        return Wrong;
      },
      () => {
        class Wrong {
          // @ts-expect-error: a setter
          @rateLimited(new RecordingLimiter())
          set size(_value: number) {}
        }
        return Wrong;
      },
    ];
    for (const define of through) expect(define).toThrow(/size is a setter$/);
  });
});
