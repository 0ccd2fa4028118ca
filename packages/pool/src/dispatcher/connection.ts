import type { Socket } from 'node:net';
import type { Clock } from '@x/interfaces';
import type { buildConnector, Client } from 'undici';
import { undici } from '../undici-library.ts';
import type { AdmittedRequest, Carrier, ConnectionUse } from './admitted-request.ts';
import type { CloseReason } from './scheduler.ts';

/** Opens a socket and, other than undici's type says, answers it at once. */
export type Connector = (
  options: buildConnector.Options,
  callback: buildConnector.Callback,
) => Socket;

/** What a connection needs from its dispatcher. */
export interface ConnectionContext {
  readonly clock: Clock;
  readonly connector: Connector;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxAgeMs: number;
  readonly maxRequests: number;
  /** For requests that bring no timeouts of their own; a whole number, 0 for none. */
  readonly readTimeoutMs: number;
  /** What a connection attempt fails with that takes too long. */
  readonly connectTimeoutError: (request: AdmittedRequest) => Error;
  /** What a request fails with whose connection failed with `error`. */
  readonly connectError: (request: AdmittedRequest, error: Error) => Error;
  /** A socket is connected. */
  readonly onConnect: (connection: Connection, connectMs: number) => void;
  /** A socket that was connected is closed. */
  readonly onDisconnect: (connection: Connection, reason: CloseReason) => void;
  /** The request is answered; the connection can take another. */
  readonly onReleased: (connection: Connection) => void;
  /** The connection closes because of what happened on it; `onGone` follows. */
  readonly onBroken: (connection: Connection) => void;
  /** The connection holds no socket any more, and never will again. */
  readonly onGone: (connection: Connection) => void;
}

const longestKeepAliveMs = 600_000;

/**
 * One place for a socket, over one undici `Client`. At any time it holds at most one socket, and it is
 * gone only when that socket is really closed.
 */
export class Connection implements Carrier {
  readonly origin: string;
  readonly #context: ConnectionContext;
  #client: Client;
  #socket: Socket | undefined;
  /** A socket that was opened ahead and that undici does not know yet. */
  #warmSocket: Socket | undefined;
  #connected = false;
  #connectedAt = 0;
  #connectMs: number | undefined;
  #tlsMs: number | undefined;
  #usesOfSocket = 0;
  #request: AdmittedRequest | undefined;
  #replacing = false;
  #closeReason: CloseReason | undefined;

  constructor(origin: string, context: ConnectionContext) {
    this.origin = origin;
    this.#context = context;
    this.#client = this.#createClient();
  }

  run(request: AdmittedRequest): void {
    this.#request = request;
    request.assignedTo(this);
    const replaced = request.needsNewConnection && this.retake();
    if (!replaced) this.#client.dispatch(request.options, request);
  }

