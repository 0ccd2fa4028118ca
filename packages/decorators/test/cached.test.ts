import { describe, expect, expectTypeOf, it } from 'vitest';
import { cached, monitored, rateLimited } from '@x/decorators';
import { noopMeter } from '@x/interfaces';
import { MapCache, RecordingLimiter, SyncMapCache, TypedMapCache } from './doubles.ts';
import { PendingBody } from './thenables.ts';

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

  it('passes everything else that the cache takes for one call', async () => {
    const cache = new MapCache();
    const ttlMs = (price: { validMs: number }): number => price.validMs;
    const more = { staleWhileRevalidateMs: 5, refreshAfterRatio: 0.5, hardTimeoutMs: 9 };
    const key = (id: string): string => id;
    const load = cached(cache, { ttlMs, key, ...more })(async function load(_id: string) {
      return { validMs: 1 };
    });
    await load('a');

    expect(cache.options).toEqual([{ ttlMs, ...more }]);
  });

  it('hands the signal of a caller to the cache', async () => {
    const cache = new MapCache();
    const key = (id: string): string => id;
    const load = cached(cache, { name: 'load', key, tags: ['t'] })(
      async (_id: string, _last?: AbortSignal | { signal?: AbortSignal }) => 1,
    );
    const { signal } = new AbortController();
    await load('a', signal);
    await load('a', { signal });
    await load('a', {});

    expect(cache.options).toEqual([
      { tags: ['t'], signal },
      { tags: ['t'], signal },
      { tags: ['t'] },
    ]);
  });

  it('leaves out the signal that is the only argument', async () => {
    const cache = new MapCache();
    let calls = 0;
    const load = cached(cache)(async function load(_signal?: AbortSignal) {
      return ++calls;
    });
    expect([await load(AbortSignal.timeout(1_000)), await load()]).toEqual([1, 1]);
  });

  it('hands the signal of the load to the function, if it is told how', async () => {
    const own = new AbortController().signal;
    const load = cached(new MapCache(), {
      key: (id: string) => id,
      withSignal: ([id], signal) => [id, { signal }],
    })(async function load(id: string, options?: { signal?: AbortSignal }) {
      return { id, signal: options?.signal };
    });

    expect(await load('a')).toEqual({ id: 'a', signal: expect.any(AbortSignal) });
    const { id, signal } = await load('b', { signal: own });
    expect(id).toBe('b');
    expect(signal).toBeInstanceOf(AbortSignal);
    expect(signal).not.toBe(own);
  });

  it('keeps this, name and length', async () => {
    const load = cached(new MapCache())(async function load(
      this: { id: number },
      _a: string,
      _b: string,
    ) {
      return this.id;
    });

    expect(await load.call({ id: 7 }, 'x', 'y')).toBe(7);
    expect([load.name, load.length]).toEqual(['load', 2]);
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

    cache.set('other', 1);
    const both = [flaky(), flaky()];
    await expect(both[0]).rejects.toThrow('first');
    await expect(both[1]).rejects.toThrow('first');
    expect(await flaky()).toBe(2);
    expect(await flaky()).toBe(2);
    expect(cache.get('other')).toBe(1);
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

  it('says which argument cannot be a key, and what to do', async () => {
    const load = cached(new MapCache())(async function load(_callback: () => void) {});

    const answer = load(() => {});
    await expect(answer).rejects.toThrow(
      new TypeError('argument 1 of load cannot be a cache key (a function); give the option key'),
    );
    const loadTwo = cached(new MapCache())(async function loadTwo(_id: number, _to: unknown) {});
    await expect(loadTwo(1, { signal: Symbol('s') })).rejects.toThrow(
      new TypeError('argument 2 of loadTwo cannot be a cache key (a symbol); give the option key'),
    );
  });

  it.each([
    ['a missing cache', undefined, {}, /cached needs an object with getOrSet\(\).*got undefined/],
    ['a cache that is not there yet', Promise.resolve({}), {}, /got a promise: await it$/],
    ['a cache without getOrSet', new Map(), {}, /getOrSet\(\).*got an object/],
    [
      'a negative ttl',
      new MapCache(),
      { ttlMs: -1 },
      /ttlMs must be a number of at least 0, got -1/,
    ],
    [
      'a bare ttl',
      new MapCache(),
      5_000,
      /^options must be an object such as { ttlMs }, got 5000$/,
    ],
    ['an unknown scope', new MapCache(), { scope: 'class' }, /scope must be one of .*got "class"/],
    [
      'a key that is no function',
      new MapCache(),
      { key: 'id' },
      /^key must be a function, got "id"$/,
    ],
    ['an empty name', new MapCache(), { name: '' }, /name must be a string that is not empty/],
  ])('refuses %s', (_name, cache, options, message) => {
    expect(() => cached(cache as MapCache, options as never)).toThrow(message);
  });

  it('refuses an asynchronous function in the place of the cache', () => {
    expect(() => cached((async () => 1) as never)).toThrow(
      new TypeError(
        'cached needs an object with getOrSet(), such as a CacheManager, or a function that answers one; got an asynchronous function: write cached(…)(fn)',
      ),
    );
  });

  it('says that it took a function for one that finds the cache, when called as if it wrapped it', () => {
    const load = cached(((id: number) => id) as never) as unknown as (id: number) => unknown;

    expect(() => load(1)).toThrow(
      new TypeError(
        'cached goes on a function, a method or a getter, got 1; a function in cached(…) is taken for one that finds what it needs: write cached(…)(fn)',
      ),
    );
  });

  it('refuses a function without a name, unless one is given', async () => {
    const decorate = cached(new MapCache());
    expect(() => decorate(async () => 1)).toThrow(/needs the option name/);
    expect(await cached(new MapCache(), { name: 'one' })(async () => 1)()).toBe(1);
  });
});

