import { UpstreamServer } from '@x/testkit';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { cached, createCache, HttpPool, MemoryCache, type PoolResponse } from '../src/index.ts';
import { temporaryFolder } from './temporary-folder.ts';

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

describe('cached() over a persistent store, on a function that answers pool.get()', () => {
  it('refuses the response and says what to keep', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    await using cache = await createCache({ backend: 'sqlite', directory: temporaryFolder() });
    const errors: unknown[] = [];
    cache.on('error', ({ error }) => errors.push(error));

    const response = await cache.getOrSet('a', () => pool.get(server.url('/json')));

    expect(response.status).toBe(200);
    expect(errors).toMatchObject([
      { message: 'value is a PoolResponse and cannot be kept; keep await response.json() instead' },
    ]);
  });
});
