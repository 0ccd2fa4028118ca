/*
 * Keys are kept as TEXT, which SQLite orders by UTF-8 bytes, so that a prefix is a range. Keys that
 * UTF-8 cannot tell apart (lone surrogates) or that not every driver reads back whole (NUL) are kept
 * as BLOBs of their UTF-16 units; SQLite orders every BLOB after every TEXT.
 */

/** A key as its column holds it. */
export type StoredKey = string | Uint8Array;

/** Comes after every TEXT and before every BLOB that is a key, which has two bytes at least. */
const endOfText = Uint8Array.of(0);

export function toStoredKey(key: string): StoredKey {
  return key.isWellFormed() && !key.includes('\0') ? key : Buffer.from(key, 'utf16le');
}

export function fromStoredKey(stored: StoredKey): string {
  if (typeof stored === 'string') return stored;
  return Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('utf16le');
}

/** Keys from `from` on that come before `to`; to the very end when there is no `to`. */
export interface KeyRange {
  readonly from: StoredKey;
  readonly to: StoredKey | undefined;
}

/** Ranges that hold every key beginning with `prefix`, and others, which the caller filters out. */
export function rangesOf(prefix: string): readonly KeyRange[] {
  const start = textStart(prefix);
  return [
    { from: start, to: textAfter(start) ?? endOfText },
    { from: endOfText, to: undefined },
  ];
}

/** The least stored key after `stored`. */
export function keyAfter(stored: StoredKey): StoredKey {
  // No TEXT key holds a NUL, so that nothing lies between a key and the key with U+0001 behind it.
  if (typeof stored === 'string') return `${stored}\u0001`;
  return Buffer.concat([stored, Buffer.of(0)]);
}

/** The part of `prefix` that a TEXT key can begin with. */
function textStart(prefix: string): string {
  let start = '';
  for (const character of prefix) {
    if (character === '\0' || !character.isWellFormed()) break;
    start += character;
  }
  return start;
}

/** The least text after all texts that begin with `prefix`; `undefined` when there is none. */
function textAfter(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === 0x10_ff_ff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // The surrogates, from U+D800 to U+DFFF, are no characters.
  points.push(last === 0xd7_ff ? 0xe0_00 : last + 1);
  return String.fromCodePoint(...points);
}
