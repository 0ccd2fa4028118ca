import { scheduleInBackground } from '../background-task.ts';
import { createPolicy } from '../policy/create-policy.ts';
import type { EvictionPolicy } from '../policy/eviction-policy.ts';
import { ByteLedger } from './byte-ledger.ts';
import { Counts } from './counts.ts';
import { Expiry } from './expiry.ts';
import { KeyHasher } from './key-hasher.ts';
import type { MemoryCacheSettings } from './memory-cache-options.ts';
import { type RemovalReason, Removals } from './removals.ts';
import { nowhere, SlotTable } from './slot-table.ts';

/** Evictions of one turn after the bounds became smaller. */
const trimSlice = 100;
/** Evictions of one insertion while there is still more than the bounds allow. */
const trimPerInsert = 8;

/**
 * The entries that a memory cache holds: what is known of each, which is its key and value, its size,
 * its end and its rank, changes here together. Keeps within the bounds, and tells what left.
 */
export class HeldEntries<K, V> {
  readonly table: SlotTable<K, V>;
  readonly policy: EvictionPolicy;
  readonly ledger: ByteLedger<K, V>;
  readonly counts: Counts = new Counts();
  readonly #options: MemoryCacheSettings<K, V>;
  readonly #removals: Removals<K, V> | undefined;
  #maxEntries: number;
  #maxBytes: number;
  #expiry: Expiry | undefined;
  #isPlain: boolean;
  /** Evicts what is above bounds that became smaller; `undefined` when nothing is. */
  #trimming: Disposable | undefined;

  constructor(options: MemoryCacheSettings<K, V>) {
    this.#options = options;
    this.#maxEntries = options.maxEntries;
    this.#maxBytes = options.maxBytes;
    this.ledger = new ByteLedger(options.sizeOf, options.maxBytes !== Infinity);
    this.table = new SlotTable(new KeyHasher(), options.maxEntries, (capacity) =>
      this.#grow(capacity),
    );
    this.policy = createPolicy(options.policy, this.table.index, this.ledger);
    this.#removals = options.onRemove && new Removals<K, V>(options.onRemove, options.logger);
    this.#isPlain =
      !this.ledger.measures &&
      this.#removals === undefined &&
      options.ttlMs === Infinity &&
      options.idleMs === Infinity;
  }

