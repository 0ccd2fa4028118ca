import { describe, expect, expectTypeOf, it } from 'vitest';
import { noopMeter } from '@x/interfaces';
import { cached, concurrencyLimited, monitored, rateLimited } from '@x/decorators';
import { MapCache, OneAtATime, RecordingLimiter, SyncMapCache, TypedMapCache } from '../doubles.ts';

describe('legacy decorators', () => {
  it('refuse fields, naming the member', () => {
    expect(() => {
      class Wrong {
        // @ts-expect-error: not a method
        @cached(new MapCache())
        field = 1;
      }
      return new Wrong();
    }).toThrow(new TypeError('@cached goes on a method or a getter; Wrong.field is a field'));
  });

  it('refuse classes', () => {
    expect(() => {
      // @ts-expect-error: not a method
      @rateLimited(new RecordingLimiter())
      class Wrong {}
      return new Wrong();
    }).toThrow(/rateLimited goes on a function or a method, got class Wrong/);
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
      expect(define).toThrow(new TypeError(`@${name} goes on a method; Wrong.later is a getter`));
    }
  });

  it('refuse setters, naming the member', () => {
    const through = [
      () => {
        class Wrong {
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
    for (const define of through) expect(define).toThrow(/Wrong\.size is a setter$/);
  });
});
