import {
  checkEntries,
  checkEntry,
  checkKey,
  checkKeys,
  checkOptionNames,
  checkStoreCall,
  checkTarget,
  choiceOption,
  type Clock,
  clockOption,
  ClosedError,
  type Entry,
  functionOption,
  inspectable,
  type InvalidationTarget,
  type KeysOptions,
  type Logger,
  objectOption,
  type OptionNames,
  type PurgeOptions,
  type SetOptions,
  signalOption,
  type Store,
  type StoreStats,
  textOption,
} from '@x/interfaces';
import { MemoryCache } from './memory-cache.ts';
import { type CloneMode, cloneModes, deepFreeze } from './memory-store/clone-mode.ts';
import { estimateEntryBytes } from './memory-store/estimate-bytes.ts';
import { refuseContainer } from './refuse-container.ts';
import { KeySweep, PatternSweep } from './memory-store/sweep.ts';
import { Sweeps } from './memory-store/sweeps.ts';
import { TagIndex } from './memory-store/tag-index.ts';

/** How a {@link MemoryStore} is bounded and what it gives out. */
export interface MemoryStoreOptions<V = unknown> {
  /** Most entries held, from 1; `Infinity` for no bound. @defaultValue 1000 */
  readonly maxEntries?: number | undefined;
  /** Most bytes held, as `sizeOf` counts them; a larger entry is not kept. @defaultValue `Infinity` */
  readonly maxBytes?: number | undefined;
  /** How many bytes an entry counts: a whole number. @defaultValue an estimate of its memory */
  readonly sizeOf?: ((entry: Entry<V>, key: string) => number) | undefined;
  /** Whose object is kept and given out. @defaultValue `'none'`: the caller's own, shared by all */
  readonly clone?: CloneMode | undefined;
  /** Names the store in messages, events and metrics. @defaultValue `'memory'` */
  readonly name?: string | undefined;
  readonly logger?: Logger | undefined;
  /** Source of time. Pass your own to test without waiting. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

const ofCache = 'ttlMs of the cache over the store: new CacheManager({ store, ttlMs })';

const optionNames: OptionNames<MemoryStoreOptions> = {
  known: {
    maxEntries: true,
    maxBytes: true,
    sizeOf: true,
    clone: true,
    name: true,
    logger: true,
    clock: true,
  },
  misnamed: {
    ttl: ofCache,
    ttlMs: ofCache,
    defaultTtlMs: ofCache,
    max: 'maxEntries',
    lruSize: 'maxEntries',
    maxSize: 'maxBytes',
    sizeCalculation: 'sizeOf',
    useClones: "clone: 'structured'",
  },
};

/**
 * Keeps entries in this process's memory and answers at once. Deadlines are measured by the
 * monotonic clock from the moment of the `set`, so a step of the wall clock does not move them.
 */
export class MemoryStore<V = unknown> implements Store<V> {
  readonly name: string;
  readonly #cache: MemoryCache<string, Entry<V>>;
  readonly #tags = new TagIndex();
  readonly #sweeps: Sweeps;
  readonly #clock: Clock;
  readonly #clone: CloneMode;
  #closed = false;

  constructor(options: MemoryStoreOptions<V> = {}) {
    objectOption('options', options, '{ maxEntries }');
    refuseContainer(options, '{ maxEntries }');
    checkOptionNames(options, optionNames);
    this.name = textOption('name', options.name, 'memory');
    this.#clone = choiceOption('clone', options.clone, 'none', cloneModes);
    this.#clock = clockOption(options.clock);
    this.#cache = new MemoryCache({
      maxEntries: options.maxEntries,
      maxBytes: options.maxBytes,
      sizeOf: functionOption('sizeOf', options.sizeOf, estimateEntryBytes),
      onRemove: (key, entry) => {
        if (entry.tags !== undefined) this.#tags.remove(key, entry.tags);
      },
      name: this.name,
      logger: options.logger,
      clock: this.#clock,
    });
    this.#sweeps = new Sweeps(this.#clock, (key) => this.#cache.invalidate(key));
    inspectable(this, this.#facts);
  }

