import { UpstreamServer } from '@x/testkit';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { cached, HttpPool, MemoryCache, type PoolResponse } from '../src/index.ts';

describe('cached(new MemoryCache()) on a function that answers pool.get()', () => {
  it('keeps a response, and none that failed', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ maxRetries: 0 });
    const cache = new MemoryCache({ maxEntries: 10 });
    const get = cached(cache)(function get(path: string) {
      return pool.get(server.url(path));
    });
    expectTypeOf(get).toEqualTypeOf<(path: string) => Promise<PoolResponse>>();

    await expect(get('/flaky?fail=1&key=a')).rejects.toMatchObject({ status: 503 });
    const response = await get('/flaky?fail=1&key=a');
    expect(response.status).toBe(200);
    expect(await get('/flaky?fail=1&key=a')).toBe(response);
    expect(server.stats().requests).toBe(2);
  });
});
