/** What `getEntry` found. */
export interface CacheHit<V> {
  readonly hit: true;
  readonly value: V;
  /** Whether the value is past its time-to-live. */
  readonly stale: boolean;
  /** Milliseconds since the value was kept. */
  readonly ageMs: number;
  /** Name of the store that had it. */
  readonly tier: string;
}

/** `getEntry` found nothing. */
export interface CacheMiss {
  readonly hit: false;
  readonly value?: undefined;
  readonly stale?: undefined;
  readonly ageMs?: undefined;
  readonly tier?: undefined;
}

/** The answer of `getEntry`, which tells a cached `undefined` or `null` from a miss. */
export type CacheEntry<V> = CacheHit<V> | CacheMiss;
