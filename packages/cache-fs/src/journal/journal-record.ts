import { crc32 } from 'node:zlib';

/** Who wrote a record, and which of the writer's it is. Both together name it among all. */
export interface Authorship {
  /** The writer: a store object of some process. */
  readonly by: string;
  readonly n: number;
}

/** An entry was written. Its value is in the file that the authorship names. */
export interface PutRecord extends Authorship {
  readonly type: 'put';
  readonly key: string;
  /** Of the file. */
  readonly bytes: number;
  readonly createdAt: number;
  readonly staleAt?: number | undefined;
  readonly expiresAt?: number | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly loadMs?: number | undefined;
  readonly outcome?: 'value' | 'error' | undefined;
  /** It counts only when nothing happened to the key after this position. */
  readonly since?: number | undefined;
}

/** An entry by its key and the position at which it was written. */
export type EntryPlace = readonly [key: string, position: number];

export interface LeaseRecord extends Authorship {
  /** `take` and `renew` count only when the lease is free, or is still held by `holder`. */
  readonly type: 'take' | 'renew' | 'release';
  readonly key: string;
  /** Names the lease among all of its writer. */
  readonly lease: number;
  /** Epoch ms at which it was asked for. */
  readonly now: number;
  /** Epoch ms. */
  readonly deadline: number;
}

/** What happens to the entries of a folder, in the order in which it counts. */
export type JournalRecord =
  | PutRecord
  | LeaseRecord
  | (Authorship &
      (
        | { readonly type: 'delete'; readonly key: string }
        | { readonly type: 'clear' }
        | { readonly type: 'tags'; readonly tags: readonly string[] }
        | {
            readonly type: 'pattern';
            readonly prefix: string;
            readonly source: string;
            readonly flags: string;
          }
        /** Entries that nobody needs any more; no change of their keys. */
        | { readonly type: 'remove'; readonly entries: readonly EntryPlace[] }
        /** Invalidations up to `upTo` have been carried out; of patterns alone when `tags` is false. */
        | { readonly type: 'unstamp'; readonly upTo: number; readonly tags: boolean }
        /** Positions of entries that were read, in ascending order. */
        | { readonly type: 'visits'; readonly positions: readonly number[] }
        /** Nothing behind it counts: the journal goes on in the next generation. */
        | { readonly type: 'seal' }
        /** Everything begins anew at `position`. Counts only as the first of its file. */
        | { readonly type: 'base'; readonly version: number; readonly position: number }
      ));

/**
 * The line of a value, with a checksum and its length, twice: a length that was damaged must not pass
 * for a line that was cut short. It begins with a line feed as well, so that one that was cut short by
 * the death of its writer does not take the next with it.
 */
export function encodeLine(value: unknown): string {
  const json = JSON.stringify(value);
  const length = Buffer.byteLength(json);
  return `\n${length} ${length} ${crc32(json).toString(16)} ${json}\n`;
}

const head = /^(\d+) (\d+) ([\da-f]+) /u;
const cutHead = /^\d+( (\d+( ([\da-f]+ ?)?)?)?)?$/u;

/**
 * What a line says; `'torn'` when its writer died before it was complete, which nobody was told of;
 * `'damaged'` when it is not what was written.
 */
export function decodeLine(line: string): unknown {
  const [start, length, again, checksum = ''] = head.exec(line) ?? [];
  if (start === undefined) return cutHead.test(line) ? 'torn' : 'damaged';
  if (length !== again) return 'damaged';
  const json = line.slice(start.length);
  // One that lacks its last byte alone may as well have a line feed in its place.
  if (Buffer.byteLength(json) < Number(length) - 1) return 'torn';
  if (crc32(json) !== Number.parseInt(checksum, 16)) return 'damaged';
  return JSON.parse(json) as unknown;
}
