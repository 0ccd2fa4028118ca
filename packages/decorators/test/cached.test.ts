import { describe, expect, expectTypeOf, it } from 'vitest';
import { cached } from '@x/decorators';
import { MapCache, SyncMapCache } from './doubles.ts';

describe('cached(cache)(fn)', () => {
  it('runs the function once per argument list', async () => {
    let calls = 0;
    const double = cached(new MapCache())(async function double(value: number) {
      calls++;
      return value * 2;
    });

    expect([await double(2), await double(2), await double(3)]).toEqual([4, 4, 6]);
    expect(calls).toBe(2);
  });

  it('begins keys with the name, then the arguments', async () => {
    const cache = new MapCache();
    const load = async (_id: string, _options?: object): Promise<null> => null;
    await cached(cache)(load)('a');
    await cached(cache)(load)('a', { deep: true });
    await cached(cache, { name: 'users' })(load)('a');
    await cached(cache, { key: (id: string) => id.toUpperCase() })(load)('a');

    expect([...cache.entries.keys()]).toEqual([
      'load:"a"',
      'load:"a",{"deep":true}',
      'users:"a"',
      'load:A',
    ]);
  });

  it('passes time-to-live and tags to the cache', async () => {
    const cache = new MapCache();
    await cached(cache, { ttlMs: 5, tags: ['t'] })(async function load() {})();

    expect(cache.options).toEqual([{ ttlMs: 5, tags: ['t'] }]);
  });

  it('keeps this, name and length', async () => {
    const load = cached(new MapCache())(async function load(this: { id: number }, _a: string) {
      return this.id;
    });

    expect(await load.call({ id: 7 }, 'x')).toBe(7);
    expect([load.name, load.length]).toEqual(['load', 1]);
  });

  it('makes a synchronous function asynchronous over an asynchronous cache, also in its type', async () => {
    const double = cached(new MapCache())(function double(value: number) {
      return value * 2;
    });

    expectTypeOf(double).toBeCallableWith(2);
    expectTypeOf(double).returns.toEqualTypeOf<Promise<number>>();
    expect(await double(2)).toBe(4);
  });

  it('leaves a synchronous function synchronous over a synchronous cache', () => {
    let calls = 0;
    const double = cached(new SyncMapCache())(function double(value: number) {
      calls++;
      return value * 2;
    });

    expectTypeOf(double).returns.toEqualTypeOf<number>();
    expect([double(2), double(2)]).toEqual([4, 4]);
    expect(calls).toBe(1);
  });

  it('forgets a promise that rejects over a synchronous cache', async () => {
    const cache = new SyncMapCache();
    let calls = 0;
    const flaky = cached(cache)(async function flaky() {
      if (++calls === 1) throw new Error('first');
      return calls;
    });

    const both = [flaky(), flaky()];
    await expect(both[0]).rejects.toThrow('first');
    await expect(both[1]).rejects.toThrow('first');
    expect(await flaky()).toBe(2);
    expect(await flaky()).toBe(2);
  });

  it('lets errors through and does not keep them', async () => {
    let calls = 0;
    const flaky = cached(new MapCache())(async function flaky() {
      if (++calls === 1) throw new Error('first');
      return calls;
    });

    await expect(flaky()).rejects.toThrow('first');
    expect(await flaky()).toBe(2);
  });

  it('shares by what the scope function answers', async () => {
    const cache = new MapCache();
    const load = cached(cache, { scope: (self: { tenant: string }) => self.tenant })(
      async function load(this: { tenant: string }, _id: number) {
        return this.tenant;
      },
    );

    expect(await load.call({ tenant: 'a' }, 1)).toBe('a');
    expect(await load.call({ tenant: 'b' }, 1)).toBe('b');
    expect(await load.call({ tenant: 'a' }, 1)).toBe('a');
    expect([...cache.entries.keys()]).toEqual(['load:1#"a"', 'load:1#"b"']);
  });

  it('says which arguments cannot be a key, and what to do', async () => {
    const load = cached(new MapCache())(async function load(_callback: () => void) {});

    await expect(async () => load(() => {})).rejects.toThrow(
      new TypeError(
        'the arguments of load cannot be a cache key (a function); give the option key',
      ),
    );
  });

  it.each([
    ['a missing cache', undefined, {}, /cached needs an object with getOrSet\(\).*got undefined/],
    ['a cache without getOrSet', new Map(), {}, /getOrSet\(\).*got an object/],
    [
      'a negative ttl',
      new MapCache(),
      { ttlMs: -1 },
      /ttlMs must be a number of at least 0, got -1/,
    ],
    ['an unknown scope', new MapCache(), { scope: 'class' }, /scope must be one of .*got "class"/],
    ['an empty name', new MapCache(), { name: '' }, /name must be a string that is not empty/],
  ])('refuses %s', (_name, cache, options, message) => {
    expect(() => cached(cache as MapCache, options as never)).toThrow(message);
  });

  it('refuses a function without a name, unless one is given', async () => {
    const decorate = cached(new MapCache());
    expect(() => decorate(async () => 1)).toThrow(/needs the option name/);
    expect(await cached(new MapCache(), { name: 'one' })(async () => 1)()).toBe(1);
  });
});
