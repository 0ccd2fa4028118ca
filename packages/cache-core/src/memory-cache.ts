import { ClosedError, type Clock, type SyncCache, type SyncCacheSetOptions } from '@x/interfaces';
import { ByteLedger } from './memory/byte-ledger.ts';
import { Expiry } from './memory/expiry.ts';
import {
  checkMaxBytes,
  checkMaxEntries,
  checkTtl,
  type MemoryCacheOptions,
  resolveMemoryCacheOptions,
} from './memory/memory-cache-options.ts';
import type { MemoryCacheEntry, MemoryCacheStats } from './memory/memory-cache-stats.ts';
import { type RemovalReason, Removals } from './memory/removals.ts';
import { createPolicy } from './policy/create-policy.ts';
import type { EvictionPolicy } from './policy/eviction-policy.ts';

const firstCapacity = 16;
const nowhere = -1;

/**
 * A bounded cache in memory that answers at once, with keys of any type, compared as a `Map` does.
 * `undefined` and `null` are values: `has` and `getEntry` tell them from a miss. Expired values are
 * never served; their memory comes free in the background, about half a second later.
 */
export class MemoryCache<K = string, V = unknown> implements SyncCache<K, V>, Disposable {
  readonly name: string;
  readonly #index = new Map<K, number>();
  #keys: (K | undefined)[] = [];
  #values: (V | undefined)[] = [];
  #freeSlots: number[] = [];
  #capacity = 0;
  #maxEntries: number;
  #maxBytes: number;
  readonly #ledger: ByteLedger<K, V>;
  readonly #ttlMs: number;
  readonly #policy: EvictionPolicy<K>;
  readonly #removals: Removals<K, V> | undefined;
  readonly #clock: Clock;
  /** Made with the first entry that has a ttl, so that a cache without any pays nothing. */
  #expiry: Expiry | undefined;
  #hits = 0;
  #misses = 0;
  #evictions = 0;
  #expirations = 0;
  #closed = false;

  constructor(options: MemoryCacheOptions<K, V> = {}) {
    const resolved = resolveMemoryCacheOptions(options);
    this.name = resolved.name;
    this.#maxEntries = resolved.maxEntries;
    this.#maxBytes = resolved.maxBytes;
    this.#ledger = new ByteLedger(resolved.sizeOf);
    this.#ttlMs = resolved.ttlMs;
    this.#policy = createPolicy(resolved.policy);
    this.#policy.resize(resolved.maxEntries);
    this.#removals = resolved.onRemove && new Removals<K, V>(resolved.onRemove, resolved.logger);
    this.#clock = resolved.clock;
  }

  /** Entries held; expired ones that are not collected yet count. */
  get size(): number {
    return this.#index.size;
  }

  /** The sum of what `sizeOf` counted for the entries held; 0 without `sizeOf`. */
  get bytes(): number {
    return this.#ledger.bytes;
  }

  /** The value at `key`, or `undefined`. */
  get(key: K): V | undefined {
    const slot = this.#read(key);
    return slot === nowhere ? undefined : this.#values[slot];
  }

