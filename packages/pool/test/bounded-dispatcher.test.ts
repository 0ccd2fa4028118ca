import { ManualClock, UpstreamServer } from '@x/testkit';
import { fetch, request } from 'undici';
import { describe, expect, it } from 'vitest';
import {
  BoundedDispatcher,
  type BoundedDispatcherOptions,
  type CloseReason,
} from '../src/index.ts';
import { rejection, serveHttp, serveTcp, until } from './support.ts';

/** A dispatcher, with what became of its connections. */
function observed(options?: BoundedDispatcherOptions): {
  dispatcher: BoundedDispatcher;
  seen: {
    opened: number;
    open: number;
    maxOpen: number;
    maxPerOrigin: number;
    reasons: CloseReason[];
  };
} {
  const dispatcher = new BoundedDispatcher(options);
  const seen = { opened: 0, open: 0, maxOpen: 0, maxPerOrigin: 0, reasons: [] as CloseReason[] };
  const perOrigin = new Map<string, number>();
  const count = (origin: string, change: number): void => {
    const now = (perOrigin.get(origin) ?? 0) + change;
    perOrigin.set(origin, now);
    seen.open += change;
    seen.maxOpen = Math.max(seen.maxOpen, seen.open);
    seen.maxPerOrigin = Math.max(seen.maxPerOrigin, now);
  };
  dispatcher.events.on('open', ({ origin }) => {
    seen.opened++;
    count(origin, 1);
  });
  dispatcher.events.on('close', ({ origin, reason }) => {
    seen.reasons.push(reason);
    count(origin, -1);
  });
  return { dispatcher, seen };
}

async function get(dispatcher: BoundedDispatcher, url: string): Promise<string> {
  const { body } = await request(url, { dispatcher });
  return body.text();
}

