import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { testCertificate, UpstreamServer } from '@x/testkit';
import { MockAgent } from 'undici';
import { describe, expect, it } from 'vitest';
import { HttpPool } from '../src/index.ts';
import { rejection, serveHttp, until } from './support.ts';

/** What is published on `name` until it is disposed. */
function listen(name: string): { messages: object[] } & Disposable {
  const messages: object[] = [];
  const listener = (message: unknown): number => messages.push(message as object);
  subscribe(name, listener);
  return { messages, [Symbol.dispose]: () => void unsubscribe(name, listener) };
}

describe('timings of a response', () => {
  it('tell the phases of a request over TLS, and of one over a connection that was there', async () => {
    await using server = await UpstreamServer.start({ tls: true });
    await using pool = new HttpPool({ connect: { ca: testCertificate.cert } });

    const first = await pool.get(server.url('/echo'));
    const second = await pool.get(server.url('/echo'));

    const { connectMs = 0, tlsMs = 0, waitMs, limitMs, queueMs, bodyMs } = first.timings;
    expect(first.reusedConnection).toBe(false);
    expect(tlsMs).toBeGreaterThan(0);
    expect(connectMs).toBeGreaterThanOrEqual(tlsMs);
    expect(waitMs).toBe(limitMs + queueMs);
    expect(bodyMs).toBeGreaterThanOrEqual(0);
    expect(second.reusedConnection).toBe(true);
    expect(second.timings).toMatchObject({ connectMs: undefined, tlsMs: undefined });
  });

  it('are not reached when the certificate is not trusted', async () => {
    await using server = await UpstreamServer.start({ tls: true });
    await using pool = new HttpPool({ maxRetries: 0 });

    expect(await rejection(pool.get(server.url('/echo')))).toMatchObject({
      code: 'ERR_POOL_REQUEST',
      cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
  });
});

describe('a response', () => {
  it('gives up a streamed body when it is disposed, so that its connection comes free', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ maxConnectionsPerOrigin: 1 });
    for (let i = 0; i < 3; i++) {
      await using response = await pool.get(server.url('/large?bytes=5000000'), { stream: true });
      expect(response.status).toBe(200);
    }
    expect((await pool.get(server.url('/echo'))).status).toBe(200);
  });

  it('that is a bomb is an error', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ maxResponseBytes: 1_000_000 });

    expect(await rejection(pool.get(server.url('/bomb?bytes=20000000')))).toMatchObject({
      code: 'ERR_POOL_RESPONSE_TOO_LARGE',
      maxBytes: 1_000_000,
    });
  });

  it.each(['/reset', '/reset?part=head', '/reset?bytes=1000'])(
    'to %s is a failure of the network once the retries are used up',
    async (path) => {
      await using server = await UpstreamServer.start();
      await using pool = new HttpPool({ maxRetries: 2, random: () => 0 });

      expect(await rejection(pool.get(server.url(path)))).toMatchObject({
        code: 'ERR_POOL_REQUEST',
        attempts: 3,
      });
      expect(server.stats().requests).toBe(3);
    },
  );

  it('does not reject by its status when the pool says so', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ throwOnStatus: false });

    expect((await pool.get(server.url('missing-a'))).status).toBe(404);
  });
});

describe('an idle connection that the server closes', () => {
  it.each(['fin', 'rst'])('by %s loses no request', async (by) => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ maxRetries: 0 });

    for (let i = 0; i < 100; i++) {
      expect((await pool.get(server.url(`/kill?by=${by}`))).status).toBe(200);
    }
  });
});

describe('secretHeaders', () => {
  it('stay behind when a redirect leads to another port, as the well-known ones do', async () => {
    await using server = await UpstreamServer.start({ origins: 2 });
    await using pool = new HttpPool({ secretHeaders: ['X-Tenant-Key'] });
    const to = encodeURIComponent(`${server.origins[1]}/echo`);
    const secrets = { authorization: 'a', cookie: 'b', 'X-Tenant-Key': 'c', 'x-kept': 'd' };

    const { headers } = await pool
      .get(`${server.origins[0]}/redirect?to=${to}`, { headers: secrets })
      .json<{ headers: Record<string, string> }>();
    expect(headers).toMatchObject({ 'x-kept': 'd' });
    for (const name of ['authorization', 'cookie', 'x-tenant-key']) {
      expect(headers).not.toHaveProperty(name);
    }
  });
});

