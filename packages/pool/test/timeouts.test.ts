import { ManualClock, UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool } from '../src/index.ts';
import { rejection, serveHttp, until } from './support.ts';

describe('timeouts of HttpPool', () => {
  it('gives up connecting', async () => {
    const clock = new ManualClock();
    await using pool = new HttpPool({
      connectTimeoutMs: 100,
      maxRetries: 0,
      clock,
      // Never answers, so the connection attempt stays open.
      connect: { lookup: () => {} },
    });
    const pending = rejection(pool.get('http://slow.test/a?b=c'));

    await clock.advanceAsync(100);
    expect(await pending).toMatchObject({
      code: 'ERR_POOL_CONNECT_TIMEOUT',
      timeoutMs: 100,
      attempts: 1,
      url: 'http://slow.test/a?b=…',
    });
    expect(clock.pending.foreground).toBe(0);
  });

  it('gives up waiting for an answer', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ readTimeoutMs: 100, maxRetries: 0, clock });
    const pending = rejection(pool.get(server.url('/hang')));
    await until(() => server.stats().requests === 1);

    await clock.advanceAsync(99);
    expect(pool.stats().failures).toBe(0);
    await clock.advanceAsync(1);
    expect(await pending).toMatchObject({ code: 'ERR_POOL_HEADERS_TIMEOUT', timeoutMs: 100 });
    await until(() => pool.stats().connectionsOpen === 0);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it('gives up a body that stands still, but not one that is slow', async () => {
    const clock = new ManualClock();
    let send = (_text: string): void => {};
    await using server = await serveHttp((_request, response) => {
      response.flushHeaders();
      send = (text) => response.write(text);
    });
    await using pool = new HttpPool({ readTimeoutMs: 100, maxRetries: 0, clock });
    const pending = rejection(pool.get(server.origin));
    for (let bytes = 1; bytes <= 5; bytes++) {
      await until(() => server.sockets.size === 1);
      await clock.advanceAsync(80);
      send('x');
      await until(() => pool.stats().bytesReceived === bytes);
    }

    await clock.advanceAsync(99);
    expect(pool.stats().failures).toBe(0);
    await clock.advanceAsync(1);
    expect(await pending).toMatchObject({ code: 'ERR_POOL_BODY_TIMEOUT', stalledBy: 'server' });
  });

  it('bounds the whole, with all attempts, and says what the last failure was', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({
      readTimeoutMs: 100,
      totalTimeoutMs: 250,
      random: () => 0,
      clock,
    });
    const pending = rejection(pool.get(server.url('/hang')));
    for (let requests = 1; requests <= 3; requests++) {
      await until(() => server.stats().requests === requests);
      await clock.advanceAsync(requests < 3 ? 100 : 50);
      await clock.advanceAsync(0);
    }

    expect(await pending).toMatchObject({
      code: 'ERR_POOL_TOTAL_TIMEOUT',
      timeoutMs: 250,
      attempts: 3,
      cause: { code: 'ERR_POOL_HEADERS_TIMEOUT' },
    });
    await until(() => pool.stats().connectionsOpen === 0);
    expect(clock.pending.foreground).toBe(0);
  });

  it('takes the total time of the request before that of the pool, and covers a drip', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ totalTimeoutMs: 10_000, clock });
    const url = server.url('/drip?ms=1&bytes=100000');
    const pending = rejection(pool.get(url, { totalTimeoutMs: 50 }));
    await until(() => pool.stats().bytesReceived > 3);

    await clock.advanceAsync(50);
    expect(await pending).toMatchObject({ code: 'ERR_POOL_TOTAL_TIMEOUT', timeoutMs: 50 });
  });

  it('retries after a timeout', async () => {
    const clock = new ManualClock();
    let requests = 0;
    await using server = await serveHttp((_request, response) => {
      if (++requests > 1) response.end('done');
    });
    await using pool = new HttpPool({ readTimeoutMs: 100, random: () => 0, clock });
    const pending = pool.get(server.origin).text();
    await until(() => requests === 1);

    await clock.advanceAsync(100);
    await clock.advanceAsync(0);
    expect(await pending).toBe('done');
  });

  it('does not count the wait for a connection as a slow answer', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({
      maxConnectionsPerOrigin: 1,
      readTimeoutMs: 100,
      acquireTimeoutMs: 1_000,
      maxRetries: 0,
      clock,
    });
    const first = pool.get(server.url('/drip?ms=1&bytes=30')).text();
    const second = pool.get(server.url('/status/200'));
    await until(() => server.stats().requests === 1);
    for (let step = 0; step < 5; step++) {
      const { bytesReceived } = pool.stats();
      await until(() => pool.stats().bytesReceived > bytesReceived);
      await clock.advanceAsync(50);
    }

    expect(await first).toHaveLength(30);
    expect((await second).timings.waitMs).toBe(250);
  });

  it('refuses when no connection comes free in time', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({
      maxConnectionsPerOrigin: 1,
      acquireTimeoutMs: 100,
      clock,
    });
    const hanging = rejection(pool.get(server.url('/hang')));
    const pending = rejection(pool.get(server.url('/echo')));

    await clock.advanceAsync(100);
    expect(await pending).toMatchObject({ code: 'ERR_POOL_ACQUIRE_TIMEOUT', attempts: 1 });
    const closed = pool.close({ timeoutMs: 0 });
    await clock.advanceAsync(0);
    await closed;
    await hanging;
  });
});
