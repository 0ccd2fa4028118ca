import type { Entry } from '@x/interfaces';

/** An entry of `value` that begins now. */
export function makeEntry(
  value: unknown,
  now: number,
  ttlMs: number,
  tags?: readonly string[],
  loadMs?: number,
): Entry {
  const staleAt = ttlMs === Infinity ? undefined : now + ttlMs;
  return { value, createdAt: now, staleAt, expiresAt: staleAt, tags, loadMs };
}
