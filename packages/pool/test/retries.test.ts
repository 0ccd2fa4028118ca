import { ManualClock, UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool, type HttpPoolOptions } from '../src/index.ts';
import { rejection, serveHttp, serveTcp, until } from './support.ts';

/** Retries without a wait. */
const atOnce: HttpPoolOptions = { random: () => 0 };

describe('retries of HttpPool', () => {
  it('tries again until it works', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool(atOnce);

    const response = await pool.get(server.url('/flaky?fail=3&key=a'));

    expect(response).toMatchObject({ status: 200, attempts: 4 });
    expect(pool.stats()).toMatchObject({ requests: 1, attempts: 4, retries: 3, failures: 0 });
  });

  it('gives up after maxRetries, with the last failure', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ ...atOnce, maxRetries: 2 });

    const url = server.url('/flaky?fail=100&key=b');
    expect(await rejection(pool.get(url))).toMatchObject({
      code: 'ERR_POOL_STATUS',
      status: 503,
      attempts: 3,
    });
    expect(await pool.get(url, { throwOnStatus: false })).toMatchObject({
      status: 503,
      attempts: 3,
    });
    expect(await rejection(pool.get(url, { maxRetries: 0 }))).toMatchObject({ attempts: 1 });
  });

  it.each([408, 425, 429, 500, 502, 503, 504])('tries %s again', async (status) => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool(atOnce);

    expect(await rejection(pool.get(server.url(`/status/${status}`)))).toMatchObject({
      attempts: 4,
    });
  });

  it.each([400, 401, 404, 501])('does not try %s again', async (status) => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool(atOnce);

    expect(await rejection(pool.get(server.url(`/status/${status}`)))).toMatchObject({
      attempts: 1,
    });
  });

  it('tries only what may be repeated: not POST, unless it is said to be idempotent', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool(atOnce);
    const attempts = async (method: string, idempotent?: boolean): Promise<unknown> => {
      const pending = pool.request(server.url('/status/503'), { method, idempotent });
      return ((await rejection(pending)) as { attempts: number }).attempts;
    };

    expect(await attempts('POST')).toBe(1);
    expect(await attempts('PATCH')).toBe(1);
    expect(await attempts('PUT')).toBe(4);
    expect(await attempts('delete')).toBe(4);
    expect(await attempts('POST', true)).toBe(4);
    expect(await attempts('GET', false)).toBe(1);
  });

  it('says why there were fewer attempts than maxRetries allows', async () => {
    await using server = await serveHttp((_request, response) => {
      response.writeHead(503, { 'retry-after': '120' }).end();
    });
    await using pool = new HttpPool(atOnce);

    expect(await rejection(pool.get(server.origin))).toMatchObject({
      retriesEndedBy: 'retry-after',
      message: expect.stringMatching(/503; not tried again: Retry-After .* maxRetryAfterMs$/),
    });
    expect(await rejection(pool.post(server.origin))).toMatchObject({
      retriesEndedBy: 'not-idempotent',
      message: expect.stringMatching(/503; not tried again: .* unless it is idempotent$/),
    });
    const none = await rejection(pool.get(server.origin, { maxRetries: 0 }));
    expect(none).toMatchObject({ retriesEndedBy: undefined });
    expect((none as Error).message).toMatch(/the server answered 503$/);
  });

  it('says when the total timeout leaves no time for a retry', async () => {
    await using server = await serveHttp((_request, response) => {
      response.writeHead(503, { 'retry-after': '20' }).end();
    });
    await using pool = new HttpPool(atOnce);

    const pending = pool.get(server.origin, { totalTimeoutMs: 15_000 });
    expect(await rejection(pending)).toMatchObject({
      retriesEndedBy: 'total-timeout',
      message: expect.stringMatching(/503; not tried again: totalTimeoutMs would be over first$/),
    });
  });

  it('sends the body again with each attempt', async () => {
    const bodies: string[] = [];
    await using server = await serveHttp((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(bodies.length < 3 ? 503 : 200).end();
      });
    });
    await using pool = new HttpPool(atOnce);
    await pool.put(server.origin, { json: { a: 1 } });

    expect(bodies).toEqual(['{"a":1}', '{"a":1}', '{"a":1}']);
  });

  it('tries again when the connection breaks in the middle of the body', async () => {
    let requests = 0;
    await using server = await serveHttp((_request, response) => {
      response.setHeader('content-length', 10);
      if (++requests === 1) response.write('half.', () => response.socket?.resetAndDestroy());
      else response.end('0123456789');
    });
    await using pool = new HttpPool(atOnce);

    expect(await pool.get(server.origin).text()).toBe('0123456789');
    expect(pool.stats().retries).toBe(1);
  });

  it('tries again when a connection is refused, and says so in the end', async () => {
    const server = await serveHttp(() => {});
    await server[Symbol.asyncDispose]();
    await using pool = new HttpPool({ ...atOnce, maxRetries: 1 });

    expect(await rejection(pool.get(server.origin))).toMatchObject({
      code: 'ERR_POOL_REQUEST',
      attempts: 2,
      url: `${server.origin}/`,
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it('does not try again what is no HTTP, or what undici refuses to send', async () => {
    await using server = await serveTcp((socket) => socket.write('nonsense\r\n\r\n'));
    await using pool = new HttpPool(atOnce);

    expect(await rejection(pool.get(server.origin))).toMatchObject({ attempts: 1 });
    expect(await rejection(pool.get(server.origin, { headers: { upgrade: 'a' } }))).toMatchObject({
      code: 'ERR_POOL_REQUEST',
      attempts: 1,
      cause: { code: 'UND_ERR_INVALID_ARG' },
    });
  });

  it('waits longer before each retry, by chance up to a bound', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ clock, backoffMs: 1_000, random: () => 0.5, maxRetries: 7 });
    const pending = rejection(pool.get(server.url('/status/500')));

    for (const [index, delayMs] of [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000].entries()) {
      await until(() => server.stats().requests === index + 1 && clock.pending.foreground === 1);
      await clock.advanceAsync(delayMs - 1);
      expect(server.stats().requests).toBe(index + 1);
      await clock.advanceAsync(1);
    }
    expect(await pending).toMatchObject({ attempts: 8 });
  });

  it('takes at most the share of jitterRatio off a pause, and pauses for maxBackoffMs at most', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const options = { backoffMs: 100, maxBackoffMs: 150, jitterRatio: 0.5, random: () => 0 };
    await using pool = new HttpPool({ ...options, clock, maxRetries: 3 });
    const pending = rejection(pool.get(server.url('/status/500')));

    for (const [index, delayMs] of [50, 75, 75].entries()) {
      await until(() => server.stats().requests === index + 1 && clock.pending.foreground === 1);
      await clock.advanceAsync(delayMs - 1);
      expect(server.stats().requests).toBe(index + 1);
      await clock.advanceAsync(1);
    }
    expect(await pending).toMatchObject({ attempts: 4 });
  });

  it('asks retryIf about failures without an answer, while there are retries', async () => {
    await using server = await serveTcp((socket) => socket.write('nonsense\r\n\r\n'));
    const asked: unknown[] = [];
    const retryIf = (error: unknown, retry: number): boolean => {
      asked.push([(error as { code: unknown }).code, retry]);
      return retry < 2;
    };
    await using pool = new HttpPool({ ...atOnce, retryIf });

    expect(await rejection(pool.get(server.origin))).toMatchObject({ attempts: 3 });
    expect(asked).toEqual([0, 1, 2].map((retry) => ['ERR_POOL_REQUEST', retry]));
    await rejection(pool.get(server.origin, { maxRetries: 0 }));
    expect(asked).toHaveLength(3);
    expect(await rejection(pool.post(server.origin))).toMatchObject({
      attempts: 1,
      retriesEndedBy: 'not-idempotent',
    });
  });

  it('does not ask retryIf about the end of a call', async () => {
    await using server = await UpstreamServer.start();
    const asked: unknown[] = [];
    await using pool = new HttpPool({ retryIf: (error) => asked.push(error) > 0 });
    const reason = new Error('left');
    const signal = AbortSignal.abort(reason);

    expect(await rejection(pool.get(server.url('/echo'), { signal }))).toBe(reason);
    expect(asked).toEqual([]);
  });

  it.each([
    ['seconds', (): string => '7'],
    ['a date', (now: number): string => new Date(now + 7_000).toUTCString()],
  ])('waits as long as Retry-After says in %s', async (_how, headerAt) => {
    const clock = new ManualClock();
    let requests = 0;
    await using server = await serveHttp((_request, response) => {
      if (++requests > 1) response.end('done');
      else response.writeHead(503, { 'retry-after': headerAt(clock.now()) }).end();
    });
    await using pool = new HttpPool({ clock });
    const pending = pool.get(server.origin).text();
    await until(() => pool.stats().retries === 1);

    await clock.advanceAsync(6_999);
    expect(requests).toBe(1);
    await clock.advanceAsync(1);
    expect(await pending).toBe('done');
  });

  it('waits longer than Retry-After says when its own pause is longer', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ clock, backoffMs: 5_000, jitterRatio: 0, maxRetries: 1 });
    const pending = rejection(pool.get(server.url('/status/503?retry-after=2')));
    await until(() => pool.stats().retries === 1);

    await clock.advanceAsync(4_999);
    expect(server.stats().requests).toBe(1);
    await clock.advanceAsync(1);
    expect(await pending).toMatchObject({ attempts: 2 });
  });

  it('does not retry beyond the total deadline, but shows the failure', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ totalTimeoutMs: 5_000 });

    expect(await rejection(pool.get(server.url('/status/503?retry-after=6')))).toMatchObject({
      code: 'ERR_POOL_STATUS',
      attempts: 1,
    });
  });
});

