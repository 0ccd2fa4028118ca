/** One stored value and the times that decide whether it may still be served. */
export interface Entry<V = unknown> {
  readonly value: V;
  /** Epoch milliseconds of the write. More than 60 s in the future counts as stale. */
  readonly createdAt: number;
  /** Epoch milliseconds from which the entry is stale. `undefined` means never. */
  readonly staleAt?: number | undefined;
  /** Epoch milliseconds from which the entry must not be served. `undefined` means never. */
  readonly expiresAt?: number | undefined;
  /** Names under which the entry can be invalidated together with others. */
  readonly tags?: readonly string[] | undefined;
  /** How long the loader took, in milliseconds. */
  readonly loadMs?: number | undefined;
  /** `'error'` when `value` is the error of a failed load. @defaultValue `'value'` */
  readonly outcome?: 'value' | 'error' | undefined;
}

/** Whether `entry` must not be served any more at `now` (epoch ms). */
export function isExpired(entry: Entry, now: number): boolean {
  return entry.expiresAt !== undefined && now >= entry.expiresAt;
}