describe('BoundedDispatcher', () => {
  it('never opens more connections than the total, over 50 origins, and serves everybody', async () => {
    await using server = await UpstreamServer.start({ origins: 50 });
    const { dispatcher, seen } = observed({ maxConnectionsPerOrigin: 10, maxTotalConnections: 8 });
    await using _ = dispatcher;

    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, i) => get(dispatcher, `${server.origins[i % 50]}/slow?ms=1`)),
    );

    expect(answers).toEqual(Array.from({ length: 500 }, () => '200\n'));
    expect(seen.maxOpen).toBe(8);
    expect(dispatcher.stats().connectionsOpen).toBeLessThanOrEqual(8);
    expect(server.stats().maxConcurrent).toBeLessThanOrEqual(8);
    // Each origin needs one connection; taking turns costs some more, but not one for each request.
    expect(seen.opened).toBeLessThanOrEqual(100);
  });

  it('opens no more connections to one origin than it may, and reuses them', async () => {
    await using server = await UpstreamServer.start();
    const { dispatcher, seen } = observed({ maxConnectionsPerOrigin: 3 });
    await using _ = dispatcher;

    await Promise.all(Array.from({ length: 60 }, () => get(dispatcher, server.url('/slow?ms=1'))));

    expect(seen.maxPerOrigin).toBe(3);
    expect(server.stats()).toMatchObject({ requests: 60, connections: 3, maxOpenConnections: 3 });
    expect(dispatcher.stats()).toEqual({ connectionsOpen: 3, connectionsIdle: 3, queued: 0 });
  });

  it('works under undici.request and undici.fetch', async () => {
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher();

    const response = await fetch(server.url('/echo'), {
      dispatcher,
      method: 'POST',
      body: 'hello',
      duplex: 'half',
    });
    expect(await response.json()).toMatchObject({ method: 'POST', body: 'hello' });
    expect(await get(dispatcher, server.url('/status/200'))).toBe('200\n');
  });

  it('refuses a request that found no free connection in time, and says how many wait', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher({
      maxConnectionsPerOrigin: 1,
      acquireTimeoutMs: 500,
      clock,
    });
    const hanging = rejection(get(dispatcher, server.url('/hang')));
    await until(() => server.stats().requests === 1);
    const first = rejection(get(dispatcher, server.url('/echo?token=secret')));
    await clock.advanceAsync(200);
    const second = rejection(get(dispatcher, server.url('/echo')));

    await clock.advanceAsync(300);
    expect(await first).toMatchObject({
      code: 'ERR_POOL_ACQUIRE_TIMEOUT',
      timeoutMs: 500,
      queued: 1,
      url: server.url('/echo?token=…'),
    });
    expect(dispatcher.stats().queued).toBe(1);
    await clock.advanceAsync(200);
    expect(await second).toMatchObject({ code: 'ERR_POOL_ACQUIRE_TIMEOUT', queued: 0 });
    const closed = dispatcher.close({ timeoutMs: 10 });
    await clock.advanceAsync(10);
    await closed;
    expect(await hanging).toMatchObject({ code: 'ERR_CLOSED' });
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it('refuses a request at once when the queue is full', async () => {
    await using server = await UpstreamServer.start({ origins: 2 });
    const dispatcher = new BoundedDispatcher({ maxConnectionsPerOrigin: 1, maxQueue: 1 });
    const [first = '', second = ''] = server.origins;
    const pending = [get(dispatcher, `${first}/hang`), get(dispatcher, `${first}/hang`)].map(
      rejection,
    );

    expect(await rejection(get(dispatcher, `${first}/echo`))).toMatchObject({
      code: 'ERR_POOL_QUEUE_FULL',
      maxQueue: 1,
    });
    expect(await get(dispatcher, `${second}/status/200`)).toBe('200\n');
    await dispatcher.destroy();
    await Promise.all(pending);
  });

  it('aborts a request that waits for a connection, and one that opens it, at once', async () => {
    await using server = await UpstreamServer.start();
    const { dispatcher, seen } = observed({ maxConnectionsPerOrigin: 1 });
    await using _ = dispatcher;
    const connecting = new AbortController();
    const waiting = new AbortController();
    const start = (signal: AbortSignal): Promise<unknown> =>
      rejection(request(server.url('/hang'), { dispatcher, signal }));
    const [first, second] = [start(connecting.signal), start(waiting.signal)];

    waiting.abort(new Error('not needed'));
    expect(await second).toMatchObject({ message: 'not needed' });
    expect(dispatcher.stats().queued).toBe(0);
    connecting.abort(new Error('not needed either'));
    expect(await first).toMatchObject({ message: 'not needed either' });
    await until(() => dispatcher.stats().connectionsOpen === 0);
    expect(seen.opened).toBe(0);
    expect(await get(dispatcher, server.url('/status/200'))).toBe('200\n');
  });

  it('fails with the connect timeout when a connection takes too long', async () => {
    const clock = new ManualClock();
    await using dispatcher = new BoundedDispatcher({
      connectTimeoutMs: 100,
      clock,
      // Never answers, so the connection attempt stays open.
      connect: { lookup: () => {} },
    });
    const pending = rejection(get(dispatcher, 'http://slow.test/'));

    await clock.advanceAsync(100);
    expect(await pending).toMatchObject({ code: 'ERR_POOL_CONNECT_TIMEOUT', timeoutMs: 100 });
    await until(() => dispatcher.stats().connectionsOpen === 0);
    expect(clock.pending.foreground).toBe(0);
  });

  it('reports what the network says when a connection is refused', async () => {
    const server = await serveHttp(() => {});
    await server[Symbol.asyncDispose]();
    await using dispatcher = new BoundedDispatcher();

    expect(await rejection(get(dispatcher, server.origin))).toMatchObject({ code: 'ECONNREFUSED' });
    await until(() => dispatcher.stats().connectionsOpen === 0);
  });

  it('closes connections that are idle for too long, each after its own time', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start({ origins: 2 });
    const { dispatcher, seen } = observed({ idleTimeoutMs: 1_000, clock });
    await using _ = dispatcher;
    await get(dispatcher, `${server.origins[0]}/echo`);
    await clock.advanceAsync(600);
    await get(dispatcher, `${server.origins[1]}/echo`);

    await clock.advanceAsync(399);
    expect(dispatcher.stats().connectionsIdle).toBe(2);
    await clock.advanceAsync(1);
    await until(() => dispatcher.stats().connectionsOpen === 1);
    await clock.advanceAsync(600);
    await until(() => dispatcher.stats().connectionsOpen === 0);
    expect(seen.reasons).toEqual(['idle', 'idle']);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });

  it('forgets a connection that the server closes', async () => {
    await using server = await serveHttp((_request, response) => response.end('ok'));
    const { dispatcher, seen } = observed();
    await using _ = dispatcher;
    await get(dispatcher, server.origin);
    for (const socket of server.sockets) socket.destroy();

    await until(() => dispatcher.stats().connectionsOpen === 0);
    expect(seen.reasons).toEqual(['server']);
    expect(await get(dispatcher, server.origin)).toBe('ok');
  });

  it('serves requests in turn although the server closes after each answer', async () => {
    await using server = await serveHttp((_request, response) => {
      response.setHeader('connection', 'close').end('ok');
    });
    const { dispatcher, seen } = observed({ maxConnectionsPerOrigin: 2 });
    await using _ = dispatcher;

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => get(dispatcher, server.origin)),
    );
    expect(answers).toHaveLength(20);
    expect(seen.maxOpen).toBeLessThanOrEqual(2);
    expect(seen.opened).toBe(20);
  });

  it('survives answers that are no HTTP, and requests that undici refuses', async () => {
    await using server = await serveTcp((socket) => socket.write('nonsense\r\n\r\n'));
    await using dispatcher = new BoundedDispatcher({ maxConnectionsPerOrigin: 1 });

    expect(await rejection(get(dispatcher, server.origin))).toMatchObject({
      name: 'HTTPParserError',
    });
    const bad = request(server.origin, { dispatcher, headers: { 'bad header': 'x' } });
    expect(await rejection(bad)).toMatchObject({ code: 'UND_ERR_INVALID_ARG' });
    await until(() => dispatcher.stats().connectionsOpen === 0);
  });

  it('keeps its place for a connection that was upgraded until that closes', async () => {
    await using server = await serveTcp((socket) => {
      socket.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
    });
    const { dispatcher, seen } = observed({ maxConnectionsPerOrigin: 1 });
    await using _ = dispatcher;

    const { socket } = await dispatcher.upgrade({ path: '/', protocol: 'echo', ...server });
    expect(dispatcher.stats().connectionsOpen).toBe(1);
    socket.destroy();
    await until(() => dispatcher.stats().connectionsOpen === 0);
    expect(seen.reasons).toEqual(['upgraded']);
  });

  it('hands every failure to the handler, also of a handler that throws', async () => {
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher();
    const options = { origin: server.origins[0] ?? '', path: '/echo', method: 'GET' as const };
    const ended = (during: 'onRequestStart' | 'onAssigned' | 'onResponseStart'): Promise<Error> =>
      new Promise((resolve) => {
        dispatcher.dispatch(options, {
          onRequestStart: () => {
            if (during === 'onRequestStart') throw new Error(during);
          },
          onAssigned: () => {
            if (during === 'onAssigned') throw new Error(during);
          },
          onResponseStart: () => {
            throw new Error(during);
          },
          onResponseData: () => {},
          onResponseEnd: () => resolve(new Error('ended well')),
          onResponseError: (_controller, error) => resolve(error),
        });
      });

    expect((await ended('onRequestStart')).message).toBe('onRequestStart');
    expect((await ended('onAssigned')).message).toBe('onAssigned');
    expect((await ended('onResponseStart')).message).toBe('onResponseStart');
  });

  it.each([
    { maxConnectionsPerOrigin: 0 },
    { maxTotalConnections: 1.5 },
    { acquireTimeoutMs: 0 },
    { connectTimeoutMs: -1 },
    { idleTimeoutMs: NaN },
    { quantum: 0 },
    { maxQueue: -1 },
  ])('refuses %j', (options) => {
    expect(() => new BoundedDispatcher(options)).toThrow(RangeError);
  });
});

