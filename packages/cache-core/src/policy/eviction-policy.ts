/**
 * Decides which entry leaves when the cache is full. Entries are known by their slot, a small whole
 * number, so that a policy keeps its state in typed arrays; it sees a key only when the key comes in,
 * which is when a policy that remembers frequencies hashes it.
 *
 * The cache calls {@link hit} on its hottest path and promises: a slot is inserted once before
 * anything else names it, and never named again after `remove` or `evict` gave it back.
 */
export interface EvictionPolicy<K = unknown> {
  /** Makes room for slots below `capacity`; what is known of the slots so far stays. */
  grow(capacity: number): void;
  /** The cache now holds at most `maxEntries`, from 1 to `Infinity`. */
  resize(maxEntries: number): void;
  /** `slot` holds `key`, which was not in the cache. */
  insert(slot: number, key: K): void;
  /** The value in `slot` was read. */
  hit(slot: number): void;
  /** A read found nothing; policies that adapt count it. */
  miss(): void;
  /** The value in `slot` was replaced by another of the same key. */
  update(slot: number): void;
  /** `slot` was emptied for a reason other than eviction. */
  remove(slot: number): void;
  /** Chooses the slot to empty and forgets it. Only called while there is one. */
  evict(): number;
  /** Forgets every slot. */
  clear(): void;
}
