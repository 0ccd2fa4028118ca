import { crc32 } from 'node:zlib';
import { FrameError } from '@x/codec';
import type { Entry } from '@x/interfaces';

/*
 * The image of an entry, which is what a file holds. Numbers are little-endian, times are doubles:
 *
 *   0  mark, 4 bytes          8  createdAt       40  bytes of the key
 *   4  version                16  staleAt        44  bytes of the tags
 *   5  flags                  24  expiresAt      48  bytes of the frame
 *   6  two bytes, zero        32  loadMs         52  crc32 of all before it, key and tags
 *
 * then the key, the tags as JSON, and the frame with the value, which has a checksum of its own.
 */
const mark = 0x46_43_b5_89;
const version = 1;
const fixedBytes = 56;
const crcOffset = 52;
const flags = { staleAt: 1, expiresAt: 2, loadMs: 4, error: 8, utf16Key: 16 } as const;

/** Everything about an entry but its value. */
export interface EntryHead extends Omit<Entry, 'value'> {
  readonly key: string;
  /** Where the frame begins. */
  readonly frameStart: number;
  /** Bytes of the whole image. */
  readonly bytes: number;
}

/** The image of `entry` at `key`, with its value as a frame. */
export function encodeImage(key: string, entry: Omit<Entry, 'value'>, frame: Uint8Array): Buffer {
  const utf16Key = !key.isWellFormed();
  const keyBytes = Buffer.from(key, utf16Key ? 'utf16le' : 'utf8');
  const tags = Buffer.from(entry.tags === undefined ? '' : JSON.stringify(entry.tags));
  const frameStart = fixedBytes + keyBytes.length + tags.length;
  const image = Buffer.allocUnsafe(frameStart + frame.length);
  image.writeUInt32LE(mark, 0);
  image[4] = version;
  image[5] =
    (entry.staleAt === undefined ? 0 : flags.staleAt) |
    (entry.expiresAt === undefined ? 0 : flags.expiresAt) |
    (entry.loadMs === undefined ? 0 : flags.loadMs) |
    (entry.outcome === 'error' ? flags.error : 0) |
    (utf16Key ? flags.utf16Key : 0);
  image.writeUInt16LE(0, 6);
  image.writeDoubleLE(entry.createdAt, 8);
  image.writeDoubleLE(entry.staleAt ?? 0, 16);
  image.writeDoubleLE(entry.expiresAt ?? 0, 24);
  image.writeDoubleLE(entry.loadMs ?? 0, 32);
  image.writeUInt32LE(keyBytes.length, 40);
  image.writeUInt32LE(tags.length, 44);
  image.writeUInt32LE(frame.length, 48);
  image.set(keyBytes, fixedBytes);
  image.set(tags, fixedBytes + keyBytes.length);
  image.set(frame, frameStart);
  image.writeUInt32LE(checksum(image, frameStart), crcOffset);
  return image;
}

/**
 * Bytes from the start that {@link decodeHead} needs.
 *
 * @throws FrameError when `start` is no start of an image
 */
export function headLength(start: Buffer): number {
  if (start.length < fixedBytes) throw new FrameError('cut short');
  if (start.readUInt32LE(0) !== mark) throw new FrameError('no entry');
  if (start[4] !== version) throw new FrameError(`unknown version ${start[4]}`);
  return fixedBytes + start.readUInt32LE(40) + start.readUInt32LE(44);
}

/**
 * Bytes of the whole image that begins with `start`, as its head says.
 *
 * @throws FrameError when `start` is no start of an image
 */
export function imageLength(start: Buffer): number {
  return headLength(start) + start.readUInt32LE(48);
}

/**
 * The head of the image that begins with `start`.
 *
 * @param totalBytes - the length of the whole image
 * @throws FrameError when it is damaged, cut short, foreign or of another version
 */
export function decodeHead(start: Buffer, totalBytes: number): EntryHead {
  const frameStart = headLength(start);
  if (start.length < frameStart) throw new FrameError('cut short');
  if (checksum(start, frameStart) !== start.readUInt32LE(crcOffset)) {
    throw new FrameError('wrong checksum of the head');
  }
  if (imageLength(start) !== totalBytes) throw new FrameError('wrong length');
  const bits = start[5] ?? 0;
  const keyEnd = fixedBytes + start.readUInt32LE(40);
  return {
    key: start.toString((bits & flags.utf16Key) === 0 ? 'utf8' : 'utf16le', fixedBytes, keyEnd),
    createdAt: start.readDoubleLE(8),
    staleAt: (bits & flags.staleAt) === 0 ? undefined : start.readDoubleLE(16),
    expiresAt: (bits & flags.expiresAt) === 0 ? undefined : start.readDoubleLE(24),
    loadMs: (bits & flags.loadMs) === 0 ? undefined : start.readDoubleLE(32),
    outcome: (bits & flags.error) === 0 ? undefined : 'error',
    tags:
      keyEnd === frameStart ? undefined : decodeTags(start.toString('utf8', keyEnd, frameStart)),
    frameStart,
    bytes: totalBytes,
  };
}

/** The entry with `head` around `value`, without the members that are not set. */
export function toEntry(head: EntryHead, value: unknown): Entry {
  const { createdAt, staleAt, expiresAt, tags, loadMs, outcome } = head;
  return {
    value,
    createdAt,
    ...(staleAt !== undefined && { staleAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(tags !== undefined && { tags }),
    ...(loadMs !== undefined && { loadMs }),
    ...(outcome !== undefined && { outcome }),
  };
}

function checksum(image: Buffer, frameStart: number): number {
  return crc32(image.subarray(fixedBytes, frameStart), crc32(image.subarray(0, crcOffset)));
}

function decodeTags(text: string): readonly string[] {
  try {
    return JSON.parse(text) as string[];
  } catch (cause) {
    throw new FrameError('unreadable tags', { cause });
  }
}