describe('the free replay of HttpPool', () => {
  /** Answers the first request of each connection and drops the connection at the second. */
  const dropSecond = (): Promise<Awaited<ReturnType<typeof serveTcp>>> => {
    const served = new WeakSet<object>();
    return serveTcp((socket) => {
      if (served.has(socket)) socket.destroy();
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      served.add(socket);
    });
  };

  it('sends a safe request again that died on a reused connection', async () => {
    await using server = await dropSecond();
    await using pool = new HttpPool({ maxRetries: 0 });

    for (let n = 0; n < 5; n++) {
      const response = await pool.get(server.origin);
      expect(response).toMatchObject({ status: 200, attempts: 1, reusedConnection: false });
    }
    expect(pool.stats()).toMatchObject({ requests: 5, replays: 4, retries: 0, failures: 0 });
  });

  it('takes a new connection, not another idle one', async () => {
    await using server = await dropSecond();
    await using pool = new HttpPool({ maxRetries: 0 });
    await Promise.all([1, 2, 3, 4].map(() => pool.get(server.origin)));

    expect(await pool.get(server.origin).text()).toBe('ok');
    expect(pool.stats()).toMatchObject({ replays: 1, failures: 0 });
  });

  it('does not need to be asked for what was not even sent, whatever the method', async () => {
    await using server = await serveHttp((_request, response) => response.end('ok'));
    await using pool = new HttpPool({ maxRetries: 0 });
    await pool.get(server.origin);
    // From here the reset is read before undici, which waits for the next immediate, writes the request.
    await new Promise((resolve) => setImmediate(resolve));
    for (const socket of server.sockets) socket.resetAndDestroy();

    const response = await pool.post(server.origin);
    expect(response).toMatchObject({ status: 200, attempts: 1, reusedConnection: false });
    expect(pool.stats()).toMatchObject({ replays: 0, connectionsOpened: 2, connectionsOpen: 1 });
  });

  it('leaves alone what may not be repeated, and what fails on a new connection', async () => {
    await using server = await dropSecond();
    await using pool = new HttpPool({ maxRetries: 0 });
    await pool.get(server.origin);

    expect(await rejection(pool.post(server.origin))).toMatchObject({ code: 'ERR_POOL_REQUEST' });
    await using broken = await UpstreamServer.start();
    expect(await rejection(pool.get(broken.url('/reset')))).toMatchObject({
      code: 'ERR_POOL_REQUEST',
    });
    expect(broken.stats().requests).toBe(1);
    expect(pool.stats().replays).toBe(0);
  });
});
