import {
  checkOptionNames,
  ClosedError,
  describeValue,
  inspectable,
  numberOption,
  objectOption,
  purgeLimit,
  type SyncCache,
  type SyncCacheSetOptions,
} from '@x/interfaces';
import { checkLoader, checkNothing } from './call-checks.ts';
import { checkSyncSetOptions, checkTtl } from './call-options.ts';
import type { Counts } from './memory/counts.ts';
import { HeldEntries } from './memory/held-entries.ts';
import type { KeyLookup } from './memory/key-index.ts';
import type { DumpedEntry, MemoryCacheDump } from './memory/memory-cache-dump.ts';
import {
  checkMaxBytes,
  checkMaxEntries,
  boundNames,
  type MemoryCacheOptions,
  type MemoryCacheSettings,
  memoryCacheSettings,
} from './memory/memory-cache-options.ts';
import type { MemoryCacheEntry, MemoryCacheStats } from './memory/memory-cache-stats.ts';
import type { RemovalReason } from './memory/removals.ts';
import { nowhere, type SlotTable } from './memory/slot-table.ts';
import type { EvictionPolicy } from './policy/eviction-policy.ts';

/**
 * A bounded cache in memory that answers at once, with keys of any type, compared as a `Map` does.
 * `undefined` and `null` are values: `has` and `getEntry` tell them from a miss. A value is not served
 * after its time, which is looked at about once a millisecond; its memory comes free in the
 * background, about half a second later.
 */
export class MemoryCache<K = string, V = unknown> implements SyncCache<K, V>, Disposable {
  readonly name: string;
  readonly answersAtOnce = true;
  readonly #settings: MemoryCacheSettings<K, V>;
  readonly #entries: HeldEntries<K, V>;
  // Of the entries, at hand for the hot paths.
  readonly #index: KeyLookup<K>;
  readonly #table: SlotTable<K, V>;
  readonly #policy: EvictionPolicy;
  readonly #counts: Counts;
  #closed = false;

