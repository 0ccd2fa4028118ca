/** What a policy may ask about the sizes of entries. */
export interface SlotWeights {
  /** How much `slot` counts against the bounds: 0 for an entry that must not be evicted. */
  weightOf(slot: number): number;
}

/** What a policy may ask about the keys of entries, and tell of them. */
export interface RankedKeys {
  /** The hash of the key in `slot`, see `KeyHasher`; 0 for a key that has none. */
  hashAt(slot: number): number;
  /** The entry in `slot` stays for longer than most that come. */
  settle(slot: number): void;
}

/**
 * Decides which entry leaves when the cache is full. Entries are known by their slot, a small whole
 * number, so that a policy keeps its state in typed arrays.
 *
 * The cache calls {@link hit} on its hottest path and promises: a slot is inserted once before
 * anything else names it, its key and weight are known by then, the weight changes only before a {@link reweigh}, and it
 * is never named again after `remove` or `evict` gave it back.
 */
export interface EvictionPolicy {
  /** Whether entries that were inserted when the cache was full leave soon, unless it says `settle`. */
  readonly probesNewcomers: boolean;
  /** Makes room for slots below `capacity`; what is known of the slots so far stays. */
  grow(capacity: number): void;
  /** `slot` holds a key that was not in the cache. */
  insert(slot: number): void;
  /** The value in `slot` was read. */
  hit(slot: number): void;
  /** The value in `slot` was replaced by another of the same key. */
  update(slot: number): void;
  /** The weight of `slot` changed. */
  reweigh(slot: number, weightBefore: number): void;
  /** `slot` was emptied for a reason other than eviction. */
  remove(slot: number): void;
  /**
   * Chooses the slot to empty and forgets it; -1 when every entry has a weight of 0.
   *
   * @param hits - of the cache since it was made
   * @param misses - of the cache since it was made
   */
  evict(hits: number, misses: number): number;
  /** Forgets every slot. */
  clear(): void;
  /** The slots, from the one to be kept longest to the one to be evicted first, as far as is known. */
  slots(): Iterable<number>;
  /** What the policy knows of the use of `slot`, as a whole number that {@link restore} understands. */
  useOf(slot: number): number;
  /** Like {@link insert}, for an entry whose use was saved; called from the coldest to the hottest. */
  restore(slot: number, use: number): void;
}
