import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import type { Headers } from 'undici';
import { collectStream } from './collect.ts';
import { InvalidJsonError } from '../errors/invalid-json-error.ts';
import type { RequestFacts } from '../errors/request-facts.ts';
import type { Answer, IncomingHeaders } from './answer.ts';
import { undici } from '../undici-library.ts';

/** Where the time of a request went, in milliseconds. */
export interface RequestTimings {
  /** Waiting for permits and for a connection, over all attempts. */
  readonly waitMs: number;
  /** The part of `waitMs` for permits of the limiters. */
  readonly limitMs: number;
  /** The part of `waitMs` for a connection. */
  readonly queueMs: number;
  /** Opening the connection, with TLS; `undefined` when it was there. */
  readonly connectMs: number | undefined;
  /** The part of `connectMs` for the TLS handshake; `undefined` without one. */
  readonly tlsMs: number | undefined;
  /** From sending the last attempt to the headers of its answer. */
  readonly firstByteMs: number;
  /** From there to the end of the body; `undefined` when the body is streamed. */
  readonly bodyMs: number | undefined;
  /** From the call to the end of the body, or to its headers when the body is streamed. */
  readonly totalMs: number;
}

/** What a {@link PoolResponse} is made of. */
export interface ResponseParts {
  readonly answer: Answer;
  readonly url: string;
  readonly attempts: number;
  readonly timings: RequestTimings;
  /** Tells for an error which request it was. */
  readonly source: { readonly facts: RequestFacts };
}

const byteOrderMark = '\uFEFF';

/** The answer to a request. Disposing it gives up a streamed body that was not read to its end. */
export class PoolResponse implements AsyncDisposable {
  readonly status: number;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  /**
   * The first attempt, retries and followed redirects. Free replays and the second requests of hedging
   * do not count.
   */
  readonly attempts: number;
  /** Whether the connection had carried a request before. */
  readonly reusedConnection: boolean;
  readonly timings: RequestTimings;
  /** Bytes of the body on the wire; 0 when the body is streamed. */
  readonly bytesReceived: number;
  readonly #source: ResponseParts['source'];
  readonly #rawHeaders: IncomingHeaders;
  readonly #body: Uint8Array | Readable;
  #headers: Headers | undefined;
  #stream: Readable | undefined;

  /** @internal */
  static of(parts: ResponseParts): PoolResponse {
    // Bundlers rename a class that mentions itself, and console.log would show `_PoolResponse`.
    return new this(parts);
  }

  private constructor(parts: ResponseParts) {
    // JavaScript does not know that the constructor is private.
    if (parts?.answer === undefined) {
      throw new TypeError(
        'PoolResponse has no public constructor: requests of an HttpPool answer it',
      );
    }
    const { answer, url, attempts, timings, source } = parts;
    this.status = answer.status;
    this.url = url;
    this.attempts = attempts;
    this.reusedConnection = answer.reusedConnection;
    this.timings = timings;
    this.bytesReceived = answer.bytesReceived;
    this.#source = source;
    this.#rawHeaders = answer.headers;
    this.#body = answer.body;
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
    if (this.#body instanceof Readable) return this.#body;
    return (this.#stream ??= Readable.from([this.#body], { objectMode: false }));
  }

  /** The body, without its content codings. A streamed body can be read once. */
  async bytes(): Promise<Uint8Array> {
    return this.#body instanceof Readable ? collectStream(this.#body) : this.#body;
  }

  /** The body as UTF-8 text. */
  async text(): Promise<string> {
    return textOf(this.#body instanceof Readable ? await collectStream(this.#body) : this.#body);
  }

  /**
   * The body as JSON. Its shape is not checked.
   *
   * @throws InvalidJsonError when it is no JSON
   */
  async json<T = unknown>(): Promise<T> {
    const bytes = this.#body instanceof Readable ? await collectStream(this.#body) : this.#body;
    try {
      return JSON.parse(textOf(bytes)) as T;
    } catch (error) {
      throw new InvalidJsonError(this.#source.facts, this.status, error, bytes.length === 0);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#body instanceof Readable) this.#body.destroy();
  }
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  const text = Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
  return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

function headersOf(raw: IncomingHeaders): Headers {
  const headers = new (undici().Headers)();
  for (const [name, value] of Object.entries(raw)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? []))
      headers.append(name, one);
  }
  return headers;
}
