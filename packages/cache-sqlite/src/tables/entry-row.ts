import { crc32 } from 'node:zlib';
import type { Entry } from '@x/interfaces';
import type { SqlRow, SqlValue } from '../database/driver.ts';
import { mixNumber } from './number-hash.ts';
import { type StoredKey, toStoredKey } from './stored-key.ts';

/** An entry as the table keeps it. */
export interface EntryRow {
  readonly key: string;
  readonly stored: StoredKey;
  readonly createdAt: number;
  readonly staleAt: number | null;
  readonly expiresAt: number | null;
  readonly loadMs: number | null;
  readonly isError: number;
  /** The tags as JSON. */
  readonly tags: string | null;
  /** JSON text, or a frame. */
  readonly value: string | Uint8Array;
  /** Bytes of key, tags and value. */
  readonly size: number;
}

/** The row of `entry`, whose value is already encoded. */
export function toRow(
  key: string,
  entry: Omit<Entry, 'value'>,
  value: string | Uint8Array,
): EntryRow {
  const stored = toStoredKey(key);
  const tags = entry.tags === undefined ? null : JSON.stringify(entry.tags);
  return {
    key,
    stored,
    createdAt: entry.createdAt,
    staleAt: entry.staleAt ?? null,
    expiresAt: entry.expiresAt ?? null,
    loadMs: entry.loadMs ?? null,
    isError: entry.outcome === 'error' ? 1 : 0,
    tags,
    value,
    size: sizeOf(stored, tags, value),
  };
}

/** The entry of `row` around its decoded value. */
export function toEntry(row: EntryRow, value: unknown): Entry {
  return {
    value,
    createdAt: row.createdAt,
    staleAt: row.staleAt ?? undefined,
    expiresAt: row.expiresAt ?? undefined,
    tags: row.tags === null ? undefined : (JSON.parse(row.tags) as string[]),
    loadMs: row.loadMs ?? undefined,
    outcome: row.isError === 1 ? 'error' : undefined,
  };
}

/** The columns that a row fills, in the order of {@link toColumns}, after the key. */
export const columns =
  'position, created_at, stale_at, expires_at, load_ms, is_error, tags, value, size, checksum';

/** @param position - of the change that writes the row */
export function toColumns(row: EntryRow, position: number): SqlValue[] {
  const { createdAt, staleAt, expiresAt, loadMs, isError, tags, value, size } = row;
  const checksum = checksumOf(row, position);
  return [position, createdAt, staleAt, expiresAt, loadMs, isError, tags, value, size, checksum];
}

/**
 * The row in the {@link columns} of a result, asked for by `key`; `undefined` when it is not what had
 * been written there.
 */
export function fromColumns(key: string, stored: StoredKey, result: SqlRow): EntryRow | undefined {
  const row = {
    key,
    stored,
    createdAt: result[1],
    staleAt: result[2],
    expiresAt: result[3],
    loadMs: result[4],
    isError: result[5],
    tags: result[6],
    value: result[7],
    size: result[8],
  } as EntryRow;
  const isValue = typeof row.value === 'string' || row.value instanceof Uint8Array;
  return isValue && checksumOf(row, result[0] as number) === result[9] ? row : undefined;
}

/** The names in the tags of a row. */
export function tagsOf(tags: string | null): readonly string[] | null {
  return tags === null ? null : (JSON.parse(tags) as string[]);
}

function sizeOf(stored: StoredKey, tags: string | null, value: string | Uint8Array): number {
  const ofTags = tags === null ? 0 : Buffer.byteLength(tags);
  return Buffer.byteLength(stored) + Buffer.byteLength(value) + ofTags;
}

/** Covers all that a read relies on, the key too: SQLite itself has no checksums. */
function checksumOf(row: EntryRow, position: number): number {
  const { key, createdAt, staleAt, expiresAt, loadMs, isError, tags, value } = row;
  let hash = mixNumber(0, position);
  hash = mixNumber(hash, createdAt);
  hash = mixNumber(hash, staleAt);
  hash = mixNumber(hash, expiresAt);
  hash = mixNumber(hash, loadMs);
  hash = mixNumber(hash, isError) >>> 0;
  return crc32(value, crc32(`${tags}|${key}`, hash));
}