  /** The value at `key` with the time it has left, or `undefined` for a miss. Counts as a read. */
  getEntry(key: K): MemoryCacheEntry<V> | undefined {
    const slot = this.#read(key);
    if (slot === nowhere) return undefined;
    return { value: this.#values[slot] as V, ttlMs: this.#expiry?.left(slot) ?? Infinity };
  }

  /** Whether there is a value at `key`. Counts as no use and no read. */
  has(key: K): boolean {
    return this.#liveSlot(key) !== nowhere;
  }

  /** The value at `key`, or `undefined`, without counting as a use or a read. */
  peek(key: K): V | undefined {
    const slot = this.#liveSlot(key);
    return slot === nowhere ? undefined : this.#values[slot];
  }

  /**
   * Keeps `value` at `key`. A `ttlMs` of 0, or a size above `maxBytes`, keeps nothing and drops what
   * the key held before.
   *
   * @throws RangeError when `ttlMs` is negative or `NaN`
   * @throws an error with code `ERR_CLOSED` after {@link close}
   */
  set(key: K, value: V, options?: SyncCacheSetOptions): void {
    this.#assertOpen();
    const ttlMs = checkTtl(options?.ttlMs, this.#ttlMs);
    const size = this.#ledger.measure(value, key);
    const slot = this.#index.get(key);
    if (ttlMs === 0 || size > this.#maxBytes) {
      if (slot !== undefined) this.#remove(slot, this.#reasonNow(slot, 'replaced'));
    } else if (slot === undefined) {
      this.#insert(key, value, size, ttlMs);
    } else {
      this.#replace(slot, value, size, ttlMs);
    }
    this.#removals?.tell();
  }

  /**
   * The value at `key`, or else what `loader` makes of the key, which is then kept. What `loader`
   * throws is thrown, and nothing is kept.
   */
  getOrSet<T extends V>(key: K, loader: (key: K) => T, options?: SyncCacheSetOptions): T {
    const slot = this.#read(key);
    if (slot !== nowhere) return this.#values[slot] as T;
    this.#assertOpen();
    const value = loader(key);
    this.set(key, value, options);
    return value;
  }

  /** Removes `key`; `true` when there was something to remove. */
  delete(key: K): boolean {
    return this.#drop(key, 'deleted');
  }

  /** Like {@link delete}, for a value that is out of date: `onRemove` is told `'invalidated'`. */
  invalidate(key: K): boolean {
    return this.#drop(key, 'invalidated');
  }

  /** Removes everything. */
  clear(): void {
    if (this.#removals !== undefined || this.#expiry !== undefined) {
      for (const [key, slot] of this.#index) {
        const reason = this.#reasonNow(slot, 'deleted');
        if (reason === 'expired') this.#expirations++;
        this.#removals?.add(key, this.#values[slot] as V, reason);
      }
    }
    this.#index.clear();
    this.#keys = [];
    this.#values = [];
    this.#freeSlots = [];
    this.#ledger.clear();
    this.#policy.clear();
    this.#expiry?.clear();
    this.#removals?.tell();
  }

  /** @yields live keys with their values, oldest key first; the cache may change meanwhile */
  *entries(): IterableIterator<[K, V]> {
    for (const [key, slot] of this.#index) {
      if (!this.#isOver(slot)) yield [key, this.#values[slot] as V];
    }
  }

  /** @yields live keys, oldest first */
  *keys(): IterableIterator<K> {
    for (const [key, slot] of this.#index) if (!this.#isOver(slot)) yield key;
  }

  /** @yields live values, that of the oldest key first */
  *values(): IterableIterator<V> {
    for (const slot of this.#index.values()) {
      if (!this.#isOver(slot)) yield this.#values[slot] as V;
    }
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  stats(): MemoryCacheStats {
    const reads = this.#hits + this.#misses;
    return {
      entries: this.#index.size,
      bytes: this.#ledger.bytes,
      hits: this.#hits,
      misses: this.#misses,
      hitRatio: reads === 0 ? 0 : this.#hits / reads,
      evictions: this.#evictions,
      expirations: this.#expirations,
    };
  }

  /** Changes the bounds that are given, and evicts what is above them. */
  resize(bounds: { maxEntries?: number | undefined; maxBytes?: number | undefined }): void {
    const maxEntries = checkMaxEntries(bounds.maxEntries, this.#maxEntries);
    const maxBytes = checkMaxBytes(bounds.maxBytes, this.#maxBytes);
    if (bounds.maxBytes !== undefined && !this.#ledger.measures) {
      throw new TypeError('maxBytes needs a cache with sizeOf');
    }
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.#policy.resize(maxEntries);
    while (this.#index.size > maxEntries || this.#ledger.bytes > maxBytes) this.#evict();
    this.#removals?.tell();
  }

  /** Removes expired entries now, at most `limit`; answers how many. */
  purgeExpired(limit: number = Infinity): number {
    const removed = this.#expiry?.collect(limit) ?? 0;
    this.#removals?.tell();
    return removed;
  }

  /** Removes everything and stops the timer. Reads find nothing afterwards; `set` throws. */
  close(): void {
    this.#closed = true;
    this.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #assertOpen(): void {
    if (this.#closed) throw new ClosedError(`cache "${this.name}"`);
  }

  /** The slot of `key`, or nowhere; counts a use and a hit or miss, and removes what is over. */
  #read(key: K): number {
    const slot = this.#index.get(key);
    if (slot !== undefined) {
      if (!this.#isOver(slot)) {
        this.#hits++;
        this.#policy.hit(slot);
        return slot;
      }
      this.#remove(slot, 'expired');
      this.#removals?.tell();
    }
    this.#misses++;
    this.#policy.miss();
    return nowhere;
  }

  #liveSlot(key: K): number {
    const slot = this.#index.get(key);
    return slot === undefined || this.#isOver(slot) ? nowhere : slot;
  }

  #isOver(slot: number): boolean {
    return this.#expiry !== undefined && this.#expiry.isOver(slot);
  }

  #reasonNow(slot: number, reason: RemovalReason): RemovalReason {
    return this.#isOver(slot) ? 'expired' : reason;
  }

  #insert(key: K, value: V, size: number, ttlMs: number): void {
    while (this.#index.size >= this.#maxEntries || this.#ledger.bytes + size > this.#maxBytes) {
      this.#evict();
    }
    const slot = this.#freeSlots.pop() ?? this.#keys.length;
    if (slot === this.#capacity) this.#grow();
    this.#index.set(key, slot);
    this.#keys[slot] = key;
    this.#values[slot] = value;
    this.#ledger.write(slot, size);
    this.#policy.insert(slot, key);
    this.#setTtl(slot, ttlMs);
  }

  #replace(slot: number, value: V, size: number, ttlMs: number): void {
    const reason = this.#reasonNow(slot, 'replaced');
    if (reason === 'expired') this.#expirations++;
    this.#removals?.add(this.#keys[slot] as K, this.#values[slot] as V, reason);
    this.#values[slot] = value;
    this.#ledger.write(slot, size);
    this.#policy.update(slot);
    this.#setTtl(slot, ttlMs);
    while (this.#ledger.bytes > this.#maxBytes) this.#evict();
  }

  #drop(key: K, reason: RemovalReason): boolean {
    const slot = this.#index.get(key);
    if (slot === undefined) return false;
    const actual = this.#reasonNow(slot, reason);
    this.#remove(slot, actual);
    this.#removals?.tell();
    return actual === reason;
  }

  #evict(): void {
    const slot = this.#policy.evict();
    const reason = this.#reasonNow(slot, 'capacity');
    if (reason === 'capacity') this.#evictions++;
    else this.#expirations++;
    this.#empty(slot, reason);
    this.#expiry?.forget(slot);
  }

  #remove(slot: number, reason: RemovalReason): void {
    if (reason === 'expired') this.#expirations++;
    this.#policy.remove(slot);
    this.#expiry?.forget(slot);
    this.#empty(slot, reason);
  }

  #empty(slot: number, reason: RemovalReason): void {
    const key = this.#keys[slot] as K;
    this.#removals?.add(key, this.#values[slot] as V, reason);
    this.#index.delete(key);
    this.#keys[slot] = undefined;
    this.#values[slot] = undefined;
    this.#ledger.write(slot, 0);
    this.#freeSlots.push(slot);
  }

  #setTtl(slot: number, ttlMs: number): void {
    if (this.#expiry === undefined) {
      if (ttlMs === Infinity) return;
      this.#expiry = new Expiry(
        this.#clock,
        (slot) => this.#remove(slot, 'expired'),
        () => this.#removals?.tell(),
      );
      this.#expiry.grow(this.#capacity);
    }
    this.#expiry.set(slot, ttlMs);
  }

  #grow(): void {
    this.#capacity = Math.min(Math.max(firstCapacity, this.#capacity * 2), this.#maxEntries);
    this.#policy.grow(this.#capacity);
    this.#expiry?.grow(this.#capacity);
    this.#ledger.grow(this.#capacity);
  }
}
