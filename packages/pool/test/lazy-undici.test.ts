import { UpstreamServer } from '@x/testkit/upstream';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type * as Pool from '../src/index.ts';
import type * as Library from '../src/undici-library.ts';

let pool: typeof Pool;
let library: typeof Library;

/** Modules as in a new process. */
beforeEach(async () => {
  vi.resetModules();
  pool = await import('../src/index.ts');
  library = await import('../src/undici-library.ts');
});

async function startUpstream(): Promise<UpstreamServer> {
  const upstream = await UpstreamServer.start({ latencyMs: { min: 0, max: 0 } });
  onTestFinished(() => upstream.close());
  return upstream;
}

const originOf = ({ origins }: UpstreamServer): string => origins[0] ?? '';

describe('undici', () => {
  it('is not loaded before the first request', async () => {
    const upstream = await startUpstream();
    await using http = new pool.HttpPool({ denyPrivate: false });
    await using proxied = new pool.HttpPool({ proxy: upstream.origins[0] });
    await using dispatcher = new pool.BoundedDispatcher();
    expect([http.stats().requests, proxied.stats().requests, dispatcher.stats().queued]).toEqual([
      0, 0, 0,
    ]);
    expect(library.isUndiciLoaded()).toBe(false);

    const [first, second] = await Promise.all([
      http.get(upstream.url('a')),
      http.get(upstream.url('b')),
    ]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.headers.get('content-type')).toMatch(/json/);
    expect(library.isUndiciLoaded()).toBe(true);
  });

  it('is loaded for a request that counts at once, and that can be ended meanwhile', async () => {
    const upstream = await startUpstream();
    await using http = new pool.HttpPool();
    const controller = new AbortController();

    const request = http.get(upstream.url('a'), { signal: controller.signal });
    expect(http.stats().requests).toBe(1);
    controller.abort('enough');

    await expect(request).rejects.toBe('enough');
    expect(upstream.stats().requests).toBe(0);
  });

  it('is loaded for a dispatcher of its own, whose methods work from the first call on', async () => {
    const upstream = await startUpstream();
    await using dispatcher = new pool.BoundedDispatcher();
    const origin = originOf(upstream);

    const { statusCode, body } = await dispatcher.request({
      origin,
      path: '/status/200',
      method: 'GET',
    });

    expect([statusCode, await body.text()]).toEqual([200, '200\n']);
  });

  it('is loaded for interceptors, with which the first request passes through them', async () => {
    const upstream = await startUpstream();
    await using http = new pool.HttpPool();
    const paths: string[] = [];
    const client = http.compose((dispatch) => (options, handler) => {
      paths.push(options.path);
      return dispatch(options, handler);
    });
    expect(library.isUndiciLoaded()).toBe(false);

    expect((await client.get(`${upstream.origins[0]}/status/200`)).status).toBe(200);
    expect(paths).toEqual(['/status/200']);
    expect(() => http.compose('x' as never)).toThrow(/invalid interceptor/);
  });

  it('lets a dispatch wait for it', async () => {
    const upstream = await startUpstream();
    await using dispatcher = new pool.BoundedDispatcher();
    const statuses: number[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const options = { origin: originOf(upstream), path: '/status/200', method: 'GET' } as const;

    const accepted = dispatcher.compose([(dispatch) => dispatch]).dispatch(options, {
      onRequestStart: () => {},
      onResponseStart: (_controller, status) => void statuses.push(status),
      onResponseEnd: () => resolve(),
      onResponseError: (_controller, error) => reject(error),
    });

    expect(accepted).toBe(true);
    await promise;
    expect(statuses).toEqual([200]);
  });

  it('refuses an interceptor that is none, and a proxy that is no URL, without it', () => {
    const dispatcher = new pool.BoundedDispatcher();

    expect(() => dispatcher.compose('x' as never)).toThrow(/invalid interceptor.*string/);
    expect(() => new pool.HttpPool({ proxy: 'nowhere' })).toThrow(
      /^proxy must be a URL such as "http:\/\/127.0.0.1:8080", or "env", got "nowhere"$/,
    );
    expect(library.isUndiciLoaded()).toBe(false);
  });

  it('tells a call that closes the pool meanwhile', async () => {
    const upstream = await startUpstream();
    const http = new pool.HttpPool();
    const request = http.get(upstream.url('a'));
    const dispatcher = new pool.BoundedDispatcher();
    const direct = dispatcher.request({ origin: originOf(upstream), path: '/', method: 'GET' });
    const both = Promise.allSettled([request, direct]);

    await Promise.all([http.close(), dispatcher.close()]);

    expect(await both).toMatchObject([
      { status: 'rejected', reason: { code: 'ERR_CLOSED' } },
      { status: 'rejected', reason: { code: 'ERR_CLOSED' } },
    ]);
    expect(upstream.stats().requests).toBe(0);
  });
});
