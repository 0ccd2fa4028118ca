import { inspect } from 'node:util';
import { UpstreamServer } from '@x/testkit';
import { MockAgent } from 'undici';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  HttpClient,
  HttpPool,
  type HttpPoolOptions,
  PendingResponse,
  PoolResponse,
  StatusError,
} from '../src/index.ts';
import { rejection, serveHttp } from './support.ts';

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

describe('PoolResponse', () => {
  it('is made by a pool alone', () => {
    // @ts-expect-error -- the constructor is private
    expect(() => new PoolResponse()).toThrow(
      new TypeError('PoolResponse has no public constructor: requests of an HttpPool answer it'),
    );
  });

  it('reads a streamed body once, and a collected one as often as asked', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const url = server.url('/status/200');

    const collected = await pool.get(url);
    expect([await collected.text(), await collected.text()]).toEqual(['200\n', '200\n']);
    const streamed = await pool.get(url, { stream: true });
    expect(await streamed.text()).toBe('200\n');
    await expect(streamed.text()).rejects.toThrow(
      new TypeError('the body was streamed and has been read; without { stream: true } it stays'),
    );
  });

  it('says where there is no JSON because there is nothing', async () => {
    await using server = await serveHttp((_request, response) => {
      response.writeHead(204).end();
    });
    await using pool = new HttpPool();

    await expect(pool.get(server.origin).json()).rejects.toThrow(
      `GET ${server.origin}/: the body of the answer 204 is empty`,
    );
  });
});

describe('HttpClient', () => {
  it('is what a pool is, and is not made by itself', () => {
    const Constructor = HttpClient as unknown as new (options: object) => HttpClient;
    expect(() => new Constructor({ baseUrl: 'http://a' })).toThrow(
      new TypeError('HttpClient has no public constructor: use new HttpPool(options)'),
    );
  });
});

