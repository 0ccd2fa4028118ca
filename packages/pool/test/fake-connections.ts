import { Buffer } from 'node:buffer';
import { Duplex } from 'node:stream';
import type { Connector } from '../src/index.ts';

/** A socket without a network: it keeps what undici writes, until the test answers. */
export class FakeSocket extends Duplex {
  readonly origin: string;
  /** Requests that were written and not answered yet. */
  pending = 0;

  constructor(origin: string) {
    super({ allowHalfOpen: false });
    this.origin = origin;
  }

  answer(headers = ''): void {
    this.pending--;
    this.push(Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n${headers}\r\nok`));
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (chunk.toString('latin1').startsWith('GET ')) this.pending++;
    done();
  }
}

/** Opens sockets of that kind, each when the test says so. */
export class FakeNetwork {
  readonly sockets: Set<FakeSocket> = new Set();
  /** Those that are still being opened. */
  readonly opening: Map<FakeSocket, () => void> = new Map();
  most = 0;

  readonly connect: Connector = ({ protocol, host }, callback) => {
    const socket = new FakeSocket(`${protocol}//${host}`);
    this.sockets.add(socket);
    this.most = Math.max(this.most, this.sockets.size);
    this.opening.set(socket, () => callback(null, socket as never));
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.opening.delete(socket);
    });
    socket.on('error', () => {});
    return socket as never;
  };

  open(socket: FakeSocket): void {
    const opened = this.opening.get(socket);
    this.opening.delete(socket);
    opened?.();
  }

  /** Sockets that have a request to answer. */
  busy(): FakeSocket[] {
    return [...this.sockets].filter((socket) => socket.pending > 0);
  }
}
