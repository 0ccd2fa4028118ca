// The server of the measurements. Its options come as JSON; it tells its origins by message, and ends with
// its parent.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { testCertificate } from '@x/testkit/upstream';
import type { ServerOptions } from './server.ts';

const {
  origins = 1,
  delayMs = 0,
  tls = false,
  idleKill,
} = JSON.parse(process.argv[2] ?? '{}') as ServerOptions;
const plain = Buffer.from(JSON.stringify({ id: 1, name: 'x'.repeat(950) }));
const busy = new WeakSet<Socket>();
let accepted = 0;
let open = 0;
let mostOpen = 0;

function count(socket: Socket): void {
  accepted++;
  mostOpen = Math.max(mostOpen, ++open);
  socket.on('error', () => {});
  socket.once('close', () => open--);
}

/** Closes `socket` a little later, if it is idle then as far as the server knows. */
function killSoon(socket: Socket): void {
  setTimeout(() => {
    if (busy.has(socket) || socket.destroyed) return;
    if (idleKill === 'rst') socket.resetAndDestroy();
    else socket.destroy();
  }, Math.random() * 4);
}

const answer: RequestListener = ({ socket }, response) => {
  busy.add(socket);
  const send = (): void => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': plain.length });
    response.end(plain);
    busy.delete(socket);
    if (idleKill !== undefined && Math.random() < 0.5) killSoon(socket);
  };
  if (delayMs > 0) setTimeout(send, delayMs);
  else send();
};

function create(): Server {
  return tls ? createTlsServer(testCertificate, answer) : createServer(answer);
}

const servers = Array.from({ length: origins }, create);
await Promise.all(
  servers.map(
    (server) =>
      new Promise<void>((resolve) => {
        server.keepAliveTimeout = 60_000;
        server.on('connection', count);
        server.listen(0, '127.0.0.1', 1_000, resolve);
      }),
  ),
);
const scheme = tls ? 'https' : 'http';
process.send?.({
  origins: servers.map(
    (server) => `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
  ),
  ca: tls ? testCertificate.cert : undefined,
  plainBytes: plain.length,
});
process.on('message', () => process.send?.({ accepted, mostOpen }));
process.once('disconnect', () => process.exit());
