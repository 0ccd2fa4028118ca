import { purgeLimit } from '@x/interfaces';
import { describe, expect, it } from 'vitest';

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
