import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Delays } from './delays.ts';

/** A request to a path with a behaviour of its own. */
export interface SpecialRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly delays: Delays;
  /** How often each key was asked for, or failed. */
  readonly keyCounts: Map<string, number>;
}

type SpecialPath = (special: SpecialRequest) => void;

const chunkBytes = 65_536;
const mostBytes = 2 ** 30;

function numberParameter({ url }: SpecialRequest, name: string, fallback: number): number {
  const value = Number(url.searchParams.get(name) ?? fallback);
  return Number.isFinite(value) && value >= 0 ? Math.min(value, mostBytes) : fallback;
}

function answer(response: ServerResponse, status: number, body = `${status}\n`): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
}

/** With `times` and a `key` only the first requests of the key hang. */
function hang(special: SpecialRequest): void {
  const { response, url, keyCounts } = special;
  const key = `hang ${url.searchParams.get('key') ?? ''}`;
  const before = keyCounts.get(key) ?? 0;
  keyCounts.set(key, before + 1);
  // Else the request stays open until one of the two sides closes the connection.
  if (before >= numberParameter(special, 'times', Infinity)) answer(response, 200);
}

function slow(special: SpecialRequest): void {
  special.delays.after(numberParameter(special, 'ms', 100), () => answer(special.response, 200));
}

function status({ response, url }: SpecialRequest): void {
  const code = Number(url.pathname.split('/')[2]);
  const known = Number.isInteger(code) && code >= 200 && code <= 599;
  const retryAfter = url.searchParams.get('retry-after');
  if (retryAfter !== null) response.setHeader('retry-after', retryAfter);
  answer(response, known ? code : 400);
}

function drip(special: SpecialRequest): void {
  const { response, delays } = special;
  const everyMs = Math.max(1, numberParameter(special, 'ms', 50));
  let left = numberParameter(special, 'bytes', 20);
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  const next = (): void => {
    if (response.destroyed) return;
    if (left-- <= 0) {
      response.end();
      return;
    }
    response.write('.');
    delays.after(everyMs, next);
  };
  next();
}

function reset(special: SpecialRequest): void {
  const { request, response } = special;
  const bytes = Math.min(numberParameter(special, 'bytes', 0), chunkBytes);
  if (special.url.searchParams.get('part') === 'head') {
    request.socket.write('HTTP/1.1 200 OK\r\ncontent-', () => request.socket.resetAndDestroy());
    return;
  }
  if (bytes === 0) {
    request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(200, { 'content-length': bytes * 2 });
  response.write(Buffer.alloc(bytes, 'x'), () => request.socket.resetAndDestroy());
}

function echo({ request, response }: SpecialRequest): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    const body = Buffer.concat(chunks).toString();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ method, url, headers, body }));
  });
}

function redirect(special: SpecialRequest): void {
  const { response, url } = special;
  const code = numberParameter(special, 'status', 302);
  response.writeHead(code, { location: url.searchParams.get('to') ?? '/echo' }).end();
}

function large(special: SpecialRequest): void {
  const { response } = special;
  let left = numberParameter(special, 'bytes', 1_000_000);
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': left });
  const chunk = Buffer.alloc(chunkBytes, 'x');
  const fill = (): void => {
    while (left > 0) {
      const size = Math.min(left, chunkBytes);
      left -= size;
      if (!response.write(chunk.subarray(0, size)) && left > 0) {
        response.once('drain', fill);
        return;
      }
    }
    response.end();
  };
  fill();
}

function flaky(special: SpecialRequest): void {
  const { response, url, keyCounts } = special;
  const key = url.searchParams.get('key') ?? '';
  const failures = keyCounts.get(key) ?? 0;
  const fails = failures < numberParameter(special, 'fail', 1);
  if (fails) keyCounts.set(key, failures + 1);
  answer(response, fails ? 503 : 200);
}

/** Zeros, compressed about a thousand times. */
function bomb(special: SpecialRequest): void {
  const body = gzipSync(
    Buffer.alloc(Math.min(numberParameter(special, 'bytes', 2 ** 24), 2 ** 28)),
  );
  special.response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length });
  special.response.end(body);
}

/** Answers 304 to whoever has it. */
function etag({ request, response }: SpecialRequest): void {
  const tag = '"1"';
  response.setHeader('etag', tag).setHeader('cache-control', 'no-cache');
  if (request.headers['if-none-match'] === tag) response.writeHead(304).end();
  else answer(response, 200);
}

/** Answers, and closes the connection some time after without having announced it. */
function kill(special: SpecialRequest): void {
  const { request, response, url, delays } = special;
  const { socket } = request;
  response.once('finish', () => {
    delays.after(numberParameter(special, 'ms', 0), () => {
      if (url.searchParams.get('by') === 'rst') socket.resetAndDestroy();
      else socket.end();
    });
  });
  answer(response, 200);
}

/** Paths that tests use to provoke something, by their first segment. */
export const specialPaths: ReadonlyMap<string, SpecialPath> = new Map([
  ['hang', hang],
  ['slow', slow],
  ['status', status],
  ['drip', drip],
  ['reset', reset],
  ['echo', echo],
  ['redirect', redirect],
  ['large', large],
  ['flaky', flaky],
  ['bomb', bomb],
  ['etag', etag],
  ['kill', kill],
]);