describe('BoundedDispatcher.close', () => {
  it('lets requests under way finish, refuses the others, and keeps nothing', async () => {
    await using server = await UpstreamServer.start();
    const dispatcher = new BoundedDispatcher({ maxConnectionsPerOrigin: 1 });
    const running = get(dispatcher, server.url('/slow?ms=20'));
    const queued = rejection(get(dispatcher, server.url('/echo')));
    await until(() => server.stats().requests === 1);

    const closed = dispatcher.close();
    expect(await queued).toMatchObject({ code: 'ERR_CLOSED' });
    expect(await rejection(get(dispatcher, server.url('/echo')))).toMatchObject({
      code: 'ERR_CLOSED',
    });
    expect(await running).toBe('200\n');
    await closed;
    await dispatcher.close();
    expect(dispatcher.stats()).toEqual({ connectionsOpen: 0, connectionsIdle: 0, queued: 0 });
  });

  it('ends although a request hangs', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    const dispatcher = new BoundedDispatcher({ clock });
    const hanging = rejection(get(dispatcher, server.url('/hang')));
    await until(() => server.stats().requests === 1);

    const closed = dispatcher.close({ timeoutMs: 1_000 });
    await clock.advanceAsync(1_000);
    await closed;
    expect(await hanging).toMatchObject({ code: 'ERR_CLOSED' });
  });

  it('ends at once when it is destroyed, even while it closes', async () => {
    await using server = await UpstreamServer.start();
    const dispatcher = new BoundedDispatcher();
    const hanging = rejection(get(dispatcher, server.url('/hang')));
    await until(() => server.stats().requests === 1);
    const closed = dispatcher.close({ timeoutMs: 60_000 });

    await dispatcher.destroy(new Error('now'));
    expect(await hanging).toMatchObject({ message: 'now' });
    await closed;
  });

  it('takes callbacks, as undici does', async () => {
    const [one, other] = [new BoundedDispatcher(), new BoundedDispatcher()];

    await new Promise<void>((resolve) => {
      one.close(resolve);
    });
    await new Promise<void>((resolve) => {
      other.destroy(null, resolve);
    });
    expect([one.accepting, other.accepting]).toEqual([false, false]);
  });
});