  get maxEntries(): number {
    return this.#maxEntries;
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** The ends of entries; made with the first that has one, so that a cache without any pays nothing. */
  get expiry(): Expiry | undefined {
    return this.#expiry;
  }

  /** Whether nobody measures, waits for removals or gives an entry an end: a `set` then does little. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  isOver(slot: number): boolean {
    return this.#expiry !== undefined && this.#expiry.isOver(slot);
  }

  /** Why an entry that leaves for `reason` really leaves. */
  reasonNow(slot: number, reason: RemovalReason): RemovalReason {
    return this.isOver(slot) ? 'expired' : reason;
  }

  /** @yields the slots of live entries; they may come and go meanwhile */
  *liveSlots(): IterableIterator<number> {
    for (const slot of this.table.slots()) if (!this.isOver(slot)) yield slot;
  }

  /** Adds a key that is not held, and makes room for it; keeps nothing when that cannot be. */
  insert(key: K, value: V, size: number, ttlMs: number): void {
    if (this.#isPlain && this.table.size === this.#maxEntries) {
      this.#takeOver(key, value);
      return;
    }
    const isFull = !this.#hasRoom(size);
    if (isFull && !this.#makeRoom(size)) return;
    const slot = this.table.add(key, value, isFull && this.policy.probesNewcomers);
    this.ledger.write(slot, size);
    this.policy.insert(slot);
    this.#setTtl(slot, ttlMs);
  }

  /** Like {@link insert}, for an entry whose use was saved. */
  restore(key: K, value: V, size: number, ttlMs: number, use: number): void {
    if (!this.#hasRoom(size) && !this.#makeRoom(size)) return;
    const slot = this.table.add(key, value, false);
    this.ledger.write(slot, size);
    this.policy.restore(slot, use);
    this.#setTtl(slot, ttlMs);
  }

  replace(slot: number, value: V, size: number, ttlMs: number): void {
    if (this.#removals !== undefined || this.#expiry !== undefined) {
      this.#noteRemoval(slot, this.reasonNow(slot, 'replaced'));
    }
    this.table.setValue(slot, value);
    this.policy.update(slot);
    this.#setTtl(slot, ttlMs);
    if (!this.ledger.measures) return;
    const weightBefore = this.ledger.weightOf(slot);
    this.ledger.write(slot, size);
    this.policy.reweigh(slot, weightBefore);
  }

  remove(slot: number, reason: RemovalReason): void {
    this.policy.remove(slot);
    this.#empty(slot, reason);
  }

  clear(): void {
    if (this.#removals !== undefined || this.#expiry !== undefined) {
      for (const slot of this.table.slots()) {
        this.#noteRemoval(slot, this.reasonNow(slot, 'deleted'));
      }
    }
    this.table.clear();
    this.ledger.clear();
    this.policy.clear();
    this.#expiry?.clear();
    this.#stopTrimming();
  }

  resize(maxEntries: number, maxBytes: number): void {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.table.resize(maxEntries);
    this.#trim();
  }

  /** Tells the listener of what left. Called when an operation is complete. */
  tellRemovals(): void {
    this.#removals?.tell();
  }

  #hasRoom(size: number): boolean {
    return this.table.size < this.#maxEntries && this.ledger.bytes + size <= this.#maxBytes;
  }

  /** Evicts until an entry of `size` fits; `false` when that cannot be. */
  #makeRoom(size: number): boolean {
    let evicted = 0;
    do {
      if (this.#trimming !== undefined && evicted >= trimPerInsert) break;
      if (this.#expiry === undefined || !this.#expiry.collectOne()) {
        if (!this.#evict()) return false;
      }
      evicted++;
    } while (!this.#hasRoom(size));
    return true;
  }

  /** Where there is nothing else to do, a new key gets the slot of the one that it evicts. */
  #takeOver(key: K, value: V): void {
    const slot = this.policy.evict(this.counts.hits, this.counts.misses);
    this.counts.evictions++;
    this.table.reuse(slot, key, value, this.policy.probesNewcomers);
    this.policy.insert(slot);
  }

  /** Evicts one entry; `false` when none may be. */
  #evict(): boolean {
    const slot = this.policy.evict(this.counts.hits, this.counts.misses);
    if (slot === nowhere) return false;
    this.#empty(slot, this.reasonNow(slot, 'capacity'));
    return true;
  }

  #empty(slot: number, reason: RemovalReason): void {
    this.#noteRemoval(slot, reason);
    this.table.remove(slot);
    this.ledger.write(slot, 0);
    this.#expiry?.forget(slot);
  }

  #noteRemoval(slot: number, reason: RemovalReason): void {
    if (reason === 'expired') this.counts.expirations++;
    else if (reason === 'capacity') this.counts.evictions++;
    this.#removals?.add(this.table.keyAt(slot), this.table.valueAt(slot), reason);
  }

  #setTtl(slot: number, ttlMs: number): void {
    if (this.#expiry === undefined) {
      if (ttlMs === Infinity && this.#options.idleMs === Infinity) return;
      this.#expiry = this.#startExpiry();
    }
    this.#expiry.set(slot, ttlMs);
  }

  #startExpiry(): Expiry {
    this.#isPlain = false;
    const expiry = new Expiry(
      this.#options.clock,
      this.#options.idleMs,
      (slot) => this.remove(slot, 'expired'),
      () => this.tellRemovals(),
    );
    expiry.grow(this.table.capacity);
    return expiry;
  }

  #grow(capacity: number): void {
    this.policy.grow(capacity);
    this.#expiry?.grow(capacity);
    this.ledger.grow(capacity);
  }

  #trim(): void {
    this.#stopTrimming();
    for (let evicted = 0; this.#isAboveBounds() && this.#evict(); evicted++) {
      if (evicted < trimSlice) continue;
      const { clock } = this.#options;
      this.#trimming = scheduleInBackground(clock, this, (entries) => entries.#trim(), 0);
      break;
    }
    this.tellRemovals();
  }

  #isAboveBounds(): boolean {
    return this.table.size > this.#maxEntries || this.ledger.bytes > this.#maxBytes;
  }

  #stopTrimming(): void {
    this.#trimming?.[Symbol.dispose]();
    this.#trimming = undefined;
  }
}
