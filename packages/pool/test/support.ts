import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

/** Turns of the event loop until `condition` holds; the test's own timeout ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** A server of a test's own on 127.0.0.1, closed with everything that is connected to it. */
export interface LocalServer extends AsyncDisposable {
  readonly origin: string;
  readonly sockets: ReadonlySet<Socket>;
}

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export function serveHttp(listener: RequestListener): Promise<LocalServer> {
  return listen(createServer(listener));
}

/** @param onData - told each time a client sends something */
export function serveTcp(onData: (socket: Socket, data: string) => void): Promise<LocalServer> {
  return listen(
    createTcpServer((socket) => socket.on('data', (data) => onData(socket, data.toString()))),
  );
}

/** What a promise rejected with. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}