  constructor(options: MemoryCacheOptions<K, V> = {}) {
    this.#settings = memoryCacheSettings(options);
    this.name = this.#settings.name;
    this.#entries = new HeldEntries(this.#settings);
    this.#table = this.#entries.table;
    this.#index = this.#table.index;
    this.#policy = this.#entries.policy;
    this.#counts = this.#entries.counts;
    inspectable(this, this.#facts);
  }

  /** Entries held; expired ones that are not collected yet count. */
  get size(): number {
    return this.#table.size;
  }

  /** The sum of what `sizeOf` counted for the entries held; 0 without `sizeOf`. */
  get bytes(): number {
    return this.#entries.ledger.bytes;
  }

  /** The value at `key`, or `undefined`. */
  get(key: K): V | undefined {
    const slot = this.#index.getSettled(key);
    if (slot === undefined || this.#entries.expiry !== undefined) return this.#getOther(key, slot);
    this.#counts.hits++;
    this.#policy.hit(slot);
    return this.#table.valueAt(slot);
  }

  /** The value at `key` with the time it has left, or `undefined` for a miss. Counts as a read. */
  getEntry(key: K): MemoryCacheEntry<V> | undefined {
    const slot = this.#read(key);
    if (slot === nowhere) return undefined;
    return {
      value: this.#table.valueAt(slot),
      ttlMs: this.#entries.expiry?.left(slot) ?? Infinity,
    };
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
   * @throws TypeError when `options` is no object, or misspells `ttlMs`; RangeError when that is negative or `NaN`
   * @throws an error with code `ERR_CLOSED` after {@link close}
   */
  set(key: K, value: V, options?: SyncCacheSetOptions): void {
    if (options !== undefined || !this.#entries.isPlain) {
      this.#setWith(key, value, options);
      return;
    }
    const slot = this.#index.getToWrite(key);
    if (slot === undefined) this.#add(key, value);
    else this.#overwrite(slot, value);
  }

  /**
   * The value at `key`, or else what `loader` makes of the key, which is then kept. What `loader`
   * throws is thrown, and nothing is kept. A promise is kept as it is, also when it rejects: for what is
   * awaited take a `CacheManager`, or `cached` of `@x/decorators`, which drops it.
   */
  getOrSet<T extends V>(key: K, loader: (key: K) => T, options?: SyncCacheSetOptions): T {
    const slot = this.#read(key);
    if (slot !== nowhere) return this.#table.valueAt(slot) as T;
    this.#assertOpen();
    if (typeof loader !== 'function') checkLoader(loader, options);
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

  /** Removes everything; takes no key. */
  clear(nothing?: undefined): void {
    checkNothing('clear', nothing, 'delete(key)');
    this.#entries.clear();
    this.#entries.tellRemovals();
  }

  /** @yields live keys with their values, in no particular order; the cache may change meanwhile */
  *entries(): IterableIterator<[K, V]> {
    for (const slot of this.#entries.liveSlots())
      yield [this.#table.keyAt(slot), this.#table.valueAt(slot)];
  }

  /** @yields live keys, see {@link entries} */
  *keys(): IterableIterator<K> {
    for (const slot of this.#entries.liveSlots()) yield this.#table.keyAt(slot);
  }

  /** @yields live values, see {@link entries} */
  *values(): IterableIterator<V> {
    for (const slot of this.#entries.liveSlots()) yield this.#table.valueAt(slot);
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
    const { hits, misses, evictions, expirations } = this.#counts;
    const reads = hits + misses;
    return {
      entries: this.size,
      bytes: this.bytes,
      hits,
      misses,
      hitRatio: reads === 0 ? 0 : hits / reads,
      evictions,
      expirations,
    };
  }

  /**
   * Changes the bounds that are given, and evicts what is above them: 100 entries at once, the rest
   * in the background and as new entries come.
   */
  resize(bounds: { maxEntries?: number | undefined; maxBytes?: number | undefined }): void {
    objectOption('bounds', bounds, '{ maxEntries }');
    checkOptionNames(bounds, boundNames);
    const maxEntries = checkMaxEntries(bounds.maxEntries, this.#entries.maxEntries);
    const maxBytes = checkMaxBytes(bounds.maxBytes, this.#entries.maxBytes);
    if (bounds.maxBytes !== undefined && !this.#entries.ledger.measures) {
      throw new TypeError('maxBytes needs a cache with sizeOf');
    }
    this.#entries.resize(maxEntries, maxBytes);
    this.#entries.tellRemovals();
  }

  /**
   * Removes expired entries now, at most `limit`, which is `Infinity` unless given; answers how many.
   *
   * @throws TypeError or RangeError when `limit` is no whole number of at least 0
   */
  purgeExpired(options?: { readonly limit?: number | undefined }): number {
    const limit = purgeLimit(options);
    const removed = this.#entries.expiry?.collect(limit) ?? 0;
    this.#entries.tellRemovals();
    return removed;
  }

  /** What the cache holds, with what it knows of its use, to be given to {@link load} later. */
  dump(): MemoryCacheDump<K, V> {
    const pinned: number[] = [];
    for (const slot of this.#entries.liveSlots()) {
      if (this.#entries.ledger.weightOf(slot) === 0) pinned.push(slot);
    }
    const ranked = [...this.#policy.slots()]
      .filter((slot) => !this.#entries.isOver(slot))
      .toReversed();
    const entries = [...ranked, ...pinned].map((slot) => this.#dumpEntry(slot));
    return { policy: this.#settings.policy, entries };
  }

  /**
   * Adds the entries of a dump that are not over yet, as far as the bounds allow: those that were used
   * most stay. What the dump knows of their use counts on if it is from a cache with the same policy.
   *
   * @throws TypeError when it is no dump
   * @throws an error with code `ERR_CLOSED` after {@link close}
   */
  load(dump: MemoryCacheDump<K, V>): void {
    this.#assertOpen();
    const entries: unknown = (dump as Partial<MemoryCacheDump<K, V>> | null)?.entries;
    if (!Array.isArray(entries) || !entries.every(isEntry)) {
      throw new TypeError(`load takes what dump answered, got ${describeValue(dump)}`);
    }
    const knowsUse = dump.policy === this.#settings.policy;
    const now = this.#settings.clock.now();
    for (const { key, value, expiresAt, use } of dump.entries) {
      const ttlMs = expiresAt === undefined ? Infinity : expiresAt - now;
      if (ttlMs > 0) this.#restore(key, value, ttlMs, knowsUse ? use : 0);
    }
    this.#entries.tellRemovals();
  }

  /** Removes everything and stops the timer. Reads find nothing afterwards; `set` and `load` throw. */
  close(): void {
    this.#closed = true;
    this.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #facts(this: void, self: MemoryCache<K, V>): object {
    return {
      name: self.name,
      entries: self.size,
      maxEntries: self.#entries.maxEntries,
      ...(self.#entries.ledger.measures && { bytes: self.bytes, maxBytes: self.#entries.maxBytes }),
      hits: self.#counts.hits,
      misses: self.#counts.misses,
      closed: self.#closed,
    };
  }

  #assertOpen(): void {
    if (this.#closed) throw new ClosedError(`cache "${this.name}"`);
  }

  /** For a key that is not settled, or entries that have an end. */
  #getOther(key: K, settled: number | undefined): V | undefined {
    const slot = settled ?? this.#index.getNewcomer(key);
    if (slot === undefined) {
      this.#counts.misses++;
      return undefined;
    }
    return this.#use(slot) === nowhere ? undefined : this.#table.valueAt(slot);
  }

  #add(key: K, value: V): void {
    this.#assertOpen();
    this.#entries.insert(key, value, 0, Infinity);
  }

  #overwrite(slot: number, value: V): void {
    this.#table.setValue(slot, value);
    this.#policy.update(slot);
  }

  #setWith(key: K, value: V, options: SyncCacheSetOptions | undefined): void {
    this.#assertOpen();
    const entries = this.#entries;
    const defaultTtlMs = this.#settings.ttlMs;
    if (options !== undefined) checkSyncSetOptions(options);
    const ttlMs = checkTtl(options?.ttlMs, defaultTtlMs);
    const size = entries.ledger.measure(value, key);
    const slot = this.#index.getToWrite(key);
    if (ttlMs === 0 || size > entries.maxBytes) {
      if (slot !== undefined) entries.remove(slot, entries.reasonNow(slot, 'replaced'));
    } else if (slot === undefined) {
      entries.insert(key, value, size, ttlMs);
    } else if (entries.ledger.bytesWith(slot, size) > entries.maxBytes) {
      // Others have to leave, and the new value must not be one of them.
      entries.remove(slot, entries.reasonNow(slot, 'replaced'));
      entries.insert(key, value, size, ttlMs);
    } else {
      entries.replace(slot, value, size, ttlMs);
    }
    entries.tellRemovals();
  }

  /** The slot of `key`, or nowhere; see {@link #use}. */
  #read(key: K): number {
    return this.#use(this.#index.get(key));
  }

  /** Counts a hit of `slot` or a miss; removes what is over, and answers the slot of what is not. */
  #use(slot: number | undefined): number {
    if (slot === undefined || this.#entries.isOver(slot)) return this.#miss(slot);
    this.#counts.hits++;
    this.#policy.hit(slot);
    this.#entries.expiry?.touch(slot);
    return slot;
  }

  #miss(slotOfExpired: number | undefined): number {
    this.#counts.misses++;
    if (slotOfExpired !== undefined) {
      this.#entries.remove(slotOfExpired, 'expired');
      this.#entries.tellRemovals();
    }
    return nowhere;
  }

  #liveSlot(key: K): number {
    const slot = this.#index.get(key);
    return slot === undefined || this.#entries.isOver(slot) ? nowhere : slot;
  }

  #firstLive(slots: Iterable<number>, count: number): [K, V][] {
    numberOption('count', count, undefined, { min: 0 });
    const entries: [K, V][] = [];
    for (const slot of slots) {
      if (entries.length >= count) break;
      if (!this.#entries.isOver(slot))
        entries.push([this.#table.keyAt(slot), this.#table.valueAt(slot)]);
    }
    return entries;
  }

  #restore(key: K, value: V, ttlMs: number, use: number): void {
    const size = this.#entries.ledger.measure(value, key);
    if (size > this.#entries.maxBytes) return;
    this.#drop(key, 'replaced');
    this.#entries.restore(key, value, size, ttlMs, use);
  }

  #drop(key: K, reason: RemovalReason): boolean {
    const slot = this.#index.get(key);
    if (slot === undefined) return false;
    const actual = this.#entries.reasonNow(slot, reason);
    this.#entries.remove(slot, actual);
    this.#entries.tellRemovals();
    return actual === reason;
  }

  #dumpEntry(slot: number): DumpedEntry<K, V> {
    const key = this.#table.keyAt(slot);
    const value = this.#table.valueAt(slot);
    const use = this.#policy.useOf(slot);
    const leftMs = this.#entries.expiry?.leftAtMost(slot) ?? Infinity;
    if (leftMs === Infinity) return { key, value, use };
    return { key, value, use, expiresAt: this.#settings.clock.now() + leftMs };
  }
}

function isEntry(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry);
}
