import {
  ClosedError,
  type Clock,
  describeValue,
  type SyncCache,
  type SyncCacheSetOptions,
} from '@x/interfaces';
import { scheduleInBackground } from './background-task.ts';
import { ByteLedger } from './memory/byte-ledger.ts';
import { Expiry } from './memory/expiry.ts';
import { KeyHasher } from './memory/key-hasher.ts';
import type { DumpedEntry, MemoryCacheDump } from './memory/memory-cache-dump.ts';
import {
  checkMaxBytes,
  checkMaxEntries,
  checkTtl,
  type MemoryCacheOptions,
  resolveMemoryCacheOptions,
} from './memory/memory-cache-options.ts';
import type { MemoryCacheEntry, MemoryCacheStats } from './memory/memory-cache-stats.ts';
import { type RemovalReason, Removals } from './memory/removals.ts';
import { SlotTable } from './memory/slot-table.ts';
import { createPolicy, type PolicyName } from './policy/create-policy.ts';
import type { EvictionPolicy } from './policy/eviction-policy.ts';

const nowhere = -1;
/** Evictions of one turn after the bounds became smaller. */
const trimSlice = 100;
/** Evictions of one insertion while the cache is still above its bounds. */
const trimPerInsert = 8;

/**
 * A bounded cache in memory that answers at once, with keys of any type, compared as a `Map` does.
 * `undefined` and `null` are values: `has` and `getEntry` tell them from a miss. A value is not served
 * after its time, which is looked at about once a millisecond; its memory comes free in the
 * background, about half a second later.
 */
