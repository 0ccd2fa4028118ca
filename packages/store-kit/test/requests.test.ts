import type { EntryInfo } from '@x/interfaces';
import { describe, expect, it } from 'vitest';
import {
  checkLeaseTtl,
  isWithin,
  patternOf,
  purgeSettings,
  querySettings,
  storeSettings,
} from '../src/index.ts';

const info = (key: string, more: Partial<EntryInfo> = {}): EntryInfo => ({
  key,
  bytes: 10,
  createdAt: 0,
  staleAt: undefined,
  expiresAt: undefined,
  tags: [],
  ...more,
});

describe('querySettings', () => {
  it('refuses a pattern in the place of the query', () => {
    expect(() => querySettings('user:*' as never)).toThrow(
      new TypeError('query must be an object such as { pattern }, got "user:*"'),
    );
  });

  it.each([
    [{ pattern: 'user:*' }, 'pattern must be what compilePattern of @x/cache-core answers'],
    [{ tags: 'red' }, 'tags must be an array of strings, got "red"'],
    [{ order: 'oldest' }, 'order is not an option; did you mean orderBy?'],
    [{ sort: 'oldest' }, 'sort is not an option; it is orderBy'],
    [
      { prefix: 'user:' },
      "prefix is not an option; it is pattern, such as compilePattern('user:*')",
    ],
  ])('refuses %j', (query, message) => {
    expect(() => querySettings(query as never)).toThrow(message);
  });

  it('asks for 1,000 entries in the order of their keys', () => {
    const { limit, compare, matches, orderBy } = querySettings({});

    expect(limit).toBe(1_000);
    expect(orderBy).toBe('key');
    expect([info('b'), info('a')].sort(compare)).toEqual([info('a'), info('b')]);
    expect(matches(info('a'))).toBe(true);
  });

  it('holds an entry against every condition', () => {
    const pattern = { ...patternOf('a', '^a', 'u'), source: 'a*' };
    const { matches } = querySettings({ pattern, tags: ['red'], createdBefore: 5, minBytes: 10 });

    expect(matches(info('a', { tags: ['blue', 'red'] }))).toBe(true);
    expect(matches(info('b', { tags: ['red'] }))).toBe(false);
    expect(matches(info('a', { tags: ['blue'] }))).toBe(false);
    expect(matches(info('a', { tags: ['red'], createdAt: 5 }))).toBe(false);
    expect(matches(info('a', { tags: ['red'], bytes: 9 }))).toBe(false);
  });

  it.each([
    ['oldest', ['a', 'b', 'c']],
    ['newest', ['c', 'b', 'a']],
    ['largest', ['b', 'c', 'a']],
    ['expiry', ['c', 'a', 'b']],
  ] as const)('puts the %s first', (orderBy, keys) => {
    const entries = [
      info('b', { createdAt: 2, bytes: 30 }),
      info('a', { createdAt: 1, bytes: 10, expiresAt: 9 }),
      info('c', { createdAt: 3, bytes: 20, expiresAt: 8 }),
    ];

    expect(entries.sort(querySettings({ orderBy }).compare).map(({ key }) => key)).toEqual(keys);
  });

  it('refuses what makes no sense', () => {
    expect(() => querySettings({ limit: 0 })).toThrow('limit must be a whole number of at least 1');
    expect(() => querySettings({ minBytes: Number.NaN })).toThrow(RangeError);
    expect(() => querySettings({ orderBy: 'size' as never })).toThrow(
      'orderBy must be one of "key"',
    );
  });
});

describe('purgeSettings', () => {
  it('fills in the bounds that are not given', () => {
    expect(purgeSettings({ by: 'expired' })).toMatchObject({ by: 'expired', limit: Infinity });
    expect(purgeSettings({ by: 'oldest', maxEntries: 5 })).toEqual({
      by: 'oldest',
      limit: Infinity,
      bounds: { maxEntries: 5, maxBytes: Infinity },
    });
  });

  it('ends at the limit alone when no bound is given', () => {
    const { limit, bounds } = purgeSettings({ by: 'largest', limit: 3 });

    expect(limit).toBe(3);
    expect(isWithin(0, 0, bounds)).toBe(false);
  });

  it('refuses to remove everything by oversight', () => {
    expect(() => purgeSettings({ by: 'oldest' })).toThrow('needs limit, maxEntries or maxBytes');
    expect(() => purgeSettings({} as never)).toThrow('by must be given');
    expect(() => purgeSettings({ by: 'random' as never, limit: 1 })).toThrow('by must be one of');
    expect(() => purgeSettings({ by: 'oldest', limit: -1 })).toThrow(RangeError);
  });
});

describe('storeSettings', () => {
  it('fills in the defaults', () => {
    expect(storeSettings({}, 'sqlite')).toMatchObject({
      name: 'sqlite',
      maxEntries: Infinity,
      maxBytes: Infinity,
      logger: undefined,
    });
  });

  it('refuses what makes no sense', () => {
    expect(() => storeSettings({ maxEntries: 0 }, 'sqlite')).toThrow(RangeError);
    expect(() => storeSettings({ maxEntries: 1.5 }, 'sqlite')).toThrow(RangeError);
    expect(() => storeSettings({ maxBytes: 0 }, 'sqlite')).toThrow(RangeError);
    expect(() => storeSettings({ name: '' }, 'sqlite')).toThrow(TypeError);
    expect(() => storeSettings({ compression: 'lzma' as never }, 'sqlite')).toThrow(TypeError);
  });
});

describe('checkLeaseTtl', () => {
  it('takes up to a day', () => {
    expect(checkLeaseTtl(86_400_000)).toBe(86_400_000);
    expect(() => checkLeaseTtl(86_400_001)).toThrow(RangeError);
    expect(() => checkLeaseTtl(0)).toThrow('ttlMs must be a number above 0');
  });
});

describe('isWithin', () => {
  it('holds up to the bounds themselves', () => {
    expect(isWithin(2, 20, { maxEntries: 2, maxBytes: 20 })).toBe(true);
    expect(isWithin(3, 20, { maxEntries: 2, maxBytes: 20 })).toBe(false);
    expect(isWithin(2, 21, { maxEntries: 2, maxBytes: 20 })).toBe(false);
  });
});
