import { checkEntry, checkTags, checkTarget, purgeLimit } from '@x/interfaces';
import { describe, expect, it } from 'vitest';

describe('checkEntry', () => {
  it.each([
    { value: undefined, createdAt: 0 },
    { value: 1, createdAt: 1, staleAt: undefined, expiresAt: undefined, tags: undefined },
    { value: 1, createdAt: -1, staleAt: -Infinity, expiresAt: Infinity, tags: ['', 'a'] },
  ])('takes %j', (entry) => {
    expect(() => checkEntry(entry)).not.toThrow();
  });

  it.each([
    [5, 'entry must be an object such as { value, createdAt }, got 5'],
    [[], 'createdAt of an entry must be epoch milliseconds, got undefined'],
    [
      { value: 1, createdAt: new Date(0) },
      'createdAt of an entry must be epoch milliseconds, got a Date',
    ],
  ])('refuses %j', (entry, message) => {
    expect(() => checkEntry(entry as never)).toThrow(new TypeError(message));
  });
});

describe('checkTags', () => {
  it.each([
    ['red', 'got "red"'],
    [new Set(['red']), 'got an object'],
    [['red', undefined], 'got undefined in it'],
    // oxlint-disable-next-line no-sparse-arrays -- what is tested
    [['red', , 'blue'], 'got undefined in it'],
  ])('refuses %o', (tags, got) => {
    expect(() => checkTags(tags as never)).toThrow(
      new TypeError(`tags must be an array of strings, ${got}`),
    );
  });
});

describe('purgeLimit', () => {
  it.each([
    [undefined, Infinity],
    [{}, Infinity],
    [{ limit: undefined }, Infinity],
    [{ limit: Infinity }, Infinity],
    [{ limit: 0 }, 0],
    [{ limit: 5 }, 5],
  ])('answers for %j %d', (options, limit) => {
    expect(purgeLimit(options)).toBe(limit);
  });

  it.each([
    [5, new TypeError('options must be an object such as { limit }, got 5')],
    [null, new TypeError('options must be an object such as { limit }, got null')],
    [{ limit: '5' }, new TypeError('limit must be a whole number of at least 0, got "5"')],
    [{ limit: NaN }, new RangeError('limit must be a whole number of at least 0, got NaN')],
    [{ limit: -1 }, new RangeError('limit must be a whole number of at least 0, got -1')],
    [{ limit: 0.5 }, new RangeError('limit must be a whole number of at least 0, got 0.5')],
  ])('refuses %j', (options, error) => {
    expect(() => purgeLimit(options as never)).toThrow(error);
  });
});

describe('checkTarget', () => {
  it.each([
    ['user:*', 'target must be an object such as { tags }, got "user:*"'],
    [{}, 'invalidate takes either a pattern or tags'],
    [{ patern: 'user:*' }, 'invalidate takes either a pattern or tags'],
    [{ tags: 'red' }, 'tags must be an array of strings, got "red"'],
    [
      { pattern: 'user:*' },
      'pattern must be what compilePattern of @x/cache-core answers, got "user:*"',
    ],
    [
      { pattern: /user/ },
      'pattern must be what compilePattern of @x/cache-core answers, got an object',
    ],
    [{ pattern: null }, 'pattern must be what compilePattern of @x/cache-core answers, got null'],
  ])('refuses %j', (target, message) => {
    expect(() => checkTarget(target as never)).toThrow(new TypeError(message));
  });

  it('takes tags', () => {
    expect(() => checkTarget({ tags: ['red'] })).not.toThrow();
  });
});
