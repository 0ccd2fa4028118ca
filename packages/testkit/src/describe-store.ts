import type { Awaitable, Clock, Entry, Store } from '@x/interfaces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeStoreSharing } from './describe-store-sharing.ts';
import { hostileKeys } from './hostile-keys.ts';
import { affixPattern } from './key-patterns.ts';
import { ManualClock } from './manual-clock.ts';

/**
 * The contract of a store, as tests. Call it at the top level of a test file. Tests of the optional
 * capabilities run for a store that declares them.
 *
 * @param open - opens an empty store that reads the time from `clock`; called once per test, and the
 * store is closed after it
 * @param openAnother - opens a second store over the medium of the one that `open` answered last; give it
 * for a store that several processes can share
 */
export function describeStore(
  name: string,
  open: (clock: Clock) => Awaitable<Store>,
  openAnother?: (clock: Clock) => Awaitable<Store>,
): void {
  describeStoreSharing(name, open, openAnother);

  describe(`${name} keeps the store contract`, () => {
    let clock: ManualClock;
    let store: Store;

    const entry = (value: unknown, more: Partial<Entry> = {}): Entry => ({
      value,
      createdAt: clock.now(),
      ...more,
    });
    const listKeys = async (prefix?: string): Promise<string[]> =>
      (await Array.fromAsync(store.keys({ prefix }))).sort();

    beforeEach(async () => {
      clock = new ManualClock();
      store = await open(clock);
    });

    afterEach(async () => {
      await store.close();
    });

    it('has a name', () => {
      expect(store.name).not.toBe('');
    });

    it('answers undefined for a key that was never set', async () => {
      expect(await store.get('nothing')).toBeUndefined();
    });

    it('gives an entry back with its value, times and tags', async () => {
      const times = { staleAt: clock.now() + 1_000, expiresAt: clock.now() + 2_000 };
      await store.set('a', entry({ b: [1, 'two', null] }, { ...times, tags: ['x', 'y'] }));

      expect(await store.get('a')).toMatchObject({
        value: { b: [1, 'two', null] },
        createdAt: clock.now(),
        tags: ['x', 'y'],
        ...times,
      });
    });

    it.each([
      ['undefined', undefined],
      ['null', null],
      ['false', false],
      ['zero', 0],
      ['minus zero', -0],
      ['NaN', NaN],
      ['an empty string', ''],
      ['a string', 'grün 🌱 \u0000'],
      ['a bigint', 10n ** 30n],
      ['a date', new Date(0)],
      ['a map', new Map([['k', new Set([1, 2])]])],
      ['bytes', new Uint8Array([0, 1, 255])],
      ['an array with undefined', [undefined, 1]],
      ['a nested object', { a: { b: { c: [1, { d: 'e' }] } } }],
    ])('keeps %s as it was', async (_name, value) => {
      await store.set('key', entry(value));

      const found = await store.get('key');

      expect(found).toBeDefined();
      expect(found?.value).toStrictEqual(value);
    });

    it.each<[unknown, string]>([
      [5, 'entry must be an object such as { value, createdAt }, got 5'],
      [null, 'entry must be an object such as { value, createdAt }, got null'],
      [undefined, 'entry must be an object such as { value, createdAt }, got undefined'],
      [{ value: 1 }, 'createdAt of an entry must be epoch milliseconds, got undefined'],
      [
        { value: 1, createdAt: '2026-01-01' },
        'createdAt of an entry must be epoch milliseconds, got "2026-01-01"',
      ],
      [
        { value: 1, createdAt: 1, staleAt: null },
        'staleAt of an entry must be epoch milliseconds, got null',
      ],
      [
        { value: 1, createdAt: 1, expiresAt: NaN },
        'expiresAt of an entry must be epoch milliseconds, got NaN',
      ],
      [{ value: 1, createdAt: 1, tags: 'red' }, 'tags must be an array of strings, got "red"'],
      [{ value: 1, createdAt: 1, tags: [5] }, 'tags must be an array of strings, got 5 in it'],
    ])('refuses %j in the place of an entry', async (wrong, message) => {
      await store.set('a', entry('kept'));
      const expected = new TypeError(message);

      await expect(async () => store.set('a', wrong as never)).rejects.toThrow(expected);
      await expect(async () => store.setMany([['a', wrong as never]])).rejects.toThrow(expected);
      expect((await store.get('a'))?.value).toBe('kept');
    });

    it.each<[unknown, string]>([
      [5, 'options must be an object such as { signal }, got 5'],
      [
        AbortSignal.timeout(1_000),
        'options must be an object such as { signal }, got an AbortSignal',
      ],
      [{ ttlMs: 5 }, 'ttlMs is not an option; it is expiresAt of the entry, in epoch milliseconds'],
      [{ signl: 5 }, 'signl is not an option; did you mean signal?'],
    ])('writes nothing with %o in the place of options', async (wrong, message) => {
      const options = wrong as never;
      const expected = new TypeError(message);

      await expect(async () => store.set('a', entry(1), options)).rejects.toThrow(expected);
      await expect(async () => store.setMany([['a', entry(1)]], options)).rejects.toThrow(expected);
      await expect(async () => Array.fromAsync(store.keys(options))).rejects.toThrow(expected);
      expect(await store.get('a')).toBeUndefined();
    });

    it('replaces an entry, its times and its tags', async () => {
      await store.set('a', entry(1, { expiresAt: clock.now() + 10, tags: ['old'] }));
      await store.set('a', entry(2));
      clock.advance(1_000);
      await store.invalidate({ tags: ['old'] });

      expect((await store.get('a'))?.value).toBe(2);
      expect((await store.stats()).entries).toBe(1);
    });

    it('never serves an entry from its deadline on', async () => {
      await store.set('a', entry(1, { expiresAt: clock.now() + 100 }));

      clock.advance(99);
      expect((await store.get('a'))?.value).toBe(1);
      clock.advance(1);
      expect(await store.get('a')).toBeUndefined();
      expect(await store.getMany(['a'])).toEqual([undefined]);
      expect(await listKeys()).toEqual([]);
    });

    it('accepts a deadline already past and never serves the entry', async () => {
      await store.set('a', entry(1));
      await store.set('a', entry(2, { expiresAt: clock.now() - 1 }));

      expect(await store.get('a')).toBeUndefined();
    });

    it('keeps entries with far deadlines and with none', async () => {
      await store.set('century', entry(1, { expiresAt: clock.now() + 100 * 365 * 86_400_000 }));
      await store.set('ever', entry(2));
      clock.advance(10 * 365 * 86_400_000);

      expect((await store.getMany(['century', 'ever'])).map((found) => found?.value)).toEqual([
        1, 2,
      ]);
    });

    it('reads many keys in the order asked, with gaps and repetitions', async () => {
      await store.setMany([
        ['a', entry(1)],
        ['b', entry(2)],
      ]);

      const found = await store.getMany(['b', 'missing', 'a', 'b']);

      expect(found.map((one) => one?.value)).toEqual([2, undefined, 1, 2]);
      expect(await store.getMany([])).toEqual([]);
    });

    it('writes many entries in order, the last of a key wins', async () => {
      await store.setMany([
        ['a', entry(1)],
        ['a', entry(2)],
      ]);

      expect((await store.get('a'))?.value).toBe(2);
    });

    it('tells whether a deletion found something', async () => {
      await store.set('a', entry(1));

      expect(await store.delete('a')).toBe(true);
      expect(await store.delete('a')).toBe(false);
      expect(await store.get('a')).toBeUndefined();
    });

    it('counts what deleteMany removed', async () => {
      await store.setMany([
        ['a', entry(1)],
        ['b', entry(2)],
        ['c', entry(3)],
      ]);

      expect(await store.deleteMany(['a', 'c', 'missing'])).toBe(2);
      expect(await listKeys()).toEqual(['b']);
      expect(await store.deleteMany([])).toBe(0);
    });

    it('does not count an expired entry as deleted', async () => {
      await store.set('a', entry(1, { expiresAt: clock.now() + 1 }));
      clock.advance(1);

      expect(await store.delete('a')).toBe(false);
    });

    it('invalidates by pattern, also across slashes and line ends', async () => {
      for (const key of ['user:1', 'user:/a/b', 'user:\n', 'user:', 'users', 'item:1']) {
        await store.set(key, entry(key));
      }

      await store.invalidate({ pattern: affixPattern('user:') });

      expect(await listKeys()).toEqual(['item:1', 'users']);
      expect(await store.get('user:1')).toBeUndefined();
    });

    it('invalidates by a pattern with a tail and by one without a prefix', async () => {
      for (const key of ['a:1:x', 'a:2:x', 'a:1:y', 'b:1:x']) await store.set(key, entry(key));

      await store.invalidate({ pattern: affixPattern('a:', ':x') });
      expect(await listKeys()).toEqual(['a:1:y', 'b:1:x']);
      await store.invalidate({ pattern: affixPattern('', ':x') });
      expect(await listKeys()).toEqual(['a:1:y']);
    });

    it('takes characters that are special to SQL and file systems literally', async () => {
      for (const key of ['a%b', 'a_b', 'axb', "a'b", 'a/b', 'a*b'])
        await store.set(key, entry(key));

      await store.invalidate({ pattern: affixPattern('a_') });
      expect(await listKeys()).toEqual(['a%b', "a'b", 'a*b', 'a/b', 'axb']);
      expect(await listKeys('a%')).toEqual(['a%b']);
    });

    it('invalidates entries that carry one of the tags', async () => {
      await store.set('a', entry(1, { tags: ['red', 'round'] }));
      await store.set('b', entry(2, { tags: ['blue'] }));
      await store.set('c', entry(3, { tags: ['green', 'round'] }));
      await store.set('d', entry(4));

      await store.invalidate({ tags: ['red', 'blue'] });

      expect(await listKeys()).toEqual(['c', 'd']);
    });

    it('keeps what is set after an invalidation', async () => {
      await store.set('a:1', entry('old', { tags: ['t'] }));
      await store.invalidate({ tags: ['t'] });
      await store.set('a:1', entry('new', { tags: ['t'] }));
      expect((await store.get('a:1'))?.value).toBe('new');

      await store.invalidate({ pattern: affixPattern('a:') });
      await store.set('a:1', entry('newer'));
      expect((await store.get('a:1'))?.value).toBe('newer');
    });

    it('lists keys by prefix', async () => {
      for (const key of ['a:1', 'a:2', 'b:1', 'a', '']) await store.set(key, entry(key));

      expect(await listKeys('a:')).toEqual(['a:1', 'a:2']);
      expect(await listKeys()).toEqual(['', 'a', 'a:1', 'a:2', 'b:1']);
      expect(await listKeys('zzz')).toEqual([]);
    });

    it('lists more keys than fit a page, each once', async () => {
      const all = Array.from({ length: 2_500 }, (_, index) => `key:${index}`);
      await store.setMany(all.map((key) => [key, entry(key)] as const));

      expect(await listKeys()).toEqual(all.sort());
    });

    it('can be changed while its keys are listed', async () => {
      for (let index = 0; index < 50; index++) await store.set(`key:${index}`, entry(index));

      const seen = new Set<string>();
      for await (const key of store.keys()) {
        seen.add(key);
        await store.delete(key);
      }

      expect(seen.size).toBe(50);
      expect((await store.stats()).entries).toBe(0);
    });

    it('tells hostile keys apart', async () => {
      for (const [index, key] of hostileKeys.entries()) await store.set(key, entry(index));

      const found = await store.getMany(hostileKeys);

      expect(found.map((one) => one?.value)).toEqual(hostileKeys.map((_, index) => index));
      expect((await Array.fromAsync(store.keys())).sort()).toEqual([...hostileKeys].sort());
      for (const key of hostileKeys) expect(await store.delete(key)).toBe(true);
    });

    it('empties on clear and works on', async () => {
      await store.set('a', entry(1, { tags: ['t'] }));
      await store.clear();

      expect(await store.get('a')).toBeUndefined();
      expect(await store.stats()).toMatchObject({ entries: 0 });
      await store.set('a', entry(2));
      expect((await store.get('a'))?.value).toBe(2);
    });

    it('purges expired entries, no others, and no more than the limit', async () => {
      for (let index = 0; index < 10; index++) {
        await store.set(`old:${index}`, entry(index, { expiresAt: clock.now() + 5 }));
      }
      await store.set('young', entry(1, { expiresAt: clock.now() + 500 }));
      await store.set('ever', entry(1));
      clock.advance(5);

      let purged = await store.purgeExpired({ limit: 4 });
      expect(purged).toBeLessThanOrEqual(4);
      purged += await store.purgeExpired();
      expect(purged).toBe(10);
      expect(await store.purgeExpired()).toBe(0);
      expect(await store.stats()).toMatchObject({ entries: 2, expirations: 10 });
    });

    it.each([
      [5, new TypeError('options must be an object such as { limit }, got 5')],
      [{ limit: '5' }, new TypeError('limit must be a whole number of at least 0, got "5"')],
      [{ limit: -1 }, new RangeError('limit must be a whole number of at least 0, got -1')],
      [{ limit: 0.5 }, new RangeError('limit must be a whole number of at least 0, got 0.5')],
    ])('purges nothing by %j', async (options, error) => {
      await store.set('old', entry(1, { expiresAt: clock.now() + 5 }));
      clock.advance(5);

      await expect(async () => store.purgeExpired(options as never)).rejects.toThrow(error);
      expect(await store.purgeExpired({ limit: 0 })).toBe(0);
      expect(await store.purgeExpired({ limit: Infinity })).toBe(1);
    });

    it('reports entries and bytes', async () => {
      expect(await store.stats()).toMatchObject({ entries: 0, evictions: 0, expirations: 0 });

      await store.set('a', entry('x'.repeat(10_000)));

      const stats = await store.stats();
      expect(stats.entries).toBe(1);
      expect(stats.bytes).toBeGreaterThan(0);
    });

    it('counts the bytes of keys and tags, and no entry twice', async () => {
      const bytesAfter = async (key: string, tags?: readonly string[]): Promise<number> => {
        await store.set(key, entry('v', { tags }));
        return (await store.stats()).bytes;
      };
      const long = 'k'.repeat(10_000);

      const small = await bytesAfter('a');
      expect(await bytesAfter('a', [long])).toBeGreaterThanOrEqual(small + long.length);
      expect(await bytesAfter('a')).toBe(small);
      expect(await bytesAfter(long)).toBeGreaterThanOrEqual(small + long.length);
      expect(await bytesAfter(`${long}${long}`)).toBeGreaterThanOrEqual(small + 3 * long.length);
      expect(await store.deleteMany([long, `${long}${long}`])).toBe(2);
      expect((await store.stats()).bytes).toBe(small);
      await store.clear();
      expect((await store.stats()).bytes).toBe(0);
      expect(await bytesAfter('a')).toBe(small);
    });

    it('answers a large value whole', async () => {
      const value = { text: 'x'.repeat(1_000_000), tail: 'end' };
      await store.set('large', entry(value));

      expect((await store.get('large'))?.value).toEqual(value);
    });

    it('keeps the last of many concurrent writes to a key, and every key of many writes', async () => {
      const writes = Array.from({ length: 100 }, async (_, index) => {
        await store.set('same', entry(index));
        await store.set(`key:${index}`, entry(index));
      });
      await Promise.all(writes);

      expect((await store.stats()).entries).toBe(101);
      expect((await store.get('same'))?.value).toBe(99);
    });

    it('rejects or throws a clear error after close, which may be called twice', async () => {
      await store.close();
      await store.close();

      const calls: (() => Awaitable<unknown>)[] = [
        () => store.get('a'),
        () => store.set('a', entry(1)),
        () => store.delete('a'),
        () => store.clear(),
        () => store.invalidate({ tags: ['a'] }),
        () => Array.fromAsync(store.keys()),
      ];
      for (const call of calls) {
        await expect(async () => call()).rejects.toMatchObject({ code: 'ERR_CLOSED' });
      }
    });
  });
}
