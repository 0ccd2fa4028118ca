import { hash } from 'node:crypto';

/** No UTF-8 contains this byte, so that the two kinds of keys cannot meet. */
const illFormedMark = Buffer.of(0xff);

/** The name under which `key` is kept: 64 hexadecimal digits, the same on every file system. */
export function keyId(key: string): string {
  if (key.isWellFormed()) return hash('sha256', key);
  // UTF-8 would turn every lone surrogate into the same U+FFFD.
  return hash('sha256', Buffer.concat([illFormedMark, Buffer.from(key, 'utf16le')]));
}
