import { inspect } from 'node:util';
import { UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool, type RequestOptions } from '@x/pool';

/** What JavaScript may give. */
const untyped = (value: unknown): never => value as never;

const nowhere = 'http://127.0.0.1:1/';

/** What a POST of these options is refused with, before it is sent. */
async function refusal(options: unknown): Promise<unknown> {
  await using pool = new HttpPool({ maxRetries: 0 });
  const error: unknown = await pool.post(nowhere, untyped(options)).catch((reason) => reason);
  expect(pool.stats().requests).toBe(0);
  return error;
}

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

async function echoOf(options: RequestOptions): Promise<Echo> {
  await using server = await UpstreamServer.start();
  await using pool = new HttpPool();
  return pool.request(server.url('/echo'), options).json<Echo>();
}

const parameters = 'must be an object such as { page: 2 } or a URLSearchParams';
const oneOf = 'must be a string, a number, a boolean or an array of them';
const headers =
  "headers must be an object such as { accept: 'text/plain' }, or pairs of a name and a value";
const bytes = 'body must be a string or bytes';
const elsewhere =
  'json and form take objects, pool.fetch(url, { method, body }) whatever fetch sends';

describe('a request with what is named as an option but is something else', () => {
  it.each([
    [{ query: 'token=secret' }, `query ${parameters}, got a string`],
    [{ query: ['a', 'b'] }, `query ${parameters}, got an array`],
    [{ query: [['a', 'b']] }, `query ${parameters}, got an array`],
    [{ query: new Map([['a', 1]]) }, `query ${parameters}, got an object of class Map`],
    [{ query: Promise.resolve({}) }, `query ${parameters}, got a promise`],
    [{ query: 5 }, `query ${parameters}, got 5`],
    [{ query: null }, `query ${parameters}, got null`],
    [{ query: { a: { b: 1 } } }, `query.a ${oneOf}, got an object`],
    [{ query: { a: [1, new Date(0)] } }, `query.a ${oneOf}, got a Date`],
    [{ query: { a: () => 1 } }, `query.a ${oneOf}, got a function`],
    [{ form: 'password=secret' }, `form ${parameters}, got a string`],
    [{ form: ['a'] }, `form ${parameters}, got an array`],
    [{ form: { a: {} } }, `form.a ${oneOf}, got an object`],
    [
      { form: new FormData() },
      `form ${parameters}, got an object of class FormData; pool.fetch(url, { method, body }) sends one`,
    ],
    [{ body: { a: 1 } }, `${bytes}, got an object; ${elsewhere}`],
    [{ body: new FormData() }, `${bytes}, got an object of class FormData; ${elsewhere}`],
    [{ body: null }, `${bytes}, got null; ${elsewhere}`],
    [{ json: () => 1 }, 'json must be something that JSON can say, got a function'],
    [{ json: Promise.resolve() }, 'json must be something that JSON can say, got a promise'],
    [{ json: new Map() }, 'json must be something that JSON can say, got an object of class Map'],
    [
      { json: { a: 1n } },
      'json must be something that JSON can say: Do not know how to serialize a BigInt',
    ],
    [{ headers: 'authorization: secret' }, `${headers}, got a string`],
    [{ headers: 5 }, `${headers}, got 5`],
    [{ headers: null }, `${headers}, got null`],
    [{ headers: ['a', 'b'] }, `${headers}, got an array`],
    [{ headers: ['ab'] }, `${headers}, got an array`],
    [{ headers: [['a', 'b', 'c']] }, `${headers}, got an array`],
    [{ headers: { a: null } }, 'headers: a must be a string or an array of strings, got null'],
    [{ headers: { a: {} } }, 'headers: a must be a string or an array of strings, got an object'],
    [
      { headers: { a: ['b', undefined] } },
      'headers: a must be a string or an array of strings, got undefined',
    ],
    [{ headers: { 'a b': 'c' } }, 'headers must have names such as "accept", got "a b"'],
    [
      { headers: { 'authorization: secret': '' } },
      'headers must have names such as "accept", got "authorization:…"',
    ],
    [
      { headers: { a: 'secret\nb' } },
      'headers: a must have no line breaks and no letters beyond Latin-1',
    ],
    [{ headers: { a: 'ł' } }, 'headers: a must have no line breaks and no letters beyond Latin-1'],
    [{ method: 5 }, 'method must be a word such as "POST", got 5'],
    [{ method: '' }, 'method must be a word such as "POST", got ""'],
    [{ method: 'PO ST' }, 'method must be a word such as "POST", got "PO ST"'],
    [
      { method: 'PUT' },
      'post sends a POST, got the method "PUT"; request(url, { method }) takes any',
    ],
  ])('is refused: %o', async (options, message) => {
    expect(await refusal(options)).toEqual(new TypeError(message));
  });

  it.each(['post', 'put', 'patch'] as const)('is refused: %s(url, body, config)', async (verb) => {
    await using pool = new HttpPool();
    const send = pool[verb].bind(pool) as (...given: unknown[]) => Promise<unknown>;
    await expect(send(nowhere, undefined, { headers: {} })).rejects.toThrow(
      new TypeError(
        `${verb} takes a URL and options, got a third argument; a body goes in { json }, { form } or { body }`,
      ),
    );
    await expect(send(nowhere, undefined, {}, {})).rejects.toThrow('got a third argument');
    await using server = await UpstreamServer.start();
    expect(await send(server.url('/echo'), { json: 1 }, undefined)).toMatchObject({ status: 200 });
  });

  it('is refused by extend', async () => {
    await using pool = new HttpPool();
    expect(() => pool.extend(untyped({ headers: 'x' }))).toThrow(
      new TypeError(`${headers}, got a string`),
    );
    expect(() => pool.extend(untyped({ query: 'x' }))).toThrow(`query ${parameters}, got a string`);
    expect(() => pool.extend(untyped({ body: {} }))).toThrow(bytes);
    expect(() => pool.extend({ json: 1 }).extend({ form: {} })).toThrow('only one of json, form');
    await expect(pool.extend({ json: 1 }).post(nowhere, { form: {} })).rejects.toThrow('only one');
  });
});

