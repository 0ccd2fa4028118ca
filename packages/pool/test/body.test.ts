import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { ManualClock, UpstreamServer } from '@x/testkit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HttpPool } from '../src/index.ts';
import { type LocalServer, rejection, serveHttp, until } from './support.ts';

const text = 'grün und rot, '.repeat(1_000);

const encodings: [string, string, Buffer][] = [
  ['gzip', 'gzip', gzipSync(text)],
  ['x-gzip', 'X-GZIP', gzipSync(text)],
  ['deflate', 'deflate', deflateSync(text)],
  ['bare deflate', 'deflate', deflateRawSync(text)],
  ['brotli', 'br', brotliCompressSync(text)],
  ['zstd', 'zstd', zstdCompressSync(text)],
  ['two codings', 'gzip, br', brotliCompressSync(gzipSync(text))],
  ['identity', 'identity', Buffer.from(text)],
];

function serveBody(encoding: string, body: Buffer | string): Promise<LocalServer> {
  return serveHttp((_request, response) => {
    response.setHeader('content-encoding', encoding).end(body);
  });
}

describe('the body of a response', () => {
  it.each(encodings)('is decoded from %s', async (_what, encoding, body) => {
    await using server = await serveBody(encoding, body);
    await using pool = new HttpPool();

    const response = await pool.get(server.origin);

    expect(await response.text()).toBe(text);
    expect(response.bytesReceived).toBe(body.length);
  });

  it.each(encodings)('is decoded from %s when it is streamed', async (_what, encoding, body) => {
    await using server = await serveBody(encoding, body);
    await using pool = new HttpPool();

    expect(await pool.get(server.origin, { stream: true }).text()).toBe(text);
    await until(() => pool.stats().connectionsIdle === 1);
  });

  it('is handed out as it came in a coding that nobody knows', async () => {
    await using server = await serveBody('gzip, rot13', 'nop');
    await using pool = new HttpPool();

    const response = await pool.get(server.origin);
    expect(await response.text()).toBe('nop');
    expect(response.headers.get('content-encoding')).toBe('gzip, rot13');
  });

  it.each([
    ['damaged', Buffer.from('this is not gzip')],
    ['cut short', gzipSync(text).subarray(0, 40)],
  ])('rejects when it is %s', async (_what, body) => {
    await using server = await serveBody('gzip', body);
    await using pool = new HttpPool();

    expect(await rejection(pool.get(server.origin))).toMatchObject({ code: 'ERR_POOL_REQUEST' });
    await expect(pool.get(server.origin, { stream: true }).bytes()).rejects.toThrow(Error);
  });

  it('may be empty whatever the headers say', async () => {
    await using server = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': 1_000_000 }).end();
    });
    await using pool = new HttpPool({ maxResponseBytes: 10 });

    expect(await pool.head(server.origin).text()).toBe('');
  });

  it('loses a byte order mark', async () => {
    await using server = await serveBody('identity', '\uFEFF{"a":1}');
    await using pool = new HttpPool();

    expect(await pool.get(server.origin).text()).toBe('{"a":1}');
    expect(await pool.get(server.origin).json()).toEqual({ a: 1 });
  });

  it('says which answer was no JSON', async () => {
    await using server = await serveBody('identity', '<html>');
    await using pool = new HttpPool();

    expect(await rejection(pool.get(`${server.origin}/a?key=b`).json())).toMatchObject({
      code: 'ERR_POOL_INVALID_JSON',
      status: 200,
      url: `${server.origin}/a?key=…`,
      cause: expect.any(SyntaxError),
    });
  });
});

describe('maxResponseBytes', () => {
  const bomb = gzipSync(Buffer.alloc(5_000_000));

  it.each([
    ['by its announced length', 'identity', Buffer.alloc(2_001), true],
    ['as it comes', 'identity', Buffer.alloc(2_001), false],
    ['when it is decoded', 'gzip', bomb, true],
  ])('refuses a body that is too large %s', async (_how, encoding, body, announced) => {
    await using server = await serveHttp((_request, response) => {
      response.setHeader('content-encoding', encoding);
      if (announced) response.setHeader('content-length', body.length);
      response.write(body);
      response.end();
    });
    await using pool = new HttpPool({ maxResponseBytes: encoding === 'gzip' ? 4_999_999 : 2_000 });

    expect(await rejection(pool.get(server.origin))).toMatchObject({
      code: 'ERR_POOL_RESPONSE_TOO_LARGE',
      attempts: 1,
    });
  });

  it('accepts a body of exactly that size', async () => {
    await using server = await serveBody('gzip', bomb);
    await using pool = new HttpPool({ maxResponseBytes: 5_000_000 });

    expect((await pool.get(server.origin).bytes()).length).toBe(5_000_000);
  });
});

