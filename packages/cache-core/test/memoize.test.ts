import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { CacheManager, memoize, MemoryCache } from '../src/index.ts';

describe('memoize', () => {
  it('runs the function once for the same arguments, also at the same time', async () => {
    let runs = 0;
    const square = memoize(async (n: number) => {
      runs++;
      return n * n;
    });

    expect(await Promise.all([square(3), square(3), square(4)])).toEqual([9, 9, 16]);
    expect(await square(3)).toBe(9);
    expect(runs).toBe(2);
    expectTypeOf(square).parameters.toEqualTypeOf<[n: number]>();
    expectTypeOf(square(1)).resolves.toEqualTypeOf<number>();
  });

  it('does not keep an error, and rejects when the function throws', async () => {
    let runs = 0;
    const fail = memoize((): number => {
      runs++;
      throw new Error('no');
    });

    await expect(fail()).rejects.toThrow('no');
    await expect(fail()).rejects.toThrow('no');
    expect(runs).toBe(2);
  });

  it('keeps this, and takes options of getOrSet', async () => {
    const cache = new CacheManager();
    const counter = {
      count: 0,
      next: memoize(
        async function (this: { count: number }, _name: string) {
          return ++this.count;
        },
        { cache: cache.namespace('counter:'), tags: ['counters'] },
      ),
    };

    expect(await counter.next('a')).toBe(1);
    expect(await cache.get('counter:"a"')).toBe(1);
    expect(await cache.invalidateTags(['counters'])).toBe(1);
    expect(await counter.next('a')).toBe(2);
    await counter.next.cache.delete(counter.next.keyOf('a'));
    expect(await counter.next('a')).toBe(3);
    expect(counter.count).toBe(3);
  });

  it('takes a key for arguments that are no primitives, and refuses them without one', async () => {
    const name = memoize(async (user: { id: number }) => `user ${user.id}`, {
      key: (user) => `${user.id}`,
    });
    const other = memoize(async (user: object) => user);

    expect(await name({ id: 1 })).toBe('user 1');
    expect(await name.cache.get('1')).toBe('user 1');
    await expect(other({})).rejects.toThrow(
      'arguments must be primitives unless there is a key, got an object',
    );
    await expect(other(Symbol('s') as never)).rejects.toThrow(TypeError);
  });

  it.each([
    [new Map(), 'an object'],
    [null, 'null'],
    [
      new MemoryCache(),
      'one that answers at once and would keep failed promises: use cached(cache)(fn) of @x/decorators',
    ],
  ])('refuses what is no cache for promises: %o', (cache, got) => {
    expect(() => memoize(() => 1, { cache: cache as never })).toThrow(
      new TypeError(`cache must be a CacheManager or a namespace of one, got ${got}`),
    );
  });

  it('refuses what is no function', () => {
    expect(() => memoize(5 as never)).toThrow('fn must be a function, got 5');
    expect(() => memoize(() => 1, { key: 'id' as never })).toThrow('key must be a function');
  });

  it('tells all primitive arguments apart', () => {
    const { keyOf } = memoize((..._args: unknown[]) => 1);
    const primitive = fc.oneof(
      fc.string(),
      fc.constantFrom('', '"', '","', '\\', '\\"', '1', '1n', 'null', 'undefined', ','),
      fc.double(),
      fc.integer(),
      fc.bigInt(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
    );
    const list = fc.array(primitive, { maxLength: 4 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const isSame = a.length === b.length && a.every((part, at) => Object.is(part, b[at]));
        expect(keyOf(...a) === keyOf(...b)).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });
});