describe('a StatusError', () => {
  it('has the answer, and does not show it where the values of a query would stand in a log', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();

    const error = await rejection(pool.get(server.url('/status/404?token=secret')));

    expect(error).toBeInstanceOf(StatusError);
    const { response } = error as StatusError;
    expect(await response.text()).toBe('404\n');
    expect(response.url).toContain('token=secret');
    expect(inspect(error)).not.toContain('secret');
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});

describe('HttpPool.request', () => {
  it('answers status, headers, body and how it went', async () => {
    await using server = await UpstreamServer.start({ gzip: false });
    await using pool = new HttpPool();
    await pool.get(server.url('left-pad'));

    const response = await pool.get(server.url('left-pad'));

    expect(response).toBeInstanceOf(PoolResponse);
    expect(response).toMatchObject({
      status: 200,
      ok: true,
      url: server.url('left-pad'),
      attempts: 1,
      reusedConnection: true,
    });
    expect(response.headers.get('Content-Type')).toBe('application/json');
    expect(response.bytesReceived).toBe(Number(response.headers.get('content-length')));
    expect((await response.bytes()).byteLength).toBe(response.bytesReceived);
    expect(await response.json()).toEqual(JSON.parse(await response.text()));
    const { waitMs, connectMs, firstByteMs, totalMs } = response.timings;
    expect(connectMs).toBeUndefined();
    expect(totalMs).toBeGreaterThanOrEqual(waitMs + firstByteMs);
  });

  it('times a new connection', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();

    const { timings, reusedConnection } = await pool.get(server.url('/echo'));

    expect(reusedConnection).toBe(false);
    expect(timings.connectMs).toBeGreaterThan(0);
  });

  it('reads the body from the call itself', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const pending = pool.get(server.url('/status/200'));

    expect(pending).toBeInstanceOf(PendingResponse);
    expect(await pending.text()).toBe('200\n');
    expect(await pool.get(server.url('/status/200')).bytes()).toEqual(Buffer.from('200\n'));
    const name = await pool.get(server.url('a')).json<{ name: string }>();
    expectTypeOf(name).toEqualTypeOf<{ name: string }>();
    expect(name.name).toBe('a');
  });

  it('is a promise', async () => {
    await using pool = new HttpPool();
    const seen: unknown[] = [];

    await pool
      .get('nowhere')
      .catch((error: unknown) => seen.push(error))
      .finally(() => seen.push('end'));
    await pool.get('nowhere').then(undefined, (error: unknown) => seen.push(error));
    await pool
      .get('nowhere')
      .finally(() => seen.push('end'))
      .catch(() => {});

    expect(seen).toEqual([expect.any(TypeError), 'end', expect.any(TypeError), 'end']);
    const pending = pool.get('nowhere');
    expect(pending).toBeInstanceOf(Promise);
    expect(Object.prototype.toString.call(pending)).toBe('[object PendingResponse]');
    await expect(pending).rejects.toThrow(TypeError);
  });

  it.each(['get', 'head', 'post', 'put', 'patch', 'delete'] as const)('sends %s', async (verb) => {
    await using server = await serveHttp((request, response) => {
      response.setHeader('x-method', request.method ?? '').end();
    });
    await using pool = new HttpPool();

    const { headers } = await pool[verb](server.origin);
    expect(headers.get('x-method')).toBe(verb.toUpperCase());
  });

  it.each([
    ['json', { json: { a: [1, null] } }, 'application/json', '{"a":[1,null]}'],
    [
      'a form',
      { form: { a: 'b c', d: [1, true], no: undefined } },
      'application/x-www-form-urlencoded;charset=UTF-8',
      'a=b+c&d=1&d=true',
    ],
    ['text', { body: 'grün' }, undefined, 'grün'],
    ['bytes', { body: new Uint8Array([104, 105]) }, undefined, 'hi'],
  ])('sends %s', async (_what, options, contentType, body) => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();

    const echo = await pool.post(server.url('/echo'), options).json<Echo>();

    expect(echo.body).toBe(body);
    expect(echo.headers['content-type']).toBe(contentType);
  });

  it('adds the query, with repeated names and without what is undefined', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const query = { a: 'x y', b: [1, 2], c: undefined, d: null, e: false };

    expect((await pool.get(server.url('/echo?z=0'), { query }).json<Echo>()).url).toBe(
      '/echo?z=0&a=x+y&b=1&b=2&e=false',
    );
    const pairs = new URLSearchParams([
      ['a', '1'],
      ['a', '2'],
    ]);
    expect((await pool.get(server.url('/echo'), { query: pairs }).json<Echo>()).url).toBe(
      '/echo?a=1&a=2',
    );
  });

  it('turns user and password of a URL into a header', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const url = server.url('/echo#part').replace('://', '://us%40er:100%@');

    const response = await pool.get(url);
    const { headers } = await response.json<Echo>();

    expect(headers['authorization']).toBe(`Basic ${btoa('us@er:100%')}`);
    expect(response.url).toBe(server.url('/echo'));
  });

  it.each([
    [
      'a relative URL without a base',
      '/users?token=secret',
      {},
      /^url must begin with http: or https: where there is no baseUrl, got "\/users"$/,
    ],
    ['what is no URL', 'http://[', {}, /^url must be a URL, got "http:\/\/\["/],
    [
      'an object as it is',
      'http://127.0.0.1/',
      { body: { a: 1 } as never },
      /body must be a string or bytes, got an object; json and form/,
    ],
    ['another protocol', 'ftp://127.0.0.1/', {}, /url must begin with http: or https:, got "ftp:"/],
    ['two bodies', 'http://127.0.0.1/', { json: 1, body: 'x' }, /only one of json, form and body/],
    ['a fraction of a permit', 'http://127.0.0.1/', { permits: 0.5 }, /permits must be a whole/],
    ['no time at all', 'http://127.0.0.1/', { totalTimeoutMs: 0 }, /totalTimeoutMs must be a num/],
  ])('refuses %s', async (_what, url, options, message) => {
    await using pool = new HttpPool();

    await expect(pool.get(url, options)).rejects.toThrow(message);
    expect(pool.stats().requests).toBe(0);
  });

  it('refuses what is no URL with its baseUrl either', async () => {
    await using pool = new HttpPool({ baseUrl: 'http://127.0.0.1/' });

    await expect(pool.get('//[')).rejects.toThrow(/^url must be a URL, got "\/\/\["$/);
  });
});

