import { createServer } from 'node:http';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, UpstreamServer } from '@x/testkit';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { BoundedDispatcher, type CloseReason, type Connector } from '../src/index.ts';
import { rejection, until } from './support.ts';

async function get(dispatcher: BoundedDispatcher, url: string): Promise<string> {
  const { body } = await request(url, { dispatcher });
  return body.text();
}

function reasonsOf(dispatcher: BoundedDispatcher): CloseReason[] {
  const reasons: CloseReason[] = [];
  dispatcher.events.on('close', ({ reason }) => reasons.push(reason));
  return reasons;
}

describe('BoundedDispatcher and the fetch of Node', () => {
  it('serves it', async () => {
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher({ maxConnectionsPerOrigin: 2 });
    const options = { dispatcher, method: 'POST', body: 'hello' } as unknown as RequestInit;

    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const response = await globalThis.fetch(server.url('/echo'), options);
        expect(response.headers.get('content-type')).toBe('application/json');
        return (await response.json()) as object;
      }),
    );

    for (const answer of answers) expect(answer).toMatchObject({ method: 'POST', body: 'hello' });
    expect(server.stats().maxOpenConnections).toBe(2);
  });

  it('tells it what went wrong, and lets it abort', async () => {
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher({ maxConnectionsPerOrigin: 1 });
    const controller = new AbortController();
    const options = { dispatcher, signal: controller.signal } as unknown as RequestInit;

    const failed = await rejection(globalThis.fetch(server.url('/reset'), options));
    expect((failed as Error).cause).toBeInstanceOf(Error);
    const hanging = [1, 2].map(() => rejection(globalThis.fetch(server.url('/hang'), options)));
    await until(() => server.stats().requests === 2);
    controller.abort(new Error('enough'));
    for (const reason of await Promise.all(hanging)) {
      expect(reason).toMatchObject({ message: 'enough' });
    }
  });

  it('serves it through interceptors', async () => {
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher();
    const composed = dispatcher.compose(
      (dispatch) => (options, handler) =>
        dispatch({ ...options, headers: { 'x-added': 'yes' } }, handler),
    );

    const response = await globalThis.fetch(server.url('/echo'), {
      dispatcher: composed,
    } as unknown as RequestInit);
    expect(await response.json()).toMatchObject({ headers: { 'x-added': 'yes' } });
  });
});

describe('the life of a connection', () => {
  it('ends after maxRequestsPerConnection requests', async () => {
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher({
      maxConnectionsPerOrigin: 1,
      maxRequestsPerConnection: 3,
    });
    const steps: string[] = [];
    dispatcher.events.on('open', () => steps.push('open'));
    dispatcher.events.on('close', ({ reason }) => steps.push(reason));

    await Promise.all(Array.from({ length: 7 }, () => get(dispatcher, server.url('/echo'))));

    expect(server.stats()).toMatchObject({ connections: 3, requests: 7 });
    expect(steps).toEqual(['open', 'requests', 'open', 'requests', 'open']);
  });

  it('ends when it is older than maxConnectionAgeMs, also while it is idle', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher({
      maxConnectionAgeMs: 1_000,
      idleTimeoutMs: 600,
      clock,
    });
    const reasons = reasonsOf(dispatcher);
    for (let i = 0; i < 3; i++) {
      await get(dispatcher, server.url('/echo'));
      await clock.advanceAsync(500);
    }

    expect(server.stats().connections).toBe(2);
    await until(() => reasons.length === 1);
    expect(reasons).toEqual(['age']);
  });
});

