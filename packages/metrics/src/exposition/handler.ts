import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describeValue } from '@x/interfaces';

/** What a handler answers with. */
export interface HandlerBody {
  readonly contentType: string;
  /** Pieces of the body; nothing is made before they are asked for. */
  readonly pieces: () => AsyncIterable<string | Uint8Array>;
}

/**
 * Answers requests for metrics: give it to `createServer` of `node:http` or call it in a route of any
 * framework that has Node's request and response, or call it with a `Request` to get a `Response`.
 */
export interface MetricsHandler {
  (request: IncomingMessage, response: ServerResponse): void;
  (request: Request): Response;
}

/** @param choose - what to answer with, by the `accept` header of the request */
export function createHandler(choose: (accept: string) => HandlerBody): MetricsHandler {
  function handle(request: IncomingMessage, response: ServerResponse): void;
  function handle(request: Request): Response;
  function handle(request: IncomingMessage | Request, response?: ServerResponse): unknown {
    if (response === undefined) return answer(request as Request, choose);
    return serve(request as IncomingMessage, response, choose);
  }
  return handle;
}

const wrongMethod = { status: 405, headers: { allow: 'GET, HEAD' } } as const;

function answer(request: Request, choose: (accept: string) => HandlerBody): Response {
  if (typeof request?.headers?.get !== 'function') {
    const came = describeValue(request);
    throw new TypeError(`request must be a Request, or come with its response, got ${came}`);
  }
  if (!isReading(request.method)) return new Response(null, wrongMethod);
  const { contentType, pieces } = choose(request.headers.get('accept') ?? '');
  const body = request.method === 'HEAD' ? null : ReadableStream.from(encoded(pieces()));
  return new Response(body, { headers: { 'content-type': contentType, vary: 'accept' } });
}

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  choose: (accept: string) => HandlerBody,
): void {
  if (!isReading(request.method ?? '')) {
    response.writeHead(wrongMethod.status, wrongMethod.headers).end();
    return;
  }
  const { contentType, pieces } = choose(request.headers.accept ?? '');
  response.writeHead(200, { 'content-type': contentType, vary: 'accept' });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  // A client that leaves ends the pipeline; there is nobody left to tell.
  pipeline(Readable.from(encoded(pieces()), { objectMode: false }), response).catch(() => {});
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

async function* encoded(pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const piece of pieces) yield typeof piece === 'string' ? encoder.encode(piece) : piece;
}