  get(key: string): Entry<V> | undefined {
    this.#assertOpen();
    checkKey(key);
    if (this.#sweeps.covers(key)) return undefined;
    const entry = this.#cache.get(key);
    return this.#clone === 'structured' && entry !== undefined ? copy(entry) : entry;
  }

  getMany(keys: readonly string[]): (Entry<V> | undefined)[] {
    checkKeys(keys);
    return keys.map((key) => this.get(key));
  }

  /**
   * @throws TypeError when `entry` is no {@link Entry}
   * @throws DataCloneError for a value that cannot be copied, with `clone: 'structured'`
   */
  set(key: string, entry: Entry<V>, options?: SetOptions): void {
    this.#assertOpen();
    checkStoreCall(options);
    checkKey(key);
    checkEntry(entry);
    const kept = this.#clone === 'structured' ? copy(entry) : entry;
    if (this.#clone === 'freeze') deepFreeze(entry.value);
    const { expiresAt, tags } = kept;
    const ttlMs = expiresAt === undefined ? Infinity : Math.max(0, expiresAt - this.#clock.now());
    this.#cache.set(key, kept, { ttlMs });
    this.#sweeps.spare(key);
    if (tags !== undefined && this.#cache.peek(key) === kept) this.#tags.add(key, tags);
  }

  setMany(entries: Iterable<readonly [key: string, entry: Entry<V>]>, options?: SetOptions): void {
    checkStoreCall(options);
    checkEntries(entries);
    for (const [key, entry] of entries) this.set(key, entry);
  }

  delete(key: string): boolean {
    this.#assertOpen();
    checkKey(key);
    const wasInSight = !this.#sweeps.covers(key);
    return this.#cache.delete(key) && wasInSight;
  }

  deleteMany(keys: readonly string[]): number {
    checkKeys(keys);
    return keys.filter((key) => this.delete(key)).length;
  }

  /** How many entries it removed; `undefined` when there are many and they leave in the background. */
  invalidate(target: InvalidationTarget): number | undefined {
    this.#assertOpen();
    checkTarget(target);
    return this.#sweeps.start(
      target.tags === undefined
        ? new PatternSweep(target.pattern, this.#cache.keys())
        : new KeySweep(this.#tags.take(target.tags)),
    );
  }

  /** @yields the keys held when the listing began, without those removed meanwhile */
  async *keys(options?: KeysOptions): AsyncIterableIterator<string> {
    this.#assertOpen();
    checkStoreCall(options);
    for (const key of this.#keysFrom(options?.prefix ?? '')) {
      signalOption(options?.signal)?.throwIfAborted();
      if (this.#cache.has(key) && !this.#sweeps.covers(key)) yield key;
    }
  }

  clear(): void {
    this.#assertOpen();
    this.#sweeps.clear();
    this.#cache.clear();
  }

  purgeExpired(options?: PurgeOptions): number {
    this.#assertOpen();
    return this.#cache.purgeExpired(options);
  }

  /** Entries that an invalidation is still to remove count. */
  stats(): StoreStats {
    this.#assertOpen();
    const { entries, bytes, evictions, expirations } = this.#cache.stats();
    return { entries, bytes, evictions, expirations };
  }

  /** Drops everything. Safe to call twice. */
  close(): void {
    this.#closed = true;
    this.#sweeps.clear();
    this.#cache.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #facts(this: void, self: MemoryStore<V>): object {
    return {
      name: self.name,
      entries: self.#cache.size,
      bytes: self.#cache.bytes,
      closed: self.#closed,
    };
  }

  #keysFrom(prefix: string): string[] {
    const keys: string[] = [];
    for (const key of this.#cache.keys()) if (key.startsWith(prefix)) keys.push(key);
    return keys;
  }

  #assertOpen(): void {
    if (this.#closed) throw new ClosedError(`store "${this.name}"`);
  }
}

function copy<V>(entry: Entry<V>): Entry<V> {
  const { tags } = entry;
  return { ...entry, value: structuredClone(entry.value), tags: tags && [...tags] };
}
