import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  deflateRawSync,
  inflateRawSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import { fflate } from './fflate.ts';

/**
 * How bodies are compressed. `fflate` is deflate in pure JavaScript: it writes what `deflate` reads
 * and the other way round, and node:zlib does its work until it has been loaded.
 */
export type Compression = 'none' | 'deflate' | 'zstd' | 'brotli' | 'fflate';

/** The names that the option takes. */
export const compressions: readonly Compression[] = ['none', 'deflate', 'zstd', 'brotli', 'fflate'];

/** What a frame says of its body. The numbers are part of the format. */
export const bodyFormats = { plain: 0, deflate: 1, zstd: 2, brotli: 3 } as const;

export type BodyFormat = (typeof bodyFormats)[keyof typeof bodyFormats];

/** The format that a compression writes. */
export function formatOf(compression: Compression): BodyFormat {
  switch (compression) {
    case 'none':
      return bodyFormats.plain;
    case 'deflate':
    case 'fflate':
      return bodyFormats.deflate;
    case 'zstd':
      return bodyFormats.zstd;
    case 'brotli':
      return bodyFormats.brotli;
  }
}

/** `bytes` made smaller. */
export function compress(compression: Compression, bytes: Uint8Array): Uint8Array {
  switch (compression) {
    case 'none':
      return bytes;
    case 'deflate':
      return deflateRawSync(bytes);
    case 'fflate':
      return fflate()?.deflateSync(bytes) ?? deflateRawSync(bytes);
    case 'zstd':
      return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    case 'brotli':
      // Node's default of 11 takes hundreds of times longer for a tenth of the size.
      return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
  }
}

/**
 * The `length` bytes that were compressed.
 *
 * @param engine - `fflate` reads deflate without native code
 * @throws when `bytes` are damaged or grow beyond `length`
 */
export function decompress(
  format: BodyFormat,
  bytes: Uint8Array,
  length: number,
  engine: Compression,
): Uint8Array {
  if (format === bodyFormats.plain) return bytes;
  // One byte more than the output: zlib asks for a second chunk when the first is full, and fflate
  // drops without a word what does not fit.
  const bounds = { maxOutputLength: length, chunkSize: Math.max(length + 1, 64) };
  switch (format) {
    case bodyFormats.deflate: {
      const library = engine === 'fflate' ? fflate() : undefined;
      return library === undefined
        ? inflateRawSync(bytes, bounds)
        : library.inflateSync(bytes, { out: new Uint8Array(length + 1) });
    }
    case bodyFormats.zstd:
      return zstdDecompressSync(bytes, bounds);
    case bodyFormats.brotli:
      return brotliDecompressSync(bytes, bounds);
  }
}
