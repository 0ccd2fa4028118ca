import { crc32 } from 'node:zlib';
import { InvalidFrameError } from '@x/codec';

/*
 * What the file of an entry holds: a mark with the version, the crc32 of the name under which it was
 * written, so that the file of another entry is not taken for it, and the frame with the value. All
 * else about the entry is in the journal.
 */
const mark = 0x01_43_b5_89;
const headBytes = 8;

/** What a file is to hold, in two parts: to put a large frame into one buffer with its head takes time. */
export interface EntryImage {
  readonly head: Buffer;
  readonly frame: Uint8Array;
  readonly bytes: number;
}

/** The image of a frame, to be kept under `name`. */
export function encodeImage(name: string, frame: Uint8Array): EntryImage {
  const head = Buffer.allocUnsafe(headBytes);
  head.writeUInt32LE(mark, 0);
  head.writeUInt32LE(crc32(name), 4);
  return { head, frame, bytes: headBytes + frame.length };
}

/**
 * The frame in the first `read` bytes of `image`, in its memory; it has a checksum of its own.
 *
 * @param bytes - how many the image must have
 * @throws InvalidFrameError when it is cut short, foreign, of another version or of another entry
 */
export function decodeImage(name: string, image: Buffer, read: number, bytes: number): Buffer {
  if (read < bytes) throw new InvalidFrameError('cut short');
  if (read > bytes) throw new InvalidFrameError('wrong length');
  if (image.readUInt32LE(0) !== mark) throw new InvalidFrameError('no entry');
  if (image.readUInt32LE(4) !== crc32(name))
    throw new InvalidFrameError('the value of another entry');
  return image.subarray(headBytes, read);
}
