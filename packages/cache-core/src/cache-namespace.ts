import {
  type Cache,
  type CacheInvalidation,
  type CacheSetOptions,
  checkOptionNames,
  type GetOrSetOptions,
  inspectable,
  type Loader,
  objectOption,
  type OptionNames,
} from '@x/interfaces';
import { checkNothing } from './call-checks.ts';
import type { ManyLoader } from './manager/loads/batch-loads.ts';
import type { CacheEntry } from './manager/reads/cache-entry.ts';
import { brandCache } from './manager/cache-brand.ts';
import { checkPrefix, keyList, pairList } from './manager/checks.ts';
import type { CacheEngine } from './manager/engine.ts';

/** Which keys to list. */
export interface CacheKeysOptions {
  /** Only keys that match this glob, see `compilePattern`. @defaultValue every key */
  readonly pattern?: string | undefined;
}

const keysOptionNames: OptionNames<CacheKeysOptions> = {
  known: { pattern: true },
  misnamed: { glob: 'pattern', match: 'pattern', prefix: 'pattern, such as user:*' },
};

/**
 * The part of a cache whose keys begin with a prefix, under keys without it. It shares everything
 * else with the cache: stores, loads, statistics, tags and the end of its life.
 */
export abstract class CacheNamespace implements Cache {
  readonly #engine: CacheEngine;
  readonly #prefix: string;

