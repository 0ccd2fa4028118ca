import type { Transform } from 'node:stream';
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createZstdDecompress,
  gunzip,
  inflate,
  inflateRaw,
  zstdDecompress,
} from 'node:zlib';
import { AnyInflate, isZlibHeader } from './any-inflate.ts';

interface Limit {
  readonly maxOutputLength: number;
}

type Done = (error: Error | null, result: Buffer) => void;

/** One content coding: of a whole body, and of a stream. */
interface ContentCoding {
  readonly decode: (bytes: Uint8Array, limit: Limit, done: Done) => void;
  readonly decoder: () => Transform;
}

const gzip: ContentCoding = { decode: gunzip, decoder: () => createGunzip() };

const codings: ReadonlyMap<string, ContentCoding> = new Map<string, ContentCoding>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  [
    'deflate',
    {
      decode: (bytes, limit, done) =>
        (isZlibHeader(bytes) ? inflate : inflateRaw)(bytes, limit, done),
      decoder: () => new AnyInflate(),
    },
  ],
  ['br', { decode: brotliDecompress, decoder: () => createBrotliDecompress() }],
  ['zstd', { decode: zstdDecompress, decoder: () => createZstdDecompress() }],
]);

const mostCodings = 5;
const largestOutput = 2 ** 32;

/**
 * The codings to undo, the outermost first; none when one of them is unknown, for then the body is
 * handed out as it came.
 */
function codingsOf(header: string | readonly string[] | undefined): ContentCoding[] {
  if (header === undefined) return [];
  const names = String(header)
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const found = names.map((name) => codings.get(name)).filter((coding) => coding !== undefined);
  return found.length === names.length && found.length <= mostCodings ? found.toReversed() : [];
}

/**
 * `bytes` without their content codings.
 *
 * @throws an error with code `ERR_BUFFER_TOO_LARGE` when they would take more than `maxBytes`
 */
export async function decodeBody(
  bytes: Uint8Array,
  header: string | readonly string[] | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  // An answer to HEAD names a coding and has no body.
  if (bytes.length === 0) return bytes;
  const limit = { maxOutputLength: Math.max(1, Math.min(maxBytes, largestOutput)) };
  let decoded = bytes;
  for (const { decode } of codingsOf(header)) {
    const input = decoded;
    decoded = await new Promise<Uint8Array>((resolve, reject) => {
      decode(input, limit, (error, result) => {
        if (error === null) resolve(result);
        else reject(error);
      });
    });
  }
  return decoded;
}

/** Streams that undo the content codings, in the order in which the data passes them. */
export function createDecoders(header: string | readonly string[] | undefined): Transform[] {
  return codingsOf(header).map(({ decoder }) => decoder());
}
