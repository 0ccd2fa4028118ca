import {
  checkOptionNames,
  choiceOption,
  numberOption,
  objectOption,
  type OptionNames,
} from '@x/interfaces';
import { type Body, fromBody, toBody, toCustom, toJson } from './body.ts';
import { compress, type Compression, compressions, decompress, formatOf } from './compression.ts';
import { EntryTooLargeError } from './entry-too-large-error.ts';
import { loadFflate } from './fflate.ts';
import { InvalidFrameError } from './invalid-frame-error.ts';
import {
  longestBody,
  readFrame,
  toBuffer,
  writeCompressedFrame,
  writePlainFrame,
} from './frame.ts';
import { checkSerializer, type Serializer } from './serializer.ts';

/** How a codec writes, and how much it reads. */
export interface CodecOptions {
  /**
   * How bodies are compressed. Frames written with any compression can be read whatever this says.
   * @defaultValue `'none'`
   */
  readonly compression?: Compression | undefined;
  /** Bodies below this many bytes are never compressed. @defaultValue 1024 */
  readonly compressionThresholdBytes?: number | undefined;
  /**
   * Most bytes that one value may take before compression; larger values are refused on encoding and
   * on decoding. Never more than 4 GiB, whatever it says.
   * @defaultValue 64 MiB
   */
  readonly maxEntryBytes?: number | undefined;
  /**
   * Makes the bodies of frames instead of JSON and V8. Checksum, compression and `maxEntryBytes` are as
   * ever. A frame that was made by a serializer can be read with one alone; other frames can be read.
   * @defaultValue none
   */
  readonly serializer?: Serializer | undefined;
}

const optionNames: OptionNames<CodecOptions> = {
  known: {
    compression: true,
    compressionThresholdBytes: true,
    maxEntryBytes: true,
    serializer: true,
  },
};

/** Turns values into bytes and back, exactly as the structured clone algorithm would keep them. */
export interface Codec {
  /**
   * The frame of `value`: bytes with a version and a checksum.
   *
   * @throws TypeError naming the path of a function, a symbol or another thing that cannot be kept
   * @throws {@link EntryTooLargeError} when it takes more than `maxEntryBytes`
   */
  encode(value: unknown): Uint8Array;
  /**
   * The value in `frame`, which shares no memory with it.
   *
   * @throws {@link InvalidFrameError} when the bytes are damaged, cut short, foreign, of another version or
   * larger than `maxEntryBytes`
   */
  decode(frame: Uint8Array): unknown;
  /**
   * For media that keep text better than bytes: JSON text when that keeps `value` exactly and it
   * would not be compressed, otherwise its frame. Text carries no checksum; the medium adds one.
   *
   * @throws like {@link Codec.encode}
   */
  encodeText(value: unknown): string | Uint8Array;
  /**
   * The value in what {@link Codec.encodeText} answered.
   *
   * @throws {@link InvalidFrameError} like {@link Codec.decode}, and when text is no JSON
   */
  decodeText(stored: string | Uint8Array): unknown;
}

/**
 * A codec for the given options.
 *
 * @throws TypeError or RangeError when an option is wrong
 */
export function createCodec(options: CodecOptions = {}): Codec {
  objectOption('options', options, '{ compression }');
  checkOptionNames(options, optionNames);
  return new FrameCodec(options);
}

/** The most that UTF-8 takes for a UTF-16 unit. */
const bytesPerUnit = 3;

/** A compressed body is kept only if it is at most this part of the original. */
const worthwhileRatio = 0.9;

class FrameCodec implements Codec {
  readonly #compression: Compression;
  readonly #thresholdBytes: number;
  readonly #maxBytes: number;
  readonly #serializer: Serializer | undefined;

  constructor(options: CodecOptions) {
    this.#compression = choiceOption('compression', options.compression, 'none', compressions);
    // Should it fail, node:zlib goes on doing the work.
    if (this.#compression === 'fflate') void loadFflate().catch(() => {});
    this.#thresholdBytes = numberOption(
      'compressionThresholdBytes',
      options.compressionThresholdBytes,
      1_024,
      { min: 0 },
    );
    const maxEntryBytes = numberOption('maxEntryBytes', options.maxEntryBytes, 64 * 1_024 * 1_024, {
      above: 0,
    });
    this.#maxBytes = Math.min(maxEntryBytes, longestBody);
    this.#serializer = checkSerializer(options.serializer);
  }

  encode(value: unknown): Uint8Array {
    const serializer = this.#serializer;
    return this.#frame(
      serializer === undefined ? toBody(value, this.#maxBytes) : toCustom(value, serializer),
    );
  }

  decode(frame: Uint8Array): unknown {
    const { kind, format, length, body } = readFrame(frame);
    if (length > this.#maxBytes) throw new InvalidFrameError(`more than ${this.#maxBytes} bytes`);
    try {
      const plain = decompress(format, body, length, this.#compression);
      if (plain.length !== length) throw new InvalidFrameError('wrong length');
      return fromBody(kind, toBuffer(plain), this.#serializer);
    } catch (cause) {
      if (cause instanceof InvalidFrameError) throw cause;
      throw new InvalidFrameError('unreadable body', { cause });
    }
  }

  encodeText(value: unknown): string | Uint8Array {
    if (this.#serializer !== undefined) return this.encode(value);
    const body = toJson(value, this.#maxBytes);
    if (body === undefined) return this.encode(value);
    const text = body.content;
    // Most texts are so short that their bytes need not be counted.
    if (this.#compression === 'none' && text.length * bytesPerUnit <= this.#maxBytes) return text;
    return this.#isCompressed(this.#checkedLength(text)) ? this.#frame(body) : text;
  }

  decodeText(stored: string | Uint8Array): unknown {
    if (typeof stored !== 'string') return this.decode(stored);
    if (stored.length > this.#maxBytes)
      throw new InvalidFrameError(`more than ${this.#maxBytes} bytes`);
    try {
      return JSON.parse(stored) as unknown;
    } catch (cause) {
      throw new InvalidFrameError('unreadable text', { cause });
    }
  }

  #checkedLength(content: string | Uint8Array): number {
    const length = Buffer.byteLength(content);
    if (length > this.#maxBytes) throw new EntryTooLargeError(this.#maxBytes);
    return length;
  }

  #isCompressed(length: number): boolean {
    return this.#compression !== 'none' && length >= this.#thresholdBytes && length > 0;
  }

  #frame({ kind, content }: Body): Uint8Array {
    const length = this.#checkedLength(content);
    if (!this.#isCompressed(length)) return writePlainFrame(kind, content);
    const plain = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    const compressed = compress(this.#compression, plain);
    if (compressed.length > length * worthwhileRatio) return writePlainFrame(kind, plain);
    return writeCompressedFrame(kind, formatOf(this.#compression), length, compressed);
  }
}