describe('BoundedDispatcher.preconnect', () => {
  it('opens connections that the next requests use', async () => {
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher({ maxConnectionsPerOrigin: 3 });

    expect(await dispatcher.preconnect(server.url('/'), 5)).toBe(3);
    expect(dispatcher.stats()).toEqual({ connectionsOpen: 3, connectionsIdle: 3, queued: 0 });
    await Promise.all(Array.from({ length: 9 }, () => get(dispatcher, server.url('/echo'))));

    expect(server.stats()).toMatchObject({ connections: 3, requests: 9 });
    expect(await dispatcher.preconnect(server.url('/'))).toBe(0);
  });

  it('hands a connection to a request that came meanwhile, and closes what nobody uses', async () => {
    const clock = new ManualClock();
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher({ maxConnectionsPerOrigin: 1, clock });
    const opened = dispatcher.preconnect(server.url('/'));
    const answer = get(dispatcher, server.url('/status/200'));

    expect(await opened).toBe(1);
    expect(await answer).toBe('200\n');
    expect(server.stats().connections).toBe(1);
    await clock.advanceAsync(4_000);
    await until(() => dispatcher.stats().connectionsOpen === 0);
  });

  it('counts only what could be opened, and leaves nothing behind', async () => {
    const server = await UpstreamServer.start();
    const origin = server.url('/');
    await server.close();
    await using dispatcher = new BoundedDispatcher();

    expect(await dispatcher.preconnect(origin, 2)).toBe(0);
    await until(() => dispatcher.stats().connectionsOpen === 0);
    await expect(dispatcher.preconnect('nowhere')).rejects.toThrow(TypeError);
  });

  it('opens none once the dispatcher closes', async () => {
    await using server = await UpstreamServer.start();
    const dispatcher = new BoundedDispatcher();
    const opening = dispatcher.preconnect(server.url('/'), 2);
    await dispatcher.close();
    await opening;

    expect(await dispatcher.preconnect(server.url('/'))).toBe(0);
    expect(dispatcher.stats().connectionsOpen).toBe(0);
  });
});

describe('denyPrivate', () => {
  it.each([
    'http://127.0.0.1:1/',
    'http://0x7f.1:1/',
    'http://[::1]:1/',
    'http://[::ffff:10.0.0.1]:1/',
    'http://169.254.169.254/latest/meta-data',
    'https://192.168.1.1/',
    'http://[fd00::1]/',
    'http://localhost:1/',
  ])('refuses %s', async (url) => {
    await using dispatcher = new BoundedDispatcher({ denyPrivate: true });

    expect(await rejection(get(dispatcher, url))).toMatchObject({
      code: 'ERR_POOL_BLOCKED_ADDRESS',
    });
    await until(() => dispatcher.stats().connectionsOpen === 0);
  });

  it('refuses a name when one of its addresses is private, and says which', async () => {
    await using dispatcher = new BoundedDispatcher({
      denyPrivate: true,
      connect: {
        lookup: (_name: string, _options: object, callback: (...answer: unknown[]) => void) =>
          callback(null, [
            { address: '93.184.215.14', family: 4 },
            { address: '10.1.2.3', family: 4 },
          ]),
      } as object,
    });

    expect(await rejection(get(dispatcher, 'http://innocent.test/'))).toMatchObject({
      code: 'ERR_POOL_BLOCKED_ADDRESS',
      address: '10.1.2.3',
    });
  });

  it('cannot be combined with sockets that others open', () => {
    const options = { denyPrivate: true, socketPath: '/run/some.sock' };
    expect(() => new BoundedDispatcher(options)).toThrow(TypeError);
  });
});

describe('a connect function that answers at once', () => {
  const connecting: Connector = ({ hostname, port }, callback) => {
    const socket = connect({ host: hostname, port: Number(port) });
    callback(null, socket);
    return socket;
  };
  const failing: Connector = (_options, callback) => {
    callback(new Error('no way there'), null);
    return new Socket();
  };

  it('is served, for a request and ahead of one', async () => {
    await using server = await UpstreamServer.start();
    await using dispatcher = new BoundedDispatcher({ connect: connecting });

    expect(await get(dispatcher, server.url('/status/200'))).toBe('200\n');
    expect(await dispatcher.preconnect(server.url('/'))).toBe(1);
    expect(dispatcher.stats()).toMatchObject({ connectionsOpen: 2, connectionsIdle: 2 });
  });

  it('fails the request when it failed, and leaves nothing behind', async () => {
    const clock = new ManualClock();
    await using dispatcher = new BoundedDispatcher({ connect: failing, clock });

    const failure = await rejection(get(dispatcher, 'http://127.0.0.1:9/'));
    expect(failure).toMatchObject({ message: 'no way there' });
    expect(await dispatcher.preconnect('http://127.0.0.1:9/')).toBe(0);
    await until(() => dispatcher.stats().connectionsOpen === 0);
    expect(clock.pending).toEqual({ foreground: 0, background: 0 });
  });
});

describe('socketPath', () => {
  it('connects to a Unix socket', async () => {
    const socketPath = join(tmpdir(), `pool-${process.pid}.sock`);
    const server = createServer((incoming, response) => response.end(incoming.headers.host));
    await new Promise<void>((resolve) => {
      server.listen(socketPath, resolve);
    });
    await using dispatcher = new BoundedDispatcher({ socketPath });

    expect(await get(dispatcher, 'http://docker.test/info')).toBe('docker.test');
    await dispatcher.close();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
});
