import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { testCertificate } from '@x/testkit';

/** What the made-up hosts of the documents answer; all others answer `{ id, name }`. */
const answers: Readonly<Record<string, unknown>> = {
  'weather.example': { celsius: 21 },
  'prices.example': { price: 12.5 },
};

const answer: RequestListener = (request, response) => {
  const host = request.headers.host?.replace(/:\d+$/, '') ?? '';
  if (host === 'down.example') {
    response.writeHead(503).end();
    return;
  }
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const name = decodeURIComponent(path.split('/').at(-1) ?? '');
  const body = answers[host] ?? { id: Number(name) || 1, name };
  response.setHeader('content-type', 'application/json');
  response.setHeader('etag', '"1"');
  if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
  else response.end(JSON.stringify(body));
};

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Servers on this machine that answer in the name of every host below `.example`. */
export class StandIn implements AsyncDisposable {
  readonly #servers: readonly Server[];
  /** For the processes whose connections are to come here; see `reach-stand-in.ts`. */
  readonly environment: Readonly<Record<string, string>>;

  private constructor(servers: readonly Server[], environment: Record<string, string>) {
    this.#servers = servers;
    this.environment = environment;
  }

  static async start(): Promise<StandIn> {
    const plain = createServer(answer);
    const secure = createSecureServer(testCertificate, answer);
    const [plainPort, securePort] = await Promise.all([listen(plain), listen(secure)]);
    return new StandIn([plain, secure], {
      STAND_IN_PORT: String(plainPort),
      STAND_IN_SECURE_PORT: String(securePort),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