export class MemoryCache<K = string, V = unknown> implements SyncCache<K, V>, Disposable {
  readonly name: string;
  readonly #table: SlotTable<K, V>;
  readonly #hasher = new KeyHasher();
  readonly #ledger: ByteLedger<K, V>;
  readonly #policyName: PolicyName;
  readonly #policy: EvictionPolicy;
  readonly #removals: Removals<K, V> | undefined;
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #idleMs: number;
  #maxEntries: number;
  #maxBytes: number;
  /** Whether nobody measures, waits for removals or gives an entry an end: a `set` then does little. */
  #isPlain: boolean;
  /** Made with the first entry that has an end, so that a cache without any pays nothing. */
  #expiry: Expiry | undefined;
  /** Brings the cache within bounds that became smaller; `undefined` while it is. */
  #trimming: Disposable | undefined;
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
    this.#ledger = new ByteLedger(resolved.sizeOf, resolved.maxBytes !== Infinity);
    this.#ttlMs = resolved.ttlMs;
    this.#idleMs = resolved.idleMs;
    this.#policyName = resolved.policy;
    this.#table = new SlotTable(this.#hasher, resolved.maxEntries, (capacity) =>
      this.#grow(capacity),
    );
    this.#policy = createPolicy(resolved.policy, {
      weightOf: (slot) => this.#ledger.weightOf(slot),
      hashOf: (slot) => this.#table.hashAt(slot),
      settle: (slot) => this.#table.settle(slot),
    });
    this.#removals = resolved.onRemove && new Removals<K, V>(resolved.onRemove, resolved.logger);
    this.#clock = resolved.clock;
    this.#isPlain =
      !this.#ledger.measures &&
      this.#removals === undefined &&
      this.#ttlMs === Infinity &&
      this.#idleMs === Infinity;
  }

  /** Entries held; expired ones that are not collected yet count. */
  get size(): number {
    return this.#table.size;
  }

  /** The sum of what `sizeOf` counted for the entries held; 0 without `sizeOf`. */
  get bytes(): number {
    return this.#ledger.bytes;
  }

  /** The value at `key`, or `undefined`. */
  get(key: K): V | undefined {
    const slot = this.#read(key);
    return slot === nowhere ? undefined : this.#table.valueAt(slot);
  }

  /** The value at `key` with the time it has left, or `undefined` for a miss. Counts as a read. */
  getEntry(key: K): MemoryCacheEntry<V> | undefined {
    const slot = this.#read(key);
    if (slot === nowhere) return undefined;
    return { value: this.#table.valueAt(slot), ttlMs: this.#expiry?.left(slot) ?? Infinity };
  }

  /** Whether there is a value at `key`. Counts as no use and no read. */
  has(key: K): boolean {
    return this.#liveSlot(key) !== nowhere;
  }

  /** The value at `key`, or `undefined`, without counting as a use or a read. */
  peek(key: K): V | undefined {
    const slot = this.#liveSlot(key);
    return slot === nowhere ? undefined : this.#table.valueAt(slot);
  }

  /**
   * Keeps `value` at `key`. A `ttlMs` of 0, or a size above `maxBytes`, keeps nothing and drops what
   * the key held before. So does a cache that is full of entries of size 0, which are never evicted.
   *
   * @throws RangeError when `ttlMs` is negative or `NaN`
   * @throws an error with code `ERR_CLOSED` after {@link close}
   */
  set(key: K, value: V, options?: SyncCacheSetOptions): void {
    if (this.#isPlain && options === undefined) this.#setPlain(key, value);
    else this.#setWith(key, value, options);
  }

  /**
   * The value at `key`, or else what `loader` makes of the key, which is then kept. What `loader`
   * throws is thrown, and nothing is kept.
   */
  getOrSet<T extends V>(key: K, loader: (key: K) => T, options?: SyncCacheSetOptions): T {
    const slot = this.#read(key);
    if (slot !== nowhere) return this.#table.valueAt(slot) as T;
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
      for (const slot of this.#table.slots()) {
        const reason = this.#reasonNow(slot, 'deleted');
        if (reason === 'expired') this.#expirations++;
        this.#removals?.add(this.#table.keyAt(slot), this.#table.valueAt(slot), reason);
      }
    }
    this.#table.clear();
    this.#ledger.clear();
    this.#policy.clear();
    this.#expiry?.clear();
    this.#stopTrimming();
    this.#removals?.tell();
  }

  /** @yields live keys with their values, in no particular order; the cache may change meanwhile */
  *entries(): IterableIterator<[K, V]> {
    for (const slot of this.#liveSlots())
      yield [this.#table.keyAt(slot), this.#table.valueAt(slot)];
  }

  /** @yields live keys, see {@link entries} */
  *keys(): IterableIterator<K> {
    for (const slot of this.#liveSlots()) yield this.#table.keyAt(slot);
  }

  /** @yields live values, see {@link entries} */
  *values(): IterableIterator<V> {
    for (const slot of this.#liveSlots()) yield this.#table.valueAt(slot);
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  /**
   * The `count` live entries that would be kept longest, the best first. What the policy knows of
   * their use is a few bits an entry, so the order is rough under `'tiny-lfu'`, and exact under `'lru'`.
   */
  hottest(count: number): [K, V][] {
    return this.#firstLive(this.#policy.slots(), count);
  }

  /** The `count` live entries that would be evicted first, the first to go first; see {@link hottest}. */
  coldest(count: number): [K, V][] {
    return this.#firstLive([...this.#policy.slots()].toReversed(), count);
  }

  stats(): MemoryCacheStats {
    const reads = this.#hits + this.#misses;
    return {
      entries: this.#table.size,
      bytes: this.#ledger.bytes,
      hits: this.#hits,
      misses: this.#misses,
      hitRatio: reads === 0 ? 0 : this.#hits / reads,
      evictions: this.#evictions,
      expirations: this.#expirations,
    };
  }

  /**
   * Changes the bounds that are given, and evicts what is above them: 100 entries at once, the rest
   * in the background and as new entries come.
   */
  resize(bounds: { maxEntries?: number | undefined; maxBytes?: number | undefined }): void {
    const maxEntries = checkMaxEntries(bounds.maxEntries, this.#maxEntries);
    const maxBytes = checkMaxBytes(bounds.maxBytes, this.#maxBytes);
    if (bounds.maxBytes !== undefined && !this.#ledger.measures) {
      throw new TypeError('maxBytes needs a cache with sizeOf');
    }
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.#table.resize(maxEntries);
    this.#trim();
  }

  /** Removes expired entries now, at most `limit`; answers how many. */
  purgeExpired(limit: number = Infinity): number {
    const removed = this.#expiry?.collect(limit) ?? 0;
    this.#removals?.tell();
    return removed;
  }

  /** What the cache holds, with what it knows of its use, to be given to {@link load} later. */
  dump(): MemoryCacheDump<K, V> {
    const pinned: number[] = [];
    for (const slot of this.#liveSlots()) {
      if (this.#ledger.weightOf(slot) === 0) pinned.push(slot);
    }
    const ranked = [...this.#policy.slots()].filter((slot) => !this.#isOver(slot)).toReversed();
    const entries = [...ranked, ...pinned].map((slot) => this.#dumpEntry(slot));
    return { policy: this.#policyName, entries };
  }

  /**
   * Adds the entries of a dump that are not over yet, as far as the bounds allow: those that were used
   * most stay. What the dump knows of their use counts on if it is from a cache with the same policy.
   *
   * @throws TypeError when it is no dump
   */
  load(dump: MemoryCacheDump<K, V>): void {
    this.#assertOpen();
    if (!Array.isArray((dump as Partial<MemoryCacheDump<K, V>> | null)?.entries)) {
      throw new TypeError(`load takes what dump answered, got ${describeValue(dump)}`);
    }
    const knowsUse = dump.policy === this.#policyName;
    const now = this.#clock.now();
    for (const { key, value, expiresAt, use } of dump.entries) {
      const ttlMs = expiresAt === undefined ? Infinity : expiresAt - now;
      if (ttlMs > 0) this.#restore(key, value, ttlMs, knowsUse ? use : 0);
    }
    this.#removals?.tell();
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

  #setPlain(key: K, value: V): void {
    const slot = this.#table.slotToWrite(key);
    if (slot === undefined) {
      this.#assertOpen();
      this.#insert(key, value, 0, Infinity);
    } else {
      this.#table.setValue(slot, value);
      this.#policy.update(slot);
    }
  }

  #setWith(key: K, value: V, options: SyncCacheSetOptions | undefined): void {
    this.#assertOpen();
    const ttlMs = options === undefined ? this.#ttlMs : checkTtl(options.ttlMs, this.#ttlMs);
    const size = this.#ledger.measure(value, key);
    const slot = this.#table.slotToWrite(key);
    if (ttlMs === 0 || size > this.#maxBytes) {
      if (slot !== undefined) this.#remove(slot, this.#reasonNow(slot, 'replaced'));
    } else if (slot === undefined) {
      this.#insert(key, value, size, ttlMs);
    } else if (this.#ledger.bytesWith(slot, size) > this.#maxBytes) {
      // Others have to leave, and the new value must not be one of them.
      this.#remove(slot, this.#reasonNow(slot, 'replaced'));
      this.#insert(key, value, size, ttlMs);
    } else {
      this.#replace(slot, value, size, ttlMs);
    }
    this.#removals?.tell();
  }

  /** The slot of `key`, or nowhere; counts a use and a hit or miss, and removes what is over. */
  #read(key: K): number {
    const slot = this.#table.slotOf(key);
    if (slot === undefined || this.#isOver(slot)) return this.#miss(slot);
    this.#hits++;
    this.#policy.hit(slot);
    if (this.#expiry !== undefined) this.#expiry.touch(slot);
    return slot;
  }

  #miss(slotOfExpired: number | undefined): number {
    this.#misses++;
    if (slotOfExpired !== undefined) {
      this.#remove(slotOfExpired, 'expired');
      this.#removals?.tell();
    }
    return nowhere;
  }

  #liveSlot(key: K): number {
    const slot = this.#table.slotOf(key);
    return slot === undefined || this.#isOver(slot) ? nowhere : slot;
  }

  *#liveSlots(): IterableIterator<number> {
    for (const slot of this.#table.slots()) if (!this.#isOver(slot)) yield slot;
  }

  #firstLive(slots: Iterable<number>, count: number): [K, V][] {
    const entries: [K, V][] = [];
    for (const slot of slots) {
      if (entries.length >= count) break;
      if (!this.#isOver(slot)) entries.push([this.#table.keyAt(slot), this.#table.valueAt(slot)]);
    }
    return entries;
  }

  #isOver(slot: number): boolean {
    return this.#expiry !== undefined && this.#expiry.isOver(slot);
  }

  #reasonNow(slot: number, reason: RemovalReason): RemovalReason {
    return this.#isOver(slot) ? 'expired' : reason;
  }

  #insert(key: K, value: V, size: number, ttlMs: number): void {
    const evicted = this.#makeRoom(size);
    if (evicted < 0) return;
    const slot = this.#table.add(key, value, evicted > 0 && this.#policy.probesNewcomers);
    this.#ledger.write(slot, size);
    this.#policy.insert(slot);
    this.#setTtl(slot, ttlMs);
  }

  #replace(slot: number, value: V, size: number, ttlMs: number): void {
    if (this.#removals !== undefined || this.#expiry !== undefined) {
      const reason = this.#reasonNow(slot, 'replaced');
      if (reason === 'expired') this.#expirations++;
      this.#removals?.add(this.#table.keyAt(slot), this.#table.valueAt(slot), reason);
    }
    this.#table.setValue(slot, value);
    this.#policy.update(slot);
    this.#setTtl(slot, ttlMs);
    if (!this.#ledger.measures) return;
    const weightBefore = this.#ledger.weightOf(slot);
    this.#ledger.write(slot, size);
    this.#policy.reweigh(slot, weightBefore);
  }

  #restore(key: K, value: V, ttlMs: number, use: number): void {
    const size = this.#ledger.measure(value, key);
    if (size > this.#maxBytes) return;
    this.#drop(key, 'replaced');
    if (this.#makeRoom(size) < 0) return;
    const slot = this.#table.add(key, value, false);
    this.#ledger.write(slot, size);
    this.#policy.restore(slot, use);
    this.#setTtl(slot, ttlMs);
  }

  /** Evicts until an entry of `size` fits; answers how many, or -1 when that cannot be. */
  #makeRoom(size: number): number {
    let evicted = 0;
    while (this.#table.size >= this.#maxEntries || this.#ledger.bytes + size > this.#maxBytes) {
      if (this.#trimming !== undefined && evicted >= trimPerInsert) break;
      if (this.#expiry === undefined || !this.#expiry.collectOne()) {
        if (!this.#evict()) return -1;
      }
      evicted++;
    }
    return evicted;
  }

  /** Evicts one entry; `false` when none may be. */
  #evict(): boolean {
    const slot = this.#policy.evict(this.#hits, this.#misses);
    if (slot === nowhere) return false;
    const reason = this.#reasonNow(slot, 'capacity');
    if (reason === 'capacity') this.#evictions++;
    else this.#expirations++;
    this.#empty(slot, reason);
    return true;
  }

  #drop(key: K, reason: RemovalReason): boolean {
    const slot = this.#table.slotOf(key);
    if (slot === undefined) return false;
    const actual = this.#reasonNow(slot, reason);
    this.#remove(slot, actual);
    this.#removals?.tell();
    return actual === reason;
  }

  #remove(slot: number, reason: RemovalReason): void {
    if (reason === 'expired') this.#expirations++;
    this.#policy.remove(slot);
    this.#empty(slot, reason);
  }

  #empty(slot: number, reason: RemovalReason): void {
    this.#removals?.add(this.#table.keyAt(slot), this.#table.valueAt(slot), reason);
    this.#table.remove(slot);
    this.#ledger.write(slot, 0);
    this.#expiry?.forget(slot);
  }

  #setTtl(slot: number, ttlMs: number): void {
    if (this.#expiry === undefined) {
      if (ttlMs === Infinity && this.#idleMs === Infinity) return;
      this.#expiry = new Expiry(
        this.#clock,
        this.#idleMs,
        (slot) => this.#remove(slot, 'expired'),
        () => this.#removals?.tell(),
      );
      this.#expiry.grow(this.#table.capacity);
      this.#isPlain = false;
    }
    this.#expiry.set(slot, ttlMs);
  }

  #grow(capacity: number): void {
    this.#policy.grow(capacity);
    this.#expiry?.grow(capacity);
    this.#ledger.grow(capacity);
  }

  #dumpEntry(slot: number): DumpedEntry<K, V> {
    const key = this.#table.keyAt(slot);
    const value = this.#table.valueAt(slot);
    const use = this.#policy.useOf(slot);
    const leftMs = this.#expiry?.leftAtMost(slot) ?? Infinity;
    if (leftMs === Infinity) return { key, value, use };
    return { key, value, use, expiresAt: this.#clock.now() + leftMs };
  }

  #trim(): void {
    this.#stopTrimming();
    for (let evicted = 0; this.#isAboveBounds() && this.#evict(); evicted++) {
      if (evicted < trimSlice) continue;
      this.#trimming = scheduleInBackground(this.#clock, this, (cache) => cache.#trim(), 0);
      break;
    }
    this.#removals?.tell();
  }

  #isAboveBounds(): boolean {
    return this.#table.size > this.#maxEntries || this.#ledger.bytes > this.#maxBytes;
  }

  #stopTrimming(): void {
    this.#trimming?.[Symbol.dispose]();
    this.#trimming = undefined;
  }
}