describe('a request', () => {
  it('may say the method that it has', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const echo = await pool.post(server.url('/echo'), { method: 'post' }).json<Echo>();
    expect(echo.method).toBe('POST');
    const client = pool.extend({ method: 'put' });
    expect((await client.request(server.url('/echo')).json<Echo>()).method).toBe('PUT');
    expect((await client.post(server.url('/echo')).json<Echo>()).method).toBe('POST');
  });

  it('leaves out what is missing in an array of its query', async () => {
    const query = { a: [1, undefined, null, 2], b: 5n };
    expect((await echoOf({ query })).url).toBe('/echo?a=1&a=2&b=5');
  });

  it('may have headers that are no strings, and parameters of another realm', async () => {
    // As jsdom has them.
    const foreign = {
      *[Symbol.iterator]() {
        yield ['a', '1'];
      },
      [Symbol.toStringTag]: 'URLSearchParams',
    };
    const echo = await echoOf({
      headers: untyped({ 'x-page': 5, 'x-on': true, 'x-off': undefined }),
      query: untyped(foreign),
    });
    expect(echo.headers).toMatchObject({ 'x-page': '5', 'x-on': 'true' });
    expect(echo.headers).not.toHaveProperty('x-off');
    expect(echo.url).toBe('/echo?a=1');
  });

  it('starts from pairs that could be read once, however many there are', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const once = new Map([['x-a', 'b']]).entries();
    const client = pool.extend({ headers: once }).extend({ permits: 1 });
    for (let request = 0; request < 2; request++) {
      const { headers: sent } = await client.get(server.url('/echo')).json<Echo>();
      expect(sent).toHaveProperty('x-a', 'b');
    }
  });

  it('keeps the query that it starts from, name by name', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const client = pool
      .extend({ query: { key: 'k', page: 1, tag: ['a', 'b'] } })
      .extend({ query: new URLSearchParams('page=2&size=5&size=6') });
    const urlOf = async (query?: RequestOptions['query']): Promise<string> =>
      (await client.get(server.url('/echo'), { query }).json<Echo>()).url;

    expect(await urlOf()).toBe('/echo?key=k&page=2&tag=a&tag=b&size=5&size=6');
    expect(await urlOf({ page: 3, tag: undefined, size: null, order: 'up' })).toBe(
      '/echo?key=k&page=3&order=up',
    );
    await expect(client.get(nowhere, { query: untyped('a=1') })).rejects.toThrow(
      new TypeError(`query ${parameters}, got a string`),
    );
  });

  it.each(['query', 'form'] as const)('may have any names in its %s', async (option) => {
    const values = { aborted: true, size: 5, length: 0 };
    const { url, body } = await echoOf({ method: 'POST', [option]: values });
    expect(`${url} ${body}`).toContain('aborted=true&size=5&length=0');
  });

  it('may be told by an object of a class, which has getters, also where it starts from others', async () => {
    class Page {
      get query(): { readonly page: number } {
        return { page: 2 };
      }
      get headers(): { readonly 'x-page': string } {
        return { 'x-page': 'two' };
      }
    }
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const url = server.url('/echo');
    const other = pool.extend({ headers: { accept: 'text/plain' } });
    const answers = [pool.get(url, new Page()), other.get(url, new Page())];
    for (const answer of [...answers, pool.extend(new Page()).get(url)]) {
      const echo = await answer.json<Echo>();
      expect([echo.url, echo.headers['x-page']]).toEqual(['/echo?page=2', 'two']);
    }
  });

  it('may send what says of itself that it is an empty object in JSON', async () => {
    const json = { toJSON: () => ({}), [Symbol.iterator]: () => [].values() };
    expect((await echoOf({ method: 'POST', json })).body).toBe('{}');
  });

  it('ends with its own signal and with the one that it starts from', async () => {
    await using pool = new HttpPool();
    const aborted = { signal: AbortSignal.abort('enough') };
    const running = { signal: new AbortController().signal };
    await expect(pool.extend(aborted).get(nowhere, running)).rejects.toBe('enough');
    await expect(pool.extend(running).get(nowhere, aborted)).rejects.toBe('enough');
  });
});

