import { describe, expect, it } from 'vitest';
import { type Packument, UpstreamServer } from '../src/index.ts';

const namesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `package-${i}`);

async function statuses(server: UpstreamServer, names: readonly string[]): Promise<number[]> {
  return Promise.all(
    names.map(async (name) => {
      const response = await fetch(server.url(name));
      await response.arrayBuffer();
      return response.status;
    }),
  );
}

describe('UpstreamServer', () => {
  it('answers the metadata of any package, the same every time', async () => {
    await using server = await UpstreamServer.start();

    const first = (await (await fetch(server.url('left-pad'))).json()) as Packument;
    const again = await (await fetch(server.url('left-pad'))).json();

    expect(first.name).toBe('left-pad');
    expect(first.versions[first['dist-tags'].latest]).toMatchObject({
      name: 'left-pad',
      version: first['dist-tags'].latest,
      dist: { shasum: expect.stringMatching(/^[\da-f]{40}$/), unpackedSize: expect.any(Number) },
    });
    expect(Object.keys(first.time)).toHaveLength(Object.keys(first.versions).length + 2);
    expect(again).toEqual(first);
  });

  it('answers packages from a few to some hundred kilobytes', async () => {
    await using server = await UpstreamServer.start({ gzip: false });
    const sizes = await Promise.all(
      namesOf(60).map(
        async (name) => (await (await fetch(server.url(name))).arrayBuffer()).byteLength,
      ),
    );

    expect(Math.min(...sizes)).toBeGreaterThan(2_000);
    expect(Math.min(...sizes)).toBeLessThan(10_000);
    expect(Math.max(...sizes)).toBeGreaterThan(150_000);
    expect(Math.max(...sizes)).toBeLessThan(750_000);
  });

  it('knows scoped names, written either way, and names that are missing', async () => {
    await using server = await UpstreamServer.start();
    const origin = server.origins[0];

    expect(server.url('@a/b')).toBe(`${origin}/@a%2fb`);
    for (const path of ['@a%2fb', '@a/b']) {
      expect(await (await fetch(`${origin}/${path}`)).json()).toMatchObject({ name: '@a/b' });
    }
    expect(await statuses(server, ['missing-a', '@a/b/c', '%'])).toEqual([404, 404, 404]);
  });

  it('fails the share asked for, the same with the same seed, and not for ever', async () => {
    const options = { errorRate503: 0.2, tooManyRequestsRate: 0.2, seed: 1 };
    const names = namesOf(100);
    await using one = await UpstreamServer.start(options);
    await using other = await UpstreamServer.start({ ...options, origins: 3 });

    const first = await statuses(one, names);

    expect(await statuses(other, names.toReversed())).toEqual(first.toReversed());
    for (const status of [429, 503]) {
      expect(first.filter((found) => found === status).length).toBeGreaterThan(8);
      expect(first.filter((found) => found === status).length).toBeLessThan(32);
    }
    const failed = names.filter((_, index) => first[index] !== 200);
    const second = await statuses(one, failed);
    expect(second.filter((status) => status === 200).length).toBeGreaterThan(failed.length * 0.4);
  });

  it('says when to come back with a 429', async () => {
    await using server = await UpstreamServer.start({ tooManyRequestsRate: 1 });

    const values = await Promise.all(
      namesOf(20).map(async (name) => (await fetch(server.url(name))).headers.get('retry-after')),
    );

    expect(values).toContain('1');
    expect(values.some((value) => value?.endsWith('GMT'))).toBe(true);
  });

  it('counts what it has seen, over all its origins', async () => {
    await using server = await UpstreamServer.start({ origins: 4, latencyMs: { min: 5, max: 10 } });
    await statuses(server, [...namesOf(30), 'missing-x']);

    expect(new Set(server.origins).size).toBe(4);
    expect(server.stats()).toMatchObject({ requests: 31, byStatus: { 200: 30, 404: 1 } });
    expect(server.stats().maxConcurrent).toBeGreaterThan(1);
    expect(server.stats().maxOpenConnections).toBeLessThanOrEqual(server.stats().connections);
  });

  it('closes although a request hangs, and may be closed twice', async () => {
    const server = await UpstreamServer.start({ latencyMs: { min: 60_000, max: 60_000 } });
    const hanging = Promise.allSettled([fetch(server.url('/hang')), fetch(server.url('a'))]);
    while (server.stats().requests < 2) await new Promise((resolve) => setImmediate(resolve));

    await server.close();
    await server.close();

    expect((await hanging).map((result) => result.status)).toEqual(['rejected', 'rejected']);
  });

  it.each([{ origins: 0 }, { errorRate503: 2 }, { latencyMs: { min: 5, max: 1 } }])(
    'refuses %j',
    async (options) => {
      await expect(UpstreamServer.start(options)).rejects.toThrow(RangeError);
    },
  );
});

describe('special paths of UpstreamServer', () => {
  it('answers what was sent', async () => {
    await using server = await UpstreamServer.start();
    const request = { method: 'POST', headers: { 'x-a': 'b' }, body: 'hello' };

    expect(await (await fetch(server.url('/echo?q=1'), request)).json()).toMatchObject({
      method: 'POST',
      url: '/echo?q=1',
      headers: { 'x-a': 'b' },
      body: 'hello',
    });
  });

  it('answers the status asked for', async () => {
    await using server = await UpstreamServer.start();
    const response = await fetch(server.url('/status/503?retry-after=2'));

    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect((await fetch(server.url('/status/nonsense'))).status).toBe(400);
  });

  it('is flaky as often as asked, for each key', async () => {
    await using server = await UpstreamServer.start();
    const ask = async (key: string): Promise<number> =>
      (await fetch(server.url(`/flaky?fail=2&key=${key}`))).status;

    expect([await ask('a'), await ask('a'), await ask('b'), await ask('a')]).toEqual([
      503, 503, 503, 200,
    ]);
  });

  it('redirects, drips, is slow and sends large bodies', async () => {
    await using server = await UpstreamServer.start();
    const text = async (path: string): Promise<string> => (await fetch(server.url(path))).text();

    expect(await text('/redirect?to=/status/200')).toBe('200\n');
    expect(await text('/drip?ms=1&bytes=5')).toBe('.....');
    expect(await text('/slow?ms=1')).toBe('200\n');
    expect(await text('/large?bytes=300000')).toHaveLength(300_000);
  });

  it.each(['/reset', '/reset?bytes=100'])('breaks the connection at %s', async (path) => {
    await using server = await UpstreamServer.start();

    await expect(fetch(server.url(path)).then((response) => response.text())).rejects.toThrow(
      Error,
    );
  });
});
