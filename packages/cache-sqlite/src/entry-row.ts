import { crc32 } from 'node:zlib';
import type { Entry } from '@x/interfaces';
import type { SqlRow, SqlValue } from './driver.ts';
import { type StoredKey, toStoredKey } from './stored-key.ts';

/** An entry as the table keeps it. */
export interface EntryRow {
  readonly key: string;
  readonly createdAt: number;
  readonly staleAt: number | null;
  readonly expiresAt: number | null;
  readonly loadMs: number | null;
  readonly isError: number;
  /** The tags as JSON. */
  readonly tags: string | null;
  /** JSON text, or a frame. */
  readonly value: string | Uint8Array;
}

/** The row of `entry`, whose value is already encoded. */
export function toRow(
  key: string,
  entry: Omit<Entry, 'value'>,
  value: string | Uint8Array,
): EntryRow {
  return {
    key,
    createdAt: entry.createdAt,
    staleAt: entry.staleAt ?? null,
    expiresAt: entry.expiresAt ?? null,
    loadMs: entry.loadMs ?? null,
    isError: entry.outcome === 'error' ? 1 : 0,
    tags: entry.tags === undefined ? null : JSON.stringify(entry.tags),
    value,
  };
}

/** The entry of `row` around its decoded value, without the members that are not set. */
export function toEntry(row: EntryRow, value: unknown): Entry {
  return {
    value,
    createdAt: row.createdAt,
    ...(row.staleAt !== null && { staleAt: row.staleAt }),
    ...(row.expiresAt !== null && { expiresAt: row.expiresAt }),
    ...(row.tags !== null && { tags: JSON.parse(row.tags) as string[] }),
    ...(row.loadMs !== null && { loadMs: row.loadMs }),
    ...(row.isError === 1 && { outcome: 'error' as const }),
  };
}

/** The columns that {@link toColumns} fills, in their order. */
export const columns =
  'key, position, created_at, stale_at, expires_at, load_ms, is_error, tags, value, size, checksum';

/** @param position - of the change that writes the row */
export function toColumns(row: EntryRow, position: number): SqlValue[] {
  const stored = toStoredKey(row.key);
  const { createdAt, staleAt, expiresAt, loadMs, isError, tags, value } = row;
  return [
    stored,
    position,
    createdAt,
    staleAt,
    expiresAt,
    loadMs,
    isError,
    tags,
    value,
    sizeOf(row, stored),
    checksumOf(row, position),
  ];
}

/**
 * The row in the {@link columns} of a result, asked for by `key`; `undefined` when it is not what had
 * been written there.
 */
export function fromColumns(key: string, result: SqlRow): EntryRow | undefined {
  const [, position, createdAt, staleAt, expiresAt, loadMs, isError, tags, value] = result;
  const row = { key, createdAt, staleAt, expiresAt, loadMs, isError, tags, value } as EntryRow;
  const isValue = typeof value === 'string' || value instanceof Uint8Array;
  return isValue && checksumOf(row, position as number) === result[10] ? row : undefined;
}

/** The names in the tags of a row. */
export function tagsOf(tags: string | null): readonly string[] | null {
  return tags === null ? null : (JSON.parse(tags) as string[]);
}

/** Bytes of key, tags and value. */
export function sizeOf(row: EntryRow, stored: StoredKey = toStoredKey(row.key)): number {
  return (
    Buffer.byteLength(stored) + Buffer.byteLength(row.value) + Buffer.byteLength(row.tags ?? '')
  );
}

/** Covers all that a read relies on, the key too: SQLite itself has no checksums. */
function checksumOf(row: EntryRow, position: number): number {
  const { key, createdAt, staleAt, expiresAt, loadMs, isError, tags, value } = row;
  const head = `${position}|${createdAt}|${staleAt}|${expiresAt}|${loadMs}|${isError}|${tags}|${key}|`;
  return crc32(value, crc32(head));
}
