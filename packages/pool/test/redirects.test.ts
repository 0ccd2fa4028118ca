import { UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool } from '../src/index.ts';
import { rejection, serveHttp } from './support.ts';

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const secrets = {
  authorization: 'Bearer secret',
  cookie: 'session=secret',
  'proxy-authorization': 'Basic secret',
  'x-api-key': 'secret',
};

describe('redirects', () => {
  it('are followed, and the answer says where it came from', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();

    const response = await pool.get(server.url('/redirect?to=/redirect?to=/echo'));

    expect(response.url).toBe(server.url('/echo'));
    expect(response.attempts).toBe(3);
  });

  it('keep secrets within the origin', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();

    const echo = await pool
      .get(server.url('/redirect?to=/echo'), { headers: secrets })
      .json<Echo>();

    expect(echo.headers).toMatchObject(secrets);
  });

  it('take no secret to another port', async () => {
    await using server = await UpstreamServer.start({ origins: 2 });
    await using pool = new HttpPool({ headers: secrets });
    const [from = '', to = ''] = server.origins;
    const url = `${from.replace('://', '://user:pass@')}/redirect?to=${to}/echo`;

    const { headers } = await pool.get(url, { headers: { 'x-kept': 'yes' } }).json<Echo>();

    expect(headers).toMatchObject({ 'x-kept': 'yes', host: new URL(to).host });
    expect(JSON.stringify(headers)).not.toMatch(/secret|Basic/);
  });

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [302, 'PUT', 'PUT', 'body'],
    [307, 'POST', 'POST', 'body'],
    [308, 'POST', 'POST', 'body'],
  ])('by %s make of %s a %s', async (status, method, becomes, body) => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const url = server.url(`/redirect?status=${status}&to=/echo`);
    const headers = { 'content-type': 'text/plain' };

    const echo = await pool.request(url, { method, headers, body: 'body' }).json<Echo>();

    expect([echo.method, echo.body]).toEqual([becomes, body]);
    expect('content-type' in echo.headers).toBe(body !== '');
  });

  it('end after maxRedirects', async () => {
    await using server = await serveHttp((_request, response) => {
      response.writeHead(302, { location: '/' }).end();
    });
    await using pool = new HttpPool({ maxRedirects: 3 });

    expect(await rejection(pool.get(server.origin))).toMatchObject({
      code: 'ERR_POOL_REDIRECT',
      attempts: 4,
      message: `GET ${server.origin}/: more than 3 redirects`,
    });
  });

  it('are answers of their own with maxRedirects: 0', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ maxRedirects: 0 });

    const response = await pool.get(server.url('/redirect?to=/echo'));
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/echo');
  });

  it.each(['ftp://127.0.0.1/', 'http://[broken', 'javascript:alert(1)'])(
    'to %s are refused',
    async (to) => {
      await using server = await serveHttp((_request, response) => {
        response.writeHead(302, { location: to }).end();
      });
      await using pool = new HttpPool();

      expect(await rejection(pool.get(server.origin))).toMatchObject({ code: 'ERR_POOL_REDIRECT' });
    },
  );

  it('without a location are answers', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();

    expect((await pool.get(server.url('/status/302'))).status).toBe(302);
  });
});