  /** @internal */
  constructor(engine: CacheEngine, prefix: string) {
    this.#engine = engine;
    this.#prefix = prefix;
    brandCache(this);
    inspectable(this, this.#facts);
  }

  /** What every key begins with in the stores. */
  get prefix(): string {
    return this.#prefix;
  }

  /** The fresh value at `key`, or `undefined`. */
  get<V = unknown>(key: string): Promise<V | undefined> {
    return this.#engine.get<V>(this.#whole(key));
  }

  /**
   * The value at `key` with its age and the store that had it, also when it is stale; tells a kept
   * `undefined` from a miss.
   */
  getEntry<V = unknown>(key: string): Promise<CacheEntry<V>> {
    return this.#engine.getEntry<V>(this.#whole(key));
  }

  /** The fresh values of those `keys` that have one, in the order asked. Each store is asked once. */
  async getMany<V = unknown>(keys: Iterable<string>): Promise<Map<string, V>> {
    const own = [...new Set(keyList(keys))];
    const found = await this.#engine.getMany(own.map((key) => this.#whole(key)));
    const values = new Map<string, V>();
    for (const key of own) {
      const hit = found.get(this.#whole(key));
      if (hit !== undefined) values.set(key, hit.entry.value as V);
    }
    return values;
  }

  /**
   * Keeps `value` at `key`, in every tier. It wins over a load of the key that began before.
   *
   * @throws TypeError for an option that there is not
   * @throws RangeError when `ttlMs` is negative or `NaN`; 0 keeps nothing and drops what was there
   * @throws an error with code `ERR_CACHE_STORE` when no store kept it
   */
  set(key: string, value: unknown, options?: CacheSetOptions): Promise<void> {
    return this.#engine.set(this.#whole(key), value, options);
  }

  /** As many `set`s with the same options, as one step where a store can. */
  async setMany(
    entries: Iterable<readonly [key: string, value: unknown]>,
    options?: CacheSetOptions,
  ): Promise<void> {
    const pairs = pairList('entries', entries);
    const whole = pairs.map(([key, value]) => [this.#whole(key), value] as const);
    await this.#engine.setMany(whole, options);
  }

  /**
   * The value at `key`, or else what `loader` makes, which is then kept. However many callers ask at
   * once, one load runs, and all get what it answers or throws; where the stores have leases, one
   * in all processes. The time-to-live begins when the load ends. A stale value is served within
   * `staleWhileRevalidateMs`, while it is refreshed behind, and within `staleIfErrorMs` when its load
   * fails or takes longer than `softTimeoutMs`.
   *
   * @throws what `loader` throws; it is kept only with `errorTtlMs`
   * @throws TypeError for an option that there is not; a hit does not look at the names
   * @throws `signal.reason` when this caller's signal aborts; the load goes on for the others
   * @throws an error with code `ERR_CACHE_LOAD_TIMEOUT` after `hardTimeoutMs`; the load goes on
   * @throws an error with code `ERR_CLOSED` when the cache is closed, also meanwhile
   */
  getOrSet<V>(key: string, loader: Loader<V>, options?: GetOrSetOptions<V>): Promise<V> {
    return this.#engine.getOrSet(this.#whole(key), key, loader, options);
  }

  /**
   * The values at `keys`, in their order; `loader` makes, at once, those that are missing. Each key is
   * loaded once, also when others ask for it meanwhile. A key that `loader` leaves out has the value
   * `undefined`. Fails as {@link getOrSet} does, for all.
   */
  async getOrSetMany<V>(
    keys: Iterable<string>,
    loader: ManyLoader<V>,
    options?: GetOrSetOptions<V>,
  ): Promise<Map<string, V | undefined>> {
    const own = new Map(keyList(keys).map((key) => [this.#whole(key), key] as const));
    return this.#engine.getOrSetMany(own, loader, options);
  }

  /** Whether there is a fresh value at `key`. Counts as no read. */
  has(key: string): Promise<boolean> {
    return this.#engine.has(this.#whole(key));
  }

  /**
   * Removes `key`; `true` when there was something to remove.
   *
   * @throws an error with code `ERR_CACHE_STORE` when a store failed that will not make up for it
   */
  async delete(key: string): Promise<boolean> {
    return (await this.#engine.delete([this.#whole(key)])) > 0;
  }

  /** Removes `keys`; answers how many of them were there. Fails as {@link delete} does. */
  async deleteMany(keys: Iterable<string>): Promise<number> {
    return this.#engine.delete(keyList(keys).map((key) => this.#whole(key)));
  }

  /** Removes everything under the prefix; takes no pattern. Fails as {@link delete} does. */
  async clear(nothing?: undefined): Promise<void> {
    checkNothing('clear', nothing, 'invalidatePattern(pattern) or delete(key)');
    return this.#engine.clear(this.#prefix);
  }

  /**
   * Lists the keys of every store, without the prefix, in no particular order.
   *
   * @yields each key once
   * @throws TypeError when the pattern is wrong, or `options` is no object
   */
  async *keys(options: CacheKeysOptions = {}): AsyncIterableIterator<string> {
    objectOption('options', options, '{ pattern }');
    checkOptionNames(options, keysOptionNames);
    for await (const key of this.#engine.keys(this.#prefix, options.pattern)) {
      yield key.slice(this.#prefix.length);
    }
  }

  /**
   * Removes what matches a pattern or carries one of the tags. Tags belong to the whole cache.
   *
   * @returns how many entries that were, or `undefined` where a store cannot tell
   * @throws TypeError when the pattern is wrong, see `compilePattern`
   * @throws an error with code `ERR_CACHE_STORE` when a store failed that will not make up for it
   */
  invalidate(target: CacheInvalidation): Promise<number | undefined> {
    return this.#engine.invalidate(this.#prefix, target);
  }

  /** Removes the keys that match `pattern`, a glob, see {@link invalidate}. */
  invalidatePattern(pattern: string): Promise<number | undefined> {
    return this.invalidate({ pattern });
  }

  /** Removes the entries that carry one of `tags`, see {@link invalidate}. */
  invalidateTags(tags: readonly string[]): Promise<number | undefined> {
    return this.invalidate({ tags });
  }

  /** The part of this cache whose keys begin with `prefix`, for example `users:`. */
  namespace(prefix: string): CacheNamespace {
    checkPrefix(prefix);
    return new PartOfCache(this.#engine, this.#prefix + prefix);
  }

  #facts(this: void, self: CacheNamespace): object {
    return {
      ...(self.#prefix !== '' && { prefix: self.#prefix }),
      ...self.#engine.facts(),
    };
  }

  #whole(key: string): string {
    return this.#prefix === '' || typeof key !== 'string' ? key : this.#prefix + key;
  }
}

/** What `namespace` answers; `console.log` calls it what its callers do. */
class PartOfCache extends CacheNamespace {
  static override readonly name = 'CacheNamespace';
}
