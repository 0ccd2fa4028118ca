import { ManualClock, UpstreamServer } from '@x/testkit';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { BoundedDispatcher, HttpPool } from '../src/index.ts';
import { rejection, until } from './support.ts';

describe('HttpPool.close', () => {
  it('lets requests under way finish and refuses new ones', async () => {
    await using server = await UpstreamServer.start();
    const pool = new HttpPool();
    const running = pool.get(server.url('/slow?ms=20')).text();
    await until(() => server.stats().requests === 1);

    const closed = pool.close();
    expect(await rejection(pool.get(server.url('/echo?a=b')))).toMatchObject({
      code: 'ERR_CLOSED',
      url: server.url('/echo?a=…'),
      attempts: 0,
      message: 'pool "http" is closed',
    });
    expect(await running).toBe('200\n');
    await closed;
    await pool.close();
    expect(pool.stats()).toMatchObject({ connectionsOpen: 0, queued: 0 });
  });

  it('ends although a request hangs, and says so', async () => {
    const clock = new ManualClock();
    const warnings: string[] = [];
    const logger = { ...console, warn: (message: string) => warnings.push(message) };
    await using server = await UpstreamServer.start();
    const pool = new HttpPool({ clock, logger });
    const hanging = rejection(pool.get(server.url('/hang')));
    await until(() => server.stats().requests === 1);

    const closed = pool.close({ timeoutMs: 1_000 });
    await clock.advanceAsync(1_000);
    await closed;
    expect(await hanging).toMatchObject({
      code: 'ERR_CLOSED',
      attempts: 1,
      url: server.url('/hang'),
    });
    expect(warnings).toEqual(['pool "http": 1 requests did not finish in time and were aborted']);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it('ends although a dispatcher of the caller never answers', async () => {
    const pool = new HttpPool({ dispatcher: { dispatch: () => true } as never });
    const hanging = rejection(pool.get('http://127.0.0.1/'));

    await pool.close({ timeoutMs: 0 });
    expect(await hanging).toMatchObject({ code: 'ERR_CLOSED' });
  });

  it('ends although a streamed body is not read', async () => {
    await using server = await UpstreamServer.start();
    const pool = new HttpPool();
    const { body } = await pool.get(server.url('/large?bytes=50000000'), { stream: true });

    await pool.close({ timeoutMs: 10 });
    expect(body.errored).toMatchObject({ code: 'ERR_CLOSED' });
  });

  it('refuses at once what waits: for a connection and before a retry', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const pool = new HttpPool({ maxConnectionsPerOrigin: 1, clock });
    const retrying = rejection(pool.get(server.url('/status/503?retry-after=30')));
    await until(() => pool.stats().retries === 1);
    const running = pool.get(server.url('/slow?ms=20')).text();
    const queued = rejection(pool.get(server.url('/echo')));
    await until(() => server.stats().requests === 2);

    const closed = pool.close();
    expect(await queued).toMatchObject({ code: 'ERR_CLOSED', attempts: 1 });
    expect(await retrying).toMatchObject({ code: 'ERR_CLOSED', attempts: 1 });
    expect(await running).toBe('200\n');
    await closed;
    expect(server.stats().requests).toBe(2);
  });

  it('tries nothing again while it closes', async () => {
    await using server = await UpstreamServer.start({
      latencyMs: { min: 20, max: 20 },
      errorRate503: 1,
    });
    const pool = new HttpPool({ random: () => 0 });
    const failing = rejection(pool.get(server.url('a')));
    await until(() => server.stats().requests === 1);

    await pool.close();
    expect(await failing).toMatchObject({ code: 'ERR_POOL_STATUS', status: 503, attempts: 1 });
  });

  it('refuses a time that is none', () => {
    expect(() => new HttpPool().close({ timeoutMs: -1 })).toThrow(RangeError);
  });
});

describe('BoundedDispatcher.close', () => {
  it.each([NaN, -1])('refuses a time of %s, and then closes nothing', async (timeoutMs) => {
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher();
    const running = request(server.url('/slow?ms=20'), { dispatcher });
    await until(() => server.stats().requests === 1);

    expect(() => dispatcher.close({ timeoutMs })).toThrow(RangeError);
    expect(dispatcher.accepting).toBe(true);
    expect(await (await running).body.text()).toBe('200\n');
  });
});
