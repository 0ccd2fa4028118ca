import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Delays } from './delays.ts';

/** A request to a path with a behaviour of its own. */
export interface SpecialRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly delays: Delays;
  /** How often each key of `/flaky` failed. */
  readonly flakyFailures: Map<string, number>;
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

function hang(): void {
  // The request stays open until one of the two sides closes the connection.
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
  const { response, url, flakyFailures } = special;
  const key = url.searchParams.get('key') ?? '';
  const failures = flakyFailures.get(key) ?? 0;
  const fails = failures < numberParameter(special, 'fail', 1);
  if (fails) flakyFailures.set(key, failures + 1);
  answer(response, fails ? 503 : 200);
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
]);
