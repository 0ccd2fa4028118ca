import type {
  Entry,
  InvalidationTarget,
  KeysOptions,
  PurgeOptions,
  SetOptions,
  Store,
  StoreChanges,
  StoreLease,
  StoreStats,
} from '@x/interfaces';
import type { ManualClock } from '@x/testkit';

/** What several stores share, as processes share a file. */
export class SharedMedium {
  readonly entries: Map<string, Entry> = new Map();
  /** The keys that were changed, `'all'` for each that cannot be told. */
  readonly changes: { readonly key: string; readonly by: Store }[] = [];
  readonly leases: Map<string, { until: number }> = new Map();
  readonly clock: ManualClock;

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  get position(): number {
    return this.changes.length;
  }
}

/** A store that tells what others changed, guards writes and gives leases. It answers at once. */
export class SharedStore implements Store {
  readonly name = 'shared';
  readonly #medium: SharedMedium;
  /** How often it was asked what changed. */
  probes = 0;

  constructor(medium: SharedMedium) {
    this.#medium = medium;
  }

  get(key: string): Entry | undefined {
    const entry = this.#medium.entries.get(key);
    const isOver = entry?.expiresAt !== undefined && this.#medium.clock.now() >= entry.expiresAt;
    return isOver ? undefined : entry;
  }

  getMany(keys: readonly string[]): (Entry | undefined)[] {
    return keys.map((key) => this.get(key));
  }

  set(key: string, entry: Entry, options?: SetOptions): void {
    const { changes, entries } = this.#medium;
    const since = options?.since ?? Infinity;
    const isOvertaken = changes.slice(since).some((change) => ['all', key].includes(change.key));
    if (isOvertaken) return;
    entries.set(key, { ...entry });
    this.#changed(key);
  }

  setMany(entries: Iterable<readonly [string, Entry]>, options?: SetOptions): void {
    for (const [key, entry] of entries) this.set(key, entry, options);
  }

  delete(key: string): boolean {
    this.#changed(key);
    return this.#medium.entries.delete(key);
  }

  deleteMany(keys: readonly string[]): number {
    return keys.filter((key) => this.delete(key)).length;
  }

  invalidate({ pattern, tags }: InvalidationTarget): undefined {
    for (const [key, entry] of this.#medium.entries) {
      const isHit = pattern ? pattern.matches(key) : tags.some((tag) => entry.tags?.includes(tag));
      if (isHit) this.#medium.entries.delete(key);
    }
    this.#changed('all');
  }

  async *keys({ prefix = '' }: KeysOptions = {}): AsyncIterable<string> {
    for (const key of this.#medium.entries.keys()) if (key.startsWith(prefix)) yield key;
  }

  clear(): void {
    this.#medium.entries.clear();
    this.#changed('all');
  }

  purgeExpired(_options?: PurgeOptions): number {
    return 0;
  }

  stats(): StoreStats {
    return { entries: this.#medium.entries.size, bytes: 0, evictions: 0, expirations: 0 };
  }

  close(): void {}

  async [Symbol.asyncDispose](): Promise<void> {}

  mark(): number {
    return this.#medium.position;
  }

  changesSince(cursor: number): StoreChanges {
    this.probes++;
    const { changes, position } = this.#medium;
    const others = changes.slice(cursor).filter(({ by }) => by !== this);
    const keys = others.map(({ key }) => key);
    return { cursor: position, keys: keys.includes('all') ? 'all' : [...new Set(keys)] };
  }

  lease(key: string, ttlMs: number): StoreLease | undefined {
    const { clock, leases } = this.#medium;
    if ((leases.get(key)?.until ?? 0) > clock.now()) return undefined;
    const held = { until: clock.now() + ttlMs };
    leases.set(key, held);
    const release = (): void => void (leases.get(key) === held && leases.delete(key));
    return {
      deadline: held.until,
      renew: (ms) => {
        if (leases.get(key) !== held) return false;
        held.until = clock.now() + ms;
        return true;
      },
      release,
      [Symbol.asyncDispose]: async () => release(),
    };
  }

  #changed(key: string): void {
    this.#medium.changes.push({ key, by: this });
  }
}