describe('a status of 400 or above', () => {
  it('rejects, with the answer and without secrets', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();

    const error = await rejection(pool.get(server.url('missing-a?api_key=secret&x=1#part')));

    expect(error).toMatchObject({
      code: 'ERR_POOL_STATUS',
      status: 404,
      attempts: 1,
      url: server.url('missing-a?api_key=…&x=…'),
      message: `GET ${server.url('missing-a?api_key=…&x=…')}: the server answered 404`,
    });
    const { response } = error as { response: PoolResponse };
    expect(await response.json()).toEqual({ error: 'not found' });
  });

  it('is an answer like another with throwOnStatus: false', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();

    const response = await pool.get(server.url('missing-a'), { throwOnStatus: false });
    expect([response.status, response.ok]).toEqual([404, false]);
  });

  it('says how long the server asks to wait', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ maxRetryAfterMs: 1_000 });

    expect(await rejection(pool.get(server.url('/status/429?retry-after=5')))).toMatchObject({
      status: 429,
      attempts: 1,
      retryAfterMs: 5_000,
    });
  });
});

describe('HttpPool options', () => {
  it('has a base URL and headers that requests add to, replace and remove', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({
      baseUrl: server.url('/echo/'),
      headers: { 'X-A': 'pool', 'x-b': 'pool', 'x-c': 'pool' },
    });

    const { url, headers } = await pool
      .get('users?q=1', { headers: { 'x-a': 'request', 'X-B': undefined } })
      .json<Echo>();

    expect(url).toBe('/echo/users?q=1');
    expect(headers).toMatchObject({ 'x-a': 'request', 'x-c': 'pool' });
    expect(headers).not.toHaveProperty('x-b');
  });

  it('sends over a dispatcher of the caller, such as a MockAgent', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    agent.get('http://api.test').intercept({ path: '/a' }).reply(503, 'busy');
    agent.get('http://api.test').intercept({ path: '/a' }).reply(200, { fine: true });
    await using pool = new HttpPool({ dispatcher: agent, random: () => 0 });

    const response = await pool.get('http://api.test/a');

    expect(await response.json()).toEqual({ fine: true });
    expect(response.attempts).toBe(2);
    expect(await rejection(pool.get('http://api.test/b', { maxRetries: 0 }))).toMatchObject({
      code: 'ERR_POOL_REQUEST',
      cause: { code: 'UND_MOCK_ERR_MOCK_NOT_MATCHED' },
    });
    await pool.close();
    agent.get('http://api.test').intercept({ path: '/c' }).reply(200, 'still open');
    const { body } = await agent.request({ origin: 'http://api.test', path: '/c', method: 'GET' });
    expect(await body.text()).toBe('still open');
    await agent.close();
  });

  it('goes through a proxy, with its caps on the requests under way', async () => {
    let running = 0;
    let most = 0;
    await using proxy = await serveHttp((request, response) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        response.end(`proxied ${request.url}`);
      }, 5);
    });
    await using pool = new HttpPool({ proxy: proxy.origin, maxTotalConnections: 2 });

    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) => pool.get(`http://host-${n}.test/${n}`).text()),
    );

    expect(answers).toEqual([1, 2, 3, 4, 5, 6].map((n) => `proxied http://host-${n}.test/${n}`));
    expect(most).toBe(2);
    const { connectionsOpen } = pool.stats();
    expect(connectionsOpen).toBeLessThanOrEqual(2);
  });

  it('reads the proxy from the environment', async () => {
    await using proxy = await serveHttp((_request, response) => response.end('proxied'));
    await using direct = await serveHttp((_request, response) => response.end('direct'));
    const before = { ...process.env };
    Object.assign(process.env, { http_proxy: proxy.origin, no_proxy: '127.0.0.1' });
    try {
      await using pool = new HttpPool({ proxy: 'env' });
      expect(await pool.get('http://host.test/').text()).toBe('proxied');
      expect(await pool.get(direct.origin).text()).toBe('direct');
    } finally {
      process.env = before;
    }
  });

  it.each([
    [{ maxRetries: -1 }, /maxRetries must be a whole number of at least 0, got -1/],
    [{ backoffMs: NaN }, /backoffMs/],
    [{ maxBackoffMs: -1 }, /maxBackoffMs/],
    [{ jitterRatio: 1.5 }, /jitterRatio/],
    [{ readTimeoutMs: 0 }, /readTimeoutMs must be a number above 0/],
    [{ totalTimeoutMs: -5 }, /totalTimeoutMs/],
    [{ maxResponseBytes: -1 }, /maxResponseBytes/],
    [{ maxTotalConnections: 0 }, /maxTotalConnections/],
    [{ name: '' }, /name must be a string that is not empty/],
    [{ baseUrl: 'nowhere' }, /^baseUrl must be a URL such as/],
  ] satisfies [HttpPoolOptions, RegExp][])('refuses %j', (options, message) => {
    expect(() => new HttpPool(options)).toThrow(message);
  });
});

