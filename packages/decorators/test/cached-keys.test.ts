import { describe, expect, it } from 'vitest';
import { cached, monitored, rateLimited } from '@x/decorators';
import { noopMeter } from '@x/interfaces';
import { MapCache, RecordingLimiter, SyncMapCache } from './doubles.ts';

describe('keys of calls with one argument', () => {
  it('are the same when they are asked for again, and never those of another argument', async () => {
    const cache = new MapCache();
    const load = cached(cache)(async function load(value: unknown) {
      return value;
    });
    const long = 'x'.repeat(200);
    const values = [5, '5', 0, -0, NaN, Infinity, '', 'a"b', long, null, undefined, true, 5n];
    for (let round = 0; round < 2; round++) {
      for (const value of values) expect(await load(value)).toBe(value);
    }

    expect([...cache.entries.keys()]).toEqual(
      ['5', '"5"', '0', '-0', 'NaN', 'Infinity', '""', String.raw`"a\"b"`, `"${long}"`]
        .concat(['null', 'undefined', 'true', '5n'])
        .map((text) => `load:${text}`),
    );
  });

  it('stay right for more arguments than are remembered', async () => {
    const cache = new MapCache();
    const double = cached(cache)(async function double(value: number) {
      return value * 2;
    });
    for (const _round of [1, 2]) {
      for (let value = 0; value < 6_000; value++) expect(await double(value)).toBe(value * 2);
    }
    expect(cache.entries.size).toBe(6_000);
    expect(cache.entries.get('double:5999')).toBe(11_998);
  });

  it('are made by the option key each time', async () => {
    let version = 1;
    const cache = new MapCache();
    const load = cached(cache, { key: (id: string) => `${id}@${version}` })(async function load(
      id: string,
    ) {
      return `${id} ${version}`;
    });
    expect(await load('a')).toBe('a 1');
    version = 2;
    expect(await load('a')).toBe('a 2');
  });

  it('leave what the function is called with as it was', async () => {
    const load = cached(new MapCache())(async function load(...args: unknown[]) {
      return args;
    });
    expect([await load(), await load(undefined), await load(1), await load(1, 2)]).toEqual([
      [],
      [undefined],
      [1],
      [1, 2],
    ]);
  });
});

describe('cached(cache)(fn), when a call has no key', () => {
  const notText = (): string => 5 as never;

  it.each([
    ['key', { key: notText }],
    ['scope', { scope: notText }],
  ])('says that the option %s must answer a string', async (option, options) => {
    const answer = cached(new MapCache(), options)(async function load() {})();
    await expect(answer).rejects.toThrow(
      new TypeError(`the option ${option} of load must answer a string, got 5`),
    );
  });

  it('rejects over an asynchronous cache, also for a synchronous function', async () => {
    const fail = (): never => {
      throw new RangeError('no key');
    };
    const answer = cached(new MapCache(), { key: fail })(function load() {})();
    expect(answer).toBeInstanceOf(Promise);
    await expect(answer).rejects.toThrow(new RangeError('no key'));
  });

  it('throws over a synchronous cache, but rejects for an asynchronous function', async () => {
    const cache = new SyncMapCache();
    const load = cached(cache)(function load(_callback: () => void) {});
    expect(() => load(() => {})).toThrow(/argument 1 of load cannot be a cache key/);

    const limited = rateLimited(new RecordingLimiter())(async (_callback: () => void) => {});
    for (const fn of [limited, monitored(noopMeter, 'load')(limited)]) {
      const answer = cached(cache, { name: 'later' })(fn)(() => {});
      await expect(answer).rejects.toThrow(/argument 1 of later cannot be a cache key/);
    }
  });

  it('rejects for an asynchronous function when there is no cache on the instance', async () => {
    const answer = cached((): MapCache => undefined as never)(async function load() {})();
    await expect(answer).rejects.toThrow(/cached needs an object with getOrSet\(\)/);
  });
});
