import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Delays } from './delays.ts';
import { Fates } from './fate.ts';
import { RegistryBodies } from './registry-bodies.ts';
import { hashText } from './seeded-random.ts';
import { specialPaths } from './special-paths.ts';
import { testCertificate } from './test-certificate.ts';
import {
  type UpstreamServerOptions,
  type UpstreamSettings,
  upstreamSettings,
} from './upstream-options.ts';
import { type UpstreamStats, UpstreamTraffic } from './upstream-traffic.ts';

const retryAfterSeconds = 1;

/**
 * A real HTTP server on 127.0.0.1 that plays a package registry: `GET /:name` answers the metadata of
 * any package, with the latency and the faults asked for. `/hang?times=&key=`, `/slow?ms=`,
 * `/status/503?retry-after=`, `/drip`, `/reset?part=head&bytes=`, `/kill?by=fin&ms=`, `/echo`, `/etag`,
 * `/redirect?to=`, `/large?bytes=`, `/bomb?bytes=` and `/flaky?fail=&key=` do what they are called. Names that begin with `missing-` are not found.
 */
export class UpstreamServer implements AsyncDisposable {
  /** The origins that were opened, for example `http://127.0.0.1:40001`. */
  readonly origins: readonly string[];
  readonly #settings: UpstreamSettings;
  readonly #servers: readonly Server[];
  readonly #sockets = new Set<Socket>();
  readonly #traffic = new UpstreamTraffic();
  readonly #delays = new Delays();
  readonly #bodies = new RegistryBodies();
  readonly #fates: Fates;
  readonly #keyCounts = new Map<string, number>();

  private constructor(settings: UpstreamSettings, servers: readonly Server[]) {
    this.#settings = settings;
    this.#servers = servers;
    this.#fates = new Fates(settings);
    this.origins = servers.map((server) => {
      server.keepAliveTimeout = settings.keepAliveTimeoutMs;
      server.on('connection', (socket) => this.#track(socket));
      server.on('request', (request, response) => this.#serve(request, response));
      const scheme = settings.tls ? 'https' : 'http';
      return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
  }

  /** Opens the listeners. Close it, or use `await using`. */
  static async start(options: UpstreamServerOptions = {}): Promise<UpstreamServer> {
    const settings = upstreamSettings(options);
    const create: () => Server = settings.tls
      ? () => createTlsServer(testCertificate)
      : () => createServer();
    const servers = Array.from({ length: settings.origins }, () => create());
    await Promise.all(
      servers.map(async (server) => {
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
      }),
    );
    return new UpstreamServer(settings, servers);
  }

  /** Where the metadata of `name` is; names are spread over the origins. A path such as `/hang` is kept. */
  url(name: string): string {
    if (name.startsWith('/')) return `${this.origins[0]}${name}`;
    const origin = this.origins[hashText(name) % this.origins.length];
    return `${origin}/${name.replace('/', '%2f')}`;
  }

  /** What the server has seen so far. */
  stats(): UpstreamStats {
    return this.#traffic.stats();
  }

  /** Stops listening and destroys every open connection. Safe to call twice. */
  async close(): Promise<void> {
    this.#delays.clear();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(
      this.#servers.map(async (server) => {
        if (!server.listening) return;
        const closed = once(server, 'close');
        server.close();
        await closed;
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    this.#traffic.connectionOpened();
    // A client that resets is part of the play; without a listener it would end the process.
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#traffic.connectionClosed();
    });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.#traffic.requestStarted();
    response.once('close', () => {
      this.#traffic.requestEnded(response.headersSent ? response.statusCode : undefined);
    });
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const special = specialPaths.get(url.pathname.split('/')[1] ?? '');
    if (special === undefined) {
      this.#servePackage(request, response, url);
    } else {
      const [delays, keyCounts] = [this.#delays, this.#keyCounts];
      special({ request, response, url, delays, keyCounts });
    }
  }

  #servePackage(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const fate = this.#fates.next(url.pathname);
    this.#delays.after(fate.delayMs, () => {
      if (response.destroyed) return;
      if (fate.status === 503) {
        sendJson(response, 503, { error: 'unavailable' });
      } else if (fate.status === 429) {
        const due = new Date(Date.now() + retryAfterSeconds * 1_000);
        const value = fate.retryAfterAsDate ? due.toUTCString() : `${retryAfterSeconds}`;
        response.setHeader('retry-after', value);
        sendJson(response, 429, { error: 'too many requests' });
      } else {
        this.#sendPackage(request, response, packageName(url));
      }
    });
  }

  #sendPackage(request: IncomingMessage, response: ServerResponse, name: string | undefined): void {
    if (name === undefined || name.startsWith('missing-')) {
      sendJson(response, 404, { error: 'not found' });
      return;
    }
    const accepted = request.headers['accept-encoding'] ?? '';
    const gzip = this.#settings.gzip && /\bgzip\b/.test(accepted);
    const body = this.#bodies.get(name, gzip);
    if (gzip) response.setHeader('content-encoding', 'gzip');
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

/** The name in the path, `@scope%2fname` and `@scope/name` alike; `undefined` when there is none. */
function packageName(url: URL): string | undefined {
  try {
    const name = decodeURIComponent(url.pathname.slice(1));
    return /^(@[^/]+\/)?[^/]+$/.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
