import { cached, CacheManager } from '@x/performance';
import { describe, expect, it } from 'vitest';

describe('a cached function that is given signals', () => {
  it('keeps signals out of the key, and hands in one that ends when all callers have left', async () => {
    const cache = new CacheManager();
    const signals: unknown[] = [];
    const load = cached(cache)(async function load(
      id: string,
      options?: AbortSignal | { signal?: AbortSignal; page?: number },
    ) {
      const signal = options instanceof AbortSignal ? options : options?.signal;
      signals.push(signal);
      await new Promise((resolve) => setImmediate(resolve));
      return signal?.aborted === true ? 'aborted' : id;
    });
    const first = new AbortController();
    const second = new AbortController();

    const calls = [load('a', { signal: first.signal }), load('a', second.signal), load('a')];
    first.abort(new Error('left'));
    await expect(calls[0]).rejects.toThrow('left');
    expect(await Promise.all(calls.slice(1))).toEqual(['a', 'a']);
    expect(signals).toEqual([expect.any(AbortSignal)]);

    await load('a', { signal: second.signal, page: 1 });
    await load('a', { page: 1 });
    expect(signals).toHaveLength(2);
    expect(signals).not.toContain(second.signal);
    await cache.close();
  });
});
