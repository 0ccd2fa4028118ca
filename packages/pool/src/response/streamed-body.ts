import { pipeline, Readable } from 'node:stream';
import { createDecoders } from './content-encoding.ts';

/** What a streamed body asks of the attempt that it belongs to. */
export interface StreamSource {
  /** The reader wants more. */
  resume(): void;
  /** The reader left before the end. */
  abandon(error: Error | null): void;
}

const streamOptions = { highWaterMark: 65_536 };

/** The body as it comes over the wire. */
export class StreamedBody extends Readable {
  readonly #source: StreamSource;
  #complete = false;

  constructor(source: StreamSource) {
    super(streamOptions);
    this.#source = source;
  }

  /** The server has sent everything. */
  complete(): void {
    this.#complete = true;
    this.push(null);
  }

  override _read(): void {
    this.#source.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#complete) this.#source.abandon(error);
    done(error);
  }
}

/** `raw` without its content codings, as one stream: the end of either is the end of both. */
export function decodedStream(
  raw: StreamedBody,
  encoding: string | readonly string[] | undefined,
): Readable {
  if (encoding === undefined) return unheard(raw);
  const decoders = createDecoders(encoding);
  const last = decoders.at(-1) ?? raw;
  if (decoders.length > 0) pipeline([raw, ...decoders], () => {});
  return unheard(last);
}

/** A body that nobody reads must not end the process with an unhandled error. */
function unheard(stream: Readable): Readable {
  return stream.on('error', ignore);
}

function ignore(): void {}
