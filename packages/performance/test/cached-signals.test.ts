import { describe, expect, it } from 'vitest';
import { CacheManager, cached } from '../src/index.ts';

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
