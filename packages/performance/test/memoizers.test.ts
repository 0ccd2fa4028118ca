import { cached, CacheManager, memoize } from '@x/performance';
import { describe, expect, it } from 'vitest';

describe('memoize and cached', () => {
  it.each<unknown[][]>([
    [[]],
    [['red']],
    [['red', 5]],
    [['', '"', '\\', ',', '",\\"', '\ud800"', '\0', '1']],
    [[0, -0, 1.5, 1e21, NaN, -Infinity, 7n]],
    [[true, false, null, undefined]],
  ])('find the results of each other, list %#', async (args) => {
    await using cache = new CacheManager();
    const memoized = memoize((..._args: unknown[]) => 'memoized', {
      cache: cache.namespace('work:'),
    });
    const other = cached(cache, { name: 'work' })((..._args: unknown[]) => 'made again');

    await memoized(...args);
    expect(await other(...args)).toBe('memoized');
  });
});
