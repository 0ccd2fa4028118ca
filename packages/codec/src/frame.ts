import { crc32 } from 'node:zlib';
import { describeValue } from '@x/interfaces';
import type { BodyKind } from './body.ts';
import { bodyKinds } from './body.ts';
import type { BodyFormat } from './compression.ts';
import { bodyFormats } from './compression.ts';
import { InvalidFrameError } from './invalid-frame-error.ts';

/*
 * A frame: byte 0 a mark, 1 the version of the format, 2 the kind of the body, 3 its compression,
 * 4-7 the length of the body before compression, 8-11 the crc32 of bytes 0-7 and the body, then the
 * body. Numbers are little-endian.
 */
const mark = 0xd7;
const version = 1;
const headBytes = 12;
const crcOffset = 8;

/** The longest body whose length a frame can say. */
export const longestBody: number = 2 ** 32 - 1;

/** A frame taken apart; `body` still lies in the frame's memory. */
export interface Frame {
  readonly kind: BodyKind;
  readonly format: BodyFormat;
  /** Bytes of the body before compression. */
  readonly length: number;
  readonly body: Buffer;
}

/** The frame around an uncompressed body; text is written as UTF-8. */
export function writePlainFrame(kind: BodyKind, content: string | Uint8Array): Buffer {
  const length = Buffer.byteLength(content);
  const frame = Buffer.allocUnsafe(headBytes + length);
  if (typeof content === 'string') frame.write(content, headBytes, 'utf8');
  else frame.set(content, headBytes);
  return sealFrame(frame, kind, bodyFormats.plain, length);
}

/** The frame around a body that was compressed from `length` bytes. */
export function writeCompressedFrame(
  kind: BodyKind,
  format: BodyFormat,
  length: number,
  body: Uint8Array,
): Buffer {
  const frame = Buffer.allocUnsafe(headBytes + body.length);
  frame.set(body, headBytes);
  return sealFrame(frame, kind, format, length);
}

function sealFrame(frame: Buffer, kind: BodyKind, format: BodyFormat, length: number): Buffer {
  frame[0] = mark;
  frame[1] = version;
  frame[2] = kind;
  frame[3] = format;
  frame.writeUInt32LE(length, 4);
  frame.writeUInt32LE(checksum(frame), crcOffset);
  return frame;
}

function checksum(frame: Buffer, body: Buffer = frame.subarray(headBytes)): number {
  return crc32(body, crc32(frame.subarray(0, crcOffset)));
}

const kinds: ReadonlyMap<number, BodyKind> = new Map(
  Object.values(bodyKinds).map((kind) => [kind, kind]),
);
const formats: ReadonlyMap<number, BodyFormat> = new Map(
  Object.values(bodyFormats).map((format) => [format, format]),
);

/** @throws InvalidFrameError when `bytes` are no intact frame of this version */
export function readFrame(bytes: Uint8Array): Frame {
  const frame = toBuffer(bytes);
  if (frame.length < headBytes) throw new InvalidFrameError('cut short');
  if (frame[0] !== mark) throw new InvalidFrameError('no frame');
  if (frame[1] !== version) throw new InvalidFrameError(`unknown version ${frame[1]}`);
  const body = frame.subarray(headBytes);
  if (checksum(frame, body) !== frame.readUInt32LE(crcOffset)) {
    throw new InvalidFrameError('wrong checksum');
  }
  const kind = kinds.get(frame[2] ?? NaN);
  const format = formats.get(frame[3] ?? NaN);
  if (kind === undefined) throw new InvalidFrameError(`unknown kind ${frame[2]}`);
  if (format === undefined) throw new InvalidFrameError(`unknown compression ${frame[3]}`);
  return { kind, format, length: frame.readUInt32LE(4), body };
}

/**
 * The same memory as a Buffer.
 *
 * @throws TypeError when `bytes` are none
 */
export function toBuffer(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  if (!ArrayBuffer.isView(bytes)) {
    throw new TypeError(`the frame must be a Uint8Array, got ${describeValue(bytes)}`);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