describe('the types of cached(cache)(fn)', () => {
  it('keep generic and overloaded asynchronous functions', () => {
    async function same<T>(value: T): Promise<T> {
      return value;
    }
    function parse(text: string): Promise<number>;
    function parse(text: number): Promise<string>;
    async function parse(text: string | number): Promise<number | string> {
      return text;
    }
    const [cachedSame, cachedParse] = [cached(new MapCache())(same), cached(new MapCache())(parse)];
    expectTypeOf(cachedSame).toEqualTypeOf<typeof same>();
    expectTypeOf(cachedParse).toEqualTypeOf<typeof parse>();
  });

  it('know that a promise which can do more comes back as a plain one', () => {
    const fetchIt = (_url: string): PendingBody => new PendingBody(() => {});
    type Plain = (url: string) => Promise<string>;
    expectTypeOf(cached(new MapCache())(fetchIt)).toEqualTypeOf<Plain>();
    expectTypeOf(cached(new SyncMapCache())(fetchIt)).toEqualTypeOf<Plain>();
    expectTypeOf(monitored(noopMeter)(fetchIt)).toEqualTypeOf<Plain>();
    expectTypeOf(rateLimited(new RecordingLimiter())(fetchIt)).toEqualTypeOf<Plain>();
  });

  it('take a cache of one type of values', () => {
    const numbers = new TypedMapCache<string, number>();
    expect(cached(numbers, { name: 'double' })((x: number) => x * 2)(2)).toBe(4);
    // @ts-expect-error: the cache holds numbers
    cached(numbers, { name: 'text' })((x: number) => String(x));
    // @ts-expect-error: a cache that answers at once has no stale values
    expect(() => cached(numbers, { staleIfErrorMs: 5 })).not.toThrow();
  });

  it('want a key that takes the arguments of the function', () => {
    const byText = cached(new MapCache(), { name: 'load', key: (id: string) => id });
    const load = byText(async (id: string, _options: object) => id);
    expectTypeOf(load).toEqualTypeOf<(id: string, options: object) => Promise<string>>();
    // @ts-expect-error: the key takes a string
    byText(async (id: number) => id);
    const synchronous = cached(new SyncMapCache(), { name: 'load', key: (id: string) => id });
    // @ts-expect-error: the key takes a string
    synchronous((id: number) => id);
  });
});