describe('a url', () => {
  it.each([
    [undefined, 'url must be a string or a URL, got undefined'],
    [null, 'url must be a string or a URL, got null'],
    [5, 'url must be a string or a URL, got 5'],
    [['a'], 'url must be a string or a URL, got an array'],
    [
      { url: 'a', method: 'GET' },
      'url must be a string or a URL, got an object; it goes before the options: get(url, { headers })',
    ],
    [new Request('http://a'), 'url must be a string or a URL, got an object of class Request'],
  ])('is not %j', async (url, message) => {
    await using pool = new HttpPool({ baseUrl: nowhere });
    await expect(pool.get(untyped(url))).rejects.toThrow(new TypeError(message));
    const verb = message.replace('get(', 'preconnect(');
    await expect(pool.preconnect(untyped(url))).rejects.toThrow(new TypeError(verb));
    expect(pool.stats()).toMatchObject({ requests: 0, connectionsOpened: 0 });
  });

  it.each(['', '/a', 'users?token=secret', 'www.example.com'])(
    'is not %j without a baseUrl',
    async (url) => {
      await using pool = new HttpPool();
      const refused = new TypeError(
        `url must begin with http: or https: where there is no baseUrl, got ${JSON.stringify(url.replace(/\?.*/, ''))}`,
      );
      await expect(pool.get(url)).rejects.toThrow(refused);
      await expect(pool.fetch(url)).rejects.toThrow(refused);
      await expect(pool.preconnect(url)).rejects.toThrow(refused);
    },
  );

  it.each([
    ['http://user:secret@127.0.0.1:99999/a?key=secret#secret', 'http://127.0.0.1:99999/a'],
    ['http://user:se/cr?et@127.0.0.1/', 'http://127.0.0.1/'],
    ['//user:secret@127.0.0.1:99999', '//127.0.0.1:99999'],
  ])('is told without its secrets: %s', async (url, shown) => {
    await using pool = new HttpPool({ baseUrl: nowhere });
    for (const call of [pool.get(url), pool.fetch(url), pool.preconnect(url)]) {
      const error: unknown = await Promise.resolve(call).catch((reason: unknown) => reason);
      expect(error).toEqual(new TypeError(`url must be a URL, got "${shown}"`));
      expect(inspect(error)).not.toContain('secret@');
    }
  });

  it.each([undefined, null, 5])('of fetch is not %s', async (url) => {
    await using pool = new HttpPool({ baseUrl: nowhere });
    await expect(pool.fetch(untyped(url))).rejects.toThrow(
      new TypeError(`url must be a string or a URL, got ${url}`),
    );
  });

  it('may be one of another realm or of an older kind', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const answer = await pool.get(untyped({ href: server.url('/echo?a=1') }));
    expect((await answer.json<Echo>()).url).toBe('/echo?a=1');
  });

  it('does not take the place of what a baseUrl ends with', async () => {
    await using server = await UpstreamServer.start();
    const baseUrl = server.url('/status/200');
    await using pool = new HttpPool({ baseUrl });

    await expect(pool.get('users?token=secret')).rejects.toThrow(
      new TypeError(
        'baseUrl must end with / where a url begins with none, got "users", which would replace "200"',
      ),
    );
    const urls = ['', '?a=1', '/status/200', baseUrl, new URL(baseUrl)];
    const answers = await Promise.all(urls.map((url) => pool.get(url)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });
});