describe('HttpPool.compose', () => {
  it('sends each attempt through interceptors, and keeps everything else', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ random: () => 0 });
    let passed = 0;
    const client = pool.compose((dispatch) => (options, handler) => {
      passed++;
      return dispatch({ ...options, headers: { ...options.headers, 'x-added': 'yes' } }, handler);
    });

    const response = await client.get(server.url('/echo'));
    expect(await response.json()).toMatchObject({ headers: { 'x-added': 'yes' } });
    await client.get(server.url('/flaky?fail=1&key=a'));
    expect(passed).toBe(3);
    expect((await client.get(server.url('/echo'))).reusedConnection).toBe(true);
    expect(pool.stats()).toMatchObject({ requests: 3, retries: 1, connectionsOpened: 1 });
  });

  it('closes with the pool', async () => {
    await using server = await UpstreamServer.start();
    const pool = new HttpPool();
    const client = pool.compose((dispatch) => dispatch);
    await pool.close();

    expect(await rejection(client.get(server.url('/echo')))).toMatchObject({ code: 'ERR_CLOSED' });
  });
});

describe('HttpPool.preconnect', () => {
  it('opens connections for the origin of a URL', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ baseUrl: server.url('/') });

    expect(await pool.preconnect('/echo', 2)).toBe(2);
    await pool.get('/echo');
    expect(server.stats().connections).toBe(2);
  });
});

describe('a dispatcher of your own', () => {
  it('may be a MockAgent', async () => {
    const mock = new MockAgent();
    mock.disableNetConnect();
    mock.get('http://api.test').intercept({ path: '/a' }).reply(503, 'no');
    mock.get('http://api.test').intercept({ path: '/a' }).reply(200, { ok: true });
    await using pool = new HttpPool({ dispatcher: mock, random: () => 0 });

    expect(await pool.get('http://api.test/a').json()).toEqual({ ok: true });
    expect(pool.stats()).toMatchObject({ retries: 1, connectionsOpened: 0 });
    await mock.close();
  });
});

describe('denyPrivate of HttpPool', () => {
  it('refuses a private address, and does not retry', async () => {
    await using pool = new HttpPool({ denyPrivate: true });

    expect(await rejection(pool.get('http://127.0.0.1:9/'))).toMatchObject({
      code: 'ERR_POOL_BLOCKED_ADDRESS',
      attempts: 1,
    });
  });
});

describe('diagnostics channels', () => {
  it('tell of requests, retries and connections', async () => {
    await using server = await UpstreamServer.start();
    using requests = listen('@x/pool:request');
    using retries = listen('@x/pool:retry');
    using connections = listen('@x/pool:connection');
    const pool = new HttpPool({ name: 'api', random: () => 0 });
    await pool.get(server.url('/flaky?fail=1&key=secret'));
    await rejection(pool.get(server.url('missing-a')));
    await pool.close();

    const [origin] = server.origins;
    expect(requests.messages).toMatchObject([
      {
        pool: 'api',
        method: 'GET',
        url: server.url('/flaky?fail=…&key=…'),
        status: 200,
        attempts: 2,
      },
      { pool: 'api', status: 404, error: { code: 'ERR_POOL_STATUS' } },
    ]);
    expect(retries.messages).toEqual([{ pool: 'api', origin, reason: '503' }]);
    expect(connections.messages).toMatchObject([
      { pool: 'api', origin, event: 'open' },
      { pool: 'api', origin, event: 'close', reason: 'closed' },
    ]);
  });
});

describe('URLs', () => {
  it.each([
    ['/a/../b', '/b'],
    ['/a/%2e%2e/b', '/b'],
    ['/a?', '/a'],
    ['/a b', '/a%20b'],
    ['/a#part', '/a'],
    ["/a?b='c'", '/a?b=%27c%27'],
    ['/a\\b', '/a/b'],
    ['/é', '/%C3%A9'],
    ['/a//b?c=/.d&e', '/a//b?c=/.d&e'],
  ])('%s is sent as %s, also to an origin that is known', async (given, sent) => {
    const seen: (string | undefined)[] = [];
    await using server = await serveHttp(({ url }, response) => {
      seen.push(url);
      response.end();
    });
    await using pool = new HttpPool();
    const first = await pool.get(`${server.origin}${given}`);
    const second = await pool.get(`${server.origin}${given}`);
    await until(() => seen.length === 2);

    expect(seen).toEqual([sent, sent]);
    expect([first.url, second.url]).toEqual([`${server.origin}${sent}`, `${server.origin}${sent}`]);
  });
});
