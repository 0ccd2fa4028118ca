import {
  checkEntry,
  checkStoreCall,
  ClosedError,
  isExpired,
  type Clock,
  type Entry,
  type InvalidationTarget,
  type KeysOptions,
  purgeLimit,
  type PurgeOptions,
  type SetOptions,
  type Store,
  type StoreStats,
} from '@x/interfaces';

/** The plainest store that keeps the contract: it shows that the suite can be passed. */
export class MapStore implements Store {
  readonly name = 'map';
  readonly #entries = new Map<string, Entry>();
  readonly #clock: Clock;
  #expirations = 0;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(key: string): Entry | undefined {
    const entry = this.#open().get(key);
    return entry === undefined || isExpired(entry, this.#clock.now()) ? undefined : entry;
  }

  getMany(keys: readonly string[]): (Entry | undefined)[] {
    return keys.map((key) => this.get(key));
  }

  set(key: string, entry: Entry, options?: SetOptions): void {
    checkStoreCall(options);
    checkEntry(entry);
    this.#open().set(key, entry);
  }

  setMany(entries: Iterable<readonly [string, Entry]>, options?: SetOptions): void {
    for (const [key, entry] of entries) this.set(key, entry, options);
  }

  delete(key: string): boolean {
    return this.get(key) !== undefined && this.#entries.delete(key);
  }

  deleteMany(keys: readonly string[]): number {
    return keys.filter((key) => this.delete(key)).length;
  }

  invalidate({ pattern, tags }: InvalidationTarget): number {
    const matching = [...this.#open()].filter(([key, entry]) =>
      pattern ? pattern.matches(key) : tags.some((tag) => entry.tags?.includes(tag)),
    );
    return this.deleteMany(matching.map(([key]) => key));
  }

  async *keys(options: KeysOptions = {}): AsyncIterable<string> {
    checkStoreCall(options);
    const { prefix = '' } = options;
    for (const key of Array.from(this.#open().keys())) {
      if (key.startsWith(prefix) && this.get(key) !== undefined) yield key;
    }
  }

  clear(): void {
    this.#open().clear();
  }

  purgeExpired(options?: PurgeOptions): number {
    const limit = purgeLimit(options);
    let purged = 0;
    for (const [key, entry] of Array.from(this.#open())) {
      if (purged === limit) break;
      if (isExpired(entry, this.#clock.now()) && this.#entries.delete(key)) purged++;
    }
    this.#expirations += purged;
    return purged;
  }

  stats(): StoreStats {
    const entries = this.#open();
    let bytes = 0;
    for (const [key, { tags = [] }] of entries) bytes += 100 + key.length + tags.join('').length;
    return { entries: entries.size, bytes, evictions: 0, expirations: this.#expirations };
  }

  close(): void {
    this.#closed = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #open(): Map<string, Entry> {
    if (this.#closed) throw new ClosedError('store "map"');
    return this.#entries;
  }
}
