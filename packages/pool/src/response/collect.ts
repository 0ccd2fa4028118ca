import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';

/** `chunks` as one piece. */
export function joinChunks(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks;
  // A chunk is a view of what was read from the socket; a small one would keep all of that alive.
  const alone = chunks.length === 1 && first !== undefined && length * 2 >= first.buffer.byteLength;
  return alone ? first : Buffer.concat(chunks, length);
}

/**
 * Everything that `stream` has.
 *
 * @throws TypeError when it was read before: nothing, or a part, would be left
 */
export async function collectStream(stream: Readable): Promise<Uint8Array> {
  if (stream.readableDidRead) {
    throw new TypeError(
      'the body was streamed and has been read; without { stream: true } it stays',
    );
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
  }
  return joinChunks(chunks, length);
}
