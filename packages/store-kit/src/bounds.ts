/** How much a store may hold. */
export interface Bounds {
  readonly maxEntries: number;
  /** Of all entries, as `stats` counts them. */
  readonly maxBytes: number;
}

/** Whether so much is within `bounds`. */
export function isWithin(entries: number, bytes: number, bounds: Bounds): boolean {
  return entries <= bounds.maxEntries && bytes <= bounds.maxBytes;
}