  /** Opens the socket ahead of its first request; answers whether that went well. */
  warm(): Promise<boolean> {
    const { host, hostname, protocol, port } = new URL(this.origin);
    return new Promise((resolve) => {
      this.#open({ host, hostname, protocol, port }, (error, socket) => {
        resolve(error === null);
        if (error !== null) return;
        this.#warmSocket = socket;
        this.#context.onReleased(this);
      });
    });
  }

  /** Why it should carry no further request, if so. */
  spent(): CloseReason | undefined {
    const { clock, maxAgeMs, maxRequests } = this.#context;
    if (this.#usesOfSocket >= maxRequests) return 'requests';
    if (maxAgeMs === Infinity || clock.monotonic() - this.#connectedAt < maxAgeMs) return undefined;
    return 'age';
  }

  /** Closes the socket; a request that is on it must have been failed before. */
  close(reason: CloseReason): void {
    if (this.#closeReason !== undefined) return;
    this.#end(reason, null);
    this.#destroySocket();
  }

  /** Ends the request on it, if there is one, and closes. */
  fail(errorOf: (request: AdmittedRequest) => Error): void {
    if (this.#request !== undefined) this.#request.fail(errorOf(this.#request));
    this.close('closed');
  }

  startUse(): ConnectionUse {
    const reused = this.#usesOfSocket++ > 0;
    return reused
      ? { reused, connectMs: undefined, tlsMs: undefined }
      : { reused, connectMs: this.#connectMs, tlsMs: this.#tlsMs };
  }

  retake(): boolean {
    const reused = this.#connected && this.#usesOfSocket > 0;
    if (!reused || this.#closeReason !== undefined) return false;
    this.#replacing = true;
    this.#client.destroy(null, ignore);
    this.#socket?.destroy();
    return true;
  }

  endUse(): void {
    this.#request = undefined;
    if (this.#closeReason !== undefined) return;
    const spent = this.spent();
    if (spent === undefined) {
      this.#context.onReleased(this);
    } else {
      this.#context.onBroken(this);
      this.close(spent);
    }
  }

  breakUse(error: Error): void {
    this.#request = undefined;
    if (this.#closeReason !== undefined) return;
    this.#context.onBroken(this);
    // Undici must hear of it: an attempt to connect would otherwise go on.
    this.#end('error', error);
    this.#destroySocket();
  }

  handOver(): void {
    this.#request = undefined;
    if (this.#closeReason !== undefined) return;
    this.#context.onBroken(this);
    this.#end('upgraded', null);
    if (this.#socket === undefined) queueMicrotask(() => this.#context.onGone(this));
  }

  #end(reason: CloseReason, error: Error | null): void {
    this.#closeReason = reason;
    this.#client.destroy(error, ignore);
  }

  #destroySocket(): void {
    if (this.#socket === undefined) queueMicrotask(() => this.#context.onGone(this));
    else this.#socket.destroy();
  }

  #createClient(): Client {
    const keepAliveMs = Math.max(1, Math.min(this.#context.idleTimeoutMs, longestKeepAliveMs));
    const { readTimeoutMs } = this.#context;
    return new (undici().Client)(this.origin, {
      connect: (options, callback) => this.#connect(options, callback),
      pipelining: 1,
      allowH2: false,
      headersTimeout: readTimeoutMs,
      bodyTimeout: readTimeoutMs,
      // Undici shortens it where the server announces less.
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
    });
  }

  /** Undici asks for a socket. It is not ready for an answer before it has asked. */
  #connect(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const warm = this.#warmSocket;
    if (warm !== undefined) {
      this.#warmSocket = undefined;
      queueMicrotask(() => {
        if (!warm.destroyed) callback(null, warm);
        else if (warm.closed) this.#open(options, callback);
        else warm.once('close', () => this.#open(options, callback));
      });
      return;
    }
    this.#open(options, callback);
  }

  #open(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const { clock, connector, connectTimeoutMs, connectTimeoutError, connectError } = this.#context;
    const startedAt = clock.monotonic();
    const request = this.#request;
    this.#usesOfSocket = 0;
    let reachedAt: number | undefined;
    let answered = false;
    const answer = (...[error, connected]: Parameters<buildConnector.Callback>): void => {
      if (answered) return;
      answered = true;
      timer[Symbol.dispose]();
      if (error !== null) {
        // A connector of the caller may leave it open.
        socket.destroy();
        callback(request === undefined ? error : connectError(request, error), null);
        return;
      }
      this.#connected = true;
      this.#connectedAt = clock.monotonic();
      this.#connectMs = this.#connectedAt - startedAt;
      this.#tlsMs = reachedAt === undefined ? undefined : this.#connectedAt - reachedAt;
      this.#context.onConnect(this, this.#connectMs);
      callback(null, connected);
    };
    let asked = false;
    const socket = connector(options, (...result) => {
      if (asked) answer(...result);
      else queueMicrotask(() => answer(...result));
    });
    asked = true;
    this.#socket = socket;
    if (options.protocol === 'https:') {
      socket.once('connect', () => {
        reachedAt = clock.monotonic();
      });
    }
    const timer = clock.schedule(
      () => socket.destroy(request && connectTimeoutError(request)),
      connectTimeoutMs,
    );
    socket.once('close', () => {
      answer(new Error('the connection was closed before it was open'), null);
      this.#socketClosed();
    });
  }

  #socketClosed(): void {
    const reason = this.#closeReason ?? 'server';
    const wasConnected = this.#connected;
    this.#socket = this.#warmSocket = undefined;
    this.#connected = false;
    if (this.#closeReason !== undefined) {
      this.#context.onGone(this);
    } else if (this.#request === undefined) {
      this.#context.onBroken(this);
      this.#end('server', null);
      this.#context.onGone(this);
    } else if (this.#replacing) {
      this.#replacing = false;
      this.#client = this.#createClient();
      this.#client.dispatch(this.#request.options, this.#request);
    }
    // Else the request is undici's: it fails it, or connects again if nothing was sent yet.
    if (wasConnected) this.#context.onDisconnect(this, reason);
  }
}

function ignore(): void {
  // Undici wants a callback or answers a promise; the socket's own event is what counts here.
}
