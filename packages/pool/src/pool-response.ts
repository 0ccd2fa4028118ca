import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { Headers } from 'undici';
import { collectStream } from './body/collect.ts';
import { InvalidJsonError, type RequestFacts } from './errors.ts';
import type { IncomingHeaders } from './answer.ts';

/** Where the time of a request went, in milliseconds. */
export interface RequestTimings {
  /** Waiting for permits and for a connection, over all attempts. */
  readonly waitMs: number;
  /** Opening the connection; `undefined` when it was there. */
  readonly connectMs: number | undefined;
  /** From sending the last attempt to the headers of its answer. */
  readonly firstByteMs: number;
  /** From the call to the end of the body, or to its headers when the body is streamed. */
  readonly totalMs: number;
}

/** What a {@link PoolResponse} is made of. */
export interface ResponseParts {
  readonly status: number;
  readonly headers: IncomingHeaders;
  readonly url: string;
  readonly body: Uint8Array | Readable;
  readonly reusedConnection: boolean;
  readonly timings: RequestTimings;
  readonly bytesReceived: number;
  readonly facts: RequestFacts;
}

const byteOrderMark = '\uFEFF';

/** The answer to a request. */
export class PoolResponse {
  readonly status: number;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  /** Attempts that were made, 1 without retries and redirects. A free replay does not count. */
  readonly attempts: number;
  /** Whether the connection had carried a request before. */
  readonly reusedConnection: boolean;
  readonly timings: RequestTimings;
  /** Bytes of the body on the wire; 0 when the body is streamed. */
  readonly bytesReceived: number;
  readonly #facts: RequestFacts;
  readonly #rawHeaders: IncomingHeaders;
  readonly #source: Uint8Array | Readable;
  #headers: Headers | undefined;
  #stream: Readable | undefined;

  constructor(parts: ResponseParts) {
    this.status = parts.status;
    this.url = parts.url;
    this.attempts = parts.facts.attempts;
    this.reusedConnection = parts.reusedConnection;
    this.timings = parts.timings;
    this.bytesReceived = parts.bytesReceived;
    this.#facts = parts.facts;
    this.#rawHeaders = parts.headers;
    this.#source = parts.body;
  }

  /** Whether the status is from 200 to 299. */
  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  get headers(): Headers {
    return (this.#headers ??= headersOf(this.#rawHeaders));
  }

  /** The body as a stream, without its content codings. Read it, or destroy it. */
  get body(): Readable {
    if (this.#source instanceof Readable) return this.#source;
    return (this.#stream ??= Readable.from([this.#source], { objectMode: false }));
  }

  /** The body, without its content codings. A streamed body can be read once. */
  async bytes(): Promise<Uint8Array> {
    return this.#source instanceof Readable ? collectStream(this.#source) : this.#source;
  }

  /** The body as UTF-8 text. */
  async text(): Promise<string> {
    const { buffer, byteOffset, byteLength } = await this.bytes();
    const text = Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
    return text.startsWith(byteOrderMark) ? text.slice(1) : text;
  }

  /**
   * The body as JSON. Its shape is not checked.
   *
   * @throws InvalidJsonError when it is no JSON
   */
  async json<T = unknown>(): Promise<T> {
    const text = await this.text();
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new InvalidJsonError(this.#facts, this.status, error);
    }
  }
}

function headersOf(raw: IncomingHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? []))
      headers.append(name, one);
  }
  return headers;
}