describe('HttpPool.extend', () => {
  it('starts requests from its own options, over the same connections', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ headers: { 'x-a': 'pool' } });
    const client = pool.extend({ headers: { 'x-b': 'client' } });
    const nested = client.extend({ headers: { 'x-c': 'nested' }, throwOnStatus: false });

    const { headers } = await nested
      .get(server.url('/echo'), { headers: { 'x-d': 'request' } })
      .json<Echo>();

    expect(headers).toMatchObject({
      'x-a': 'pool',
      'x-b': 'client',
      'x-c': 'nested',
      'x-d': 'request',
    });
    expect((await nested.get(server.url('missing-a'))).status).toBe(404);
    await expect(client.get(server.url('missing-a'))).rejects.toThrow('404');
    expect(pool.stats()).toMatchObject({ requests: 3, connectionsOpened: 1 });
    expect(() => pool.extend({ permits: -1 })).toThrow(RangeError);
  });
});

describe('HttpPool.fetch', () => {
  it('takes the Request of Node itself', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const headers = { 'x-a': 'b' };
    const request = new Request(server.url('/echo'), { method: 'POST', body: 'hello', headers });

    const response = await pool.fetch(request as never);

    expect(await response.json()).toMatchObject({ method: 'POST', body: 'hello', headers });
  });

  it('is fetch over the pool', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ baseUrl: server.url('/echo/') });

    const response = await pool.fetch('users', { method: 'POST', body: 'hello' });

    expect(await response.json()).toMatchObject({
      method: 'POST',
      url: '/echo/users',
      body: 'hello',
    });
    expect(pool.stats()).toMatchObject({ requests: 1, attempts: 1, connectionsOpened: 1 });
  });

  it('keeps to the signal and the time that its client starts from', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const url = server.url('/hang');

    const aborted = pool.extend({ signal: AbortSignal.abort(new Error('enough')) });
    await expect(aborted.fetch(url)).rejects.toThrow('enough');
    const late = pool.extend({ totalTimeoutMs: 20 }).fetch(url);
    await expect(late).rejects.toMatchObject({ code: 'ERR_POOL_TOTAL_TIMEOUT' });
  });

  it('ends with the signal of the caller, and with the pool', async () => {
    await using server = await UpstreamServer.start();
    const pool = new HttpPool();
    const signal = AbortSignal.abort(new Error('enough'));

    await expect(pool.fetch(server.url('/hang'), { signal })).rejects.toThrow('enough');
    const hanging = rejection(pool.fetch(server.url('/hang')));
    await pool.close({ timeoutMs: 10 });
    expect(await hanging).toBeInstanceOf(Error);
    expect(await rejection(pool.fetch(server.url('/echo')))).toMatchObject({ code: 'ERR_CLOSED' });
    expect(pool.stats()).toMatchObject({ requests: 3, failures: 3 });
  });
});
