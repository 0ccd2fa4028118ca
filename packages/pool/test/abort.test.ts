import { getEventListeners } from 'node:events';
import { ManualClock, UpstreamServer } from '@x/testkit';
import { describe, expect, it } from 'vitest';
import { HttpPool } from '../src/index.ts';
import { rejection, until } from './support.ts';

const reason = new Error('changed my mind');

describe('aborting a request of HttpPool', () => {
  it('rejects with the reason and sends nothing when it is aborted already', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();

    expect(
      await rejection(pool.get(server.url('/echo'), { signal: AbortSignal.abort(reason) })),
    ).toBe(reason);
    expect(pool.stats()).toMatchObject({ attempts: 0, connectionsOpen: 0 });
  });

  it('keeps a reason that is no error', async () => {
    await using pool = new HttpPool();

    expect(
      await rejection(pool.get('http://127.0.0.1/', { signal: AbortSignal.abort('no') })),
    ).toBe('no');
  });

  it('cuts the wait for a connection', async () => {
    await using server = await UpstreamServer.start();
    const clock = new ManualClock();
    await using pool = new HttpPool({ maxConnectionsPerOrigin: 1, clock });
    const other = new AbortController();
    const hanging = rejection(pool.get(server.url('/hang'), { signal: other.signal }));
    await until(() => server.stats().requests === 1);
    const controller = new AbortController();
    const pending = rejection(pool.get(server.url('/echo'), { signal: controller.signal }));
    await until(() => pool.stats().queued === 1);

    controller.abort(reason);
    expect(await pending).toBe(reason);
    expect(pool.stats().queued).toBe(0);
    other.abort(reason);
    await hanging;
    expect(clock.pending.foreground).toBe(0);
    expect(server.stats().requests).toBe(1);
  });

  it('cuts the opening of a connection', async () => {
    const clock = new ManualClock();
    await using pool = new HttpPool({ clock, connect: { lookup: () => {} } });
    const controller = new AbortController();
    const pending = rejection(pool.get('http://slow.test/', { signal: controller.signal }));
    await until(() => pool.stats().connectionsOpen === 1);

    controller.abort(reason);
    expect(await pending).toBe(reason);
    await until(() => pool.stats().connectionsOpen === 0);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it.each(['/hang', '/drip?ms=1&bytes=100000'])(
    'cuts the wait for the answer of %s',
    async (path) => {
      await using server = await UpstreamServer.start();
      await using pool = new HttpPool();
      const controller = new AbortController();
      const pending = rejection(pool.get(server.url(path), { signal: controller.signal }));
      await until(() => server.stats().requests === 1);

      controller.abort(reason);
      expect(await pending).toBe(reason);
      expect(pool.stats().retries).toBe(0);
      await until(() => server.stats().openConnections === 0);
      expect(pool.stats().connectionsOpen).toBe(0);
    },
  );

  it('cuts the wait before a retry', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ clock });
    const controller = new AbortController();
    const url = server.url('/status/503?retry-after=30');
    const pending = rejection(pool.get(url, { signal: controller.signal }));
    await until(() => pool.stats().retries === 1);

    controller.abort(reason);
    expect(await pending).toBe(reason);
    expect(clock.pending.foreground).toBe(0);
    expect(server.stats().requests).toBe(1);
  });

  it('ends a streamed body', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool();
    const controller = new AbortController();
    const options = { signal: controller.signal, stream: true };
    const { body } = await pool.get(server.url('/drip?ms=1&bytes=100000'), options);
    const read = rejection(body.forEach(() => {}));

    controller.abort(reason);
    expect(await read).toBe(reason);
    await until(() => pool.stats().connectionsOpen === 0);
  });

  it('leaves no listener behind on the signal', async () => {
    await using server = await UpstreamServer.start();
    await using pool = new HttpPool({ random: () => 0 });
    const { signal } = new AbortController();

    await pool.get(server.url('/flaky?fail=2&key=a'), { signal });
    await rejection(pool.get(server.url('missing-a'), { signal }));
    await pool.get(server.url('/large'), { signal, stream: true }).bytes();
    await pool.fetch(server.url('/echo'));

    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
