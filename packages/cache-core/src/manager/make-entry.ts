import type { Clock, Entry } from '@x/interfaces';

/** How an entry is kept. */
export interface EntryTimes {
  readonly ttlMs: number;
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  readonly tags?: readonly string[] | undefined;
  readonly loadMs?: number | undefined;
}

/** An entry of `value` that begins now and is dropped when no stale window of its writer is left. */
export function makeEntry(
  value: unknown,
  now: number,
  times: EntryTimes,
  outcome?: 'error',
): Entry {
  const { ttlMs, staleWhileRevalidateMs, staleIfErrorMs, tags, loadMs } = times;
  const staleAt = ttlMs === Infinity ? undefined : now + ttlMs;
  const windowMs = Math.max(staleWhileRevalidateMs, staleIfErrorMs);
  const expiresAt = staleAt === undefined || windowMs === Infinity ? undefined : staleAt + windowMs;
  return { value, createdAt: now, staleAt, expiresAt, tags, loadMs, outcome };
}

/** `entry` as a tier keeps it that holds nothing for longer than `ttlMs`. */
export function shortened(entry: Entry, clock: Clock, ttlMs: number): Entry {
  if (ttlMs === Infinity) return entry;
  const end = clock.now() + ttlMs;
  if (entry.expiresAt !== undefined && entry.expiresAt <= end) return entry;
  return { ...entry, expiresAt: end };
}