describe('a streamed body', () => {
  it('comes as it is read, and holds its connection until its end', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const response = await pool.get(server.url('/large?bytes=5000000'), { stream: true });
    await until(() => pool.stats().bytesReceived > 0);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));

    expect(response.bytesReceived).toBe(0);
    expect(pool.stats().bytesReceived).toBeLessThan(2_000_000);
    expect(pool.stats().connectionsIdle).toBe(0);
    expect((await response.bytes()).length).toBe(5_000_000);
    await until(() => pool.stats().connectionsIdle === 1);
  });

  it('frees its connection when the reader leaves', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const { body } = await pool.get(server.url('/large?bytes=50000000'), { stream: true });

    body.destroy();
    await until(() => pool.stats().connectionsOpen === 0);
    expect(pool.stats().bytesReceived).toBeLessThan(50_000_000);
  });

  it('is given up with a warning when nobody reads it', async () => {
    const clock = new ManualClock();
    const warnings: string[] = [];
    const logger = {
      ...console,
      debug: () => {},
      warn: (message: string) => warnings.push(message),
    };
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ readTimeoutMs: 100, clock, logger, name: 'files' });
    const url = server.url('/large?bytes=50000000');
    const { body } = await pool.get(url, { stream: true });
    await until(() => pool.stats().bytesReceived > 100_000);
    for (let turn = 0; turn < 20; turn++) await clock.advanceAsync(0);

    await clock.advanceAsync(100);
    await until(() => pool.stats().connectionsOpen === 0);
    expect(warnings).toEqual([
      `pool "files": GET ${server.url('/large?bytes=…')}: the streamed body was not read for 100 ms`,
    ]);
    expect(body.errored).toMatchObject({ code: 'ERR_POOL_BODY_TIMEOUT', stalledBy: 'reader' });
  });

  it('is told to the process once for each pool without a logger, however many nobody reads', async () => {
    const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    onTestFinished(() => emitWarning.mockRestore());
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const url = server.url('/large?bytes=50000000');
    for (const name of ['files', 'images']) {
      await using pool = new HttpPool({ readTimeoutMs: 100, clock, name });
      for (let count = 1; count <= 2; count++) {
        await pool.get(url, { stream: true });
        await until(() => pool.stats().bytesReceived > count * 100_000);
        for (let turn = 0; turn < 20; turn++) await clock.advanceAsync(0);
        await clock.advanceAsync(100);
        await until(() => pool.stats().connectionsOpen === 0);
      }
    }

    const told = 'the streamed body was not read for 100 ms (told once; give the pool a logger';
    expect(emitWarning.mock.calls).toEqual(
      ['files', 'images'].map((name) => [
        expect.stringContaining(`pool "${name}": GET ${server.url('/large?bytes=…')}: ${told}`),
        { type: 'UnreadBodyWarning', code: 'ERR_POOL_BODY_TIMEOUT' },
      ]),
    );
  });

  it('that is small and never read holds nothing', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    await pool.get(server.url('/status/200'), { stream: true });

    await until(() => pool.stats().connectionsIdle === 1);
    await pool.close();
    expect(pool.stats().connectionsOpen).toBe(0);
  });

  it('is only streamed when it is the answer: what is retried or thrown is read', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ random: () => 0 });

    const response = await pool.get(server.url('/flaky?fail=2&key=a'), { stream: true });
    expect(await response.text()).toBe('200\n');
    expect(response.attempts).toBe(3);
    const error = await rejection(pool.get(server.url('missing-a'), { stream: true }));
    expect(await (error as { response: Response }).response.json()).toEqual({ error: 'not found' });
    await until(() => pool.stats().connectionsIdle === pool.stats().connectionsOpen);
  });

  it('of a collected answer is a stream too', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const { body } = await pool.get(server.url('/status/200'));

    expect(Buffer.concat(await body.toArray()).toString()).toBe('200\n');
  });
});
