import { describe, expect, expectTypeOf, it } from 'vitest';
import { CacheManager, cached, MemoryCache } from '../src/index.ts';

interface CallOptions {
  readonly signal?: AbortSignal;
}

describe('cached(cacheManager)(fn)', () => {
  it('lets one caller leave and loads on for the others, until all have left', async () => {
    await using cache = new CacheManager();
    const loads: { readonly id: string; readonly signal: AbortSignal | undefined }[] = [];
    const answers = Promise.withResolvers<string>();
    const load = cached(cache, {
      name: 'load',
      key: (id: string, _options?: CallOptions) => id,
      withSignal: ([id], signal) => [id, { signal }],
    })(async (id: string, options?: CallOptions): Promise<string> => {
      loads.push({ id, signal: options?.signal });
      return answers.promise;
    });
    const [first, second, third] = [1, 2, 3].map(() => new AbortController());
    const leaving = Promise.allSettled([
      load('a', { signal: first?.signal as AbortSignal }),
      load('b', { signal: third?.signal as AbortSignal }),
    ]);
    const staying = load('a', { signal: second?.signal as AbortSignal });

    first?.abort('gone');
    third?.abort('gone, too');
    expect(await leaving).toMatchObject([{ reason: 'gone' }, { reason: 'gone, too' }]);
    expect(loads.map(({ id, signal }) => [id, signal?.aborted])).toEqual([
      ['a', false],
      ['b', true],
    ]);
    answers.resolve('loaded');
    expect(await staying).toBe('loaded');
  });
});

describe('cached(new MemoryCache(…))(fn)', () => {
  it('knows the type of the function, and of the values if they are told', () => {
    const name = 'double';
    const double = cached(new MemoryCache({ maxEntries: 10 }), { name })((x: number) => x * 2);
    expectTypeOf(double).toEqualTypeOf<(x: number) => number>();
    expect(double(2)).toBe(4);
    const numbers = cached(new MemoryCache<string, number>(), { name });
    expectTypeOf(numbers((x: number) => x * 2)).toEqualTypeOf<(x: number) => number>();
    // @ts-expect-error: the cache holds numbers
    numbers((x: number) => String(x));
    // @ts-expect-error: the keys are no strings
    cached(new MemoryCache<number, number>(), { name })((x: number) => x);
  });
});
