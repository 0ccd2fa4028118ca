import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  isExpired,
  days,
  hours,
  minutes,
  seconds,
  type Awaitable,
  type Cache,
  type ConcurrencyLimiter,
  type Entry,
  type Logger,
  type Permit,
  type RateLimiter,
  type Store,
  type SyncCache,
} from '@x/interfaces';

describe('units', () => {
  it('answer milliseconds', () => {
    expect([seconds(2), minutes(5), hours(1), days(1)]).toEqual([
      2_000, 300_000, 3_600_000, 86_400_000,
    ]);
  });
});

describe('isExpired', () => {
  it('is true from the deadline on, and never without one', () => {
    const entry: Entry = { value: 1, createdAt: 0, expiresAt: 10 };

    expect(isExpired(entry, 9)).toBe(false);
    expect(isExpired(entry, 10)).toBe(true);
    expect(isExpired({ value: 1, createdAt: 0 }, 1e15)).toBe(false);
  });
});

describe('the contracts', () => {
  it('let a store answer at once or later', () => {
    expectTypeOf<ReturnType<Store<string>['get']>>().toEqualTypeOf<
      Awaitable<Entry<string> | undefined>
    >();
    expectTypeOf<Store['mark']>().toBeNullable();
    expectTypeOf<Store['lease']>().toBeNullable();
    expectTypeOf<Store['changesSince']>().toBeNullable();
  });

  it('infer the value of a cache from its loader', () => {
    const read = (cache: Cache): Promise<number> => cache.getOrSet('a', async () => 5);
    const readSync = (cache: SyncCache): number => cache.getOrSet('a', () => 5);

    expectTypeOf(read).returns.resolves.toBeNumber();
    expectTypeOf(readSync).returns.toBeNumber();
  });

  it('let a permit be used with `using`', () => {
    expectTypeOf<Permit>().toExtend<Disposable>();
    expectTypeOf<ConcurrencyLimiter['tryAcquire']>().returns.toEqualTypeOf<Permit | undefined>();
    expectTypeOf<RateLimiter['acquire']>().returns.resolves.toBeVoid();
  });

  it('accept console as a logger', () => {
    expectTypeOf<Console>().toExtend<Logger>();
  });
});
