import {
  type CacheInvalidation,
  type CacheSetOptions,
  type Clock,
  ClosedError,
  describeValue,
  type Entry,
  type GetOrSetOptions,
  type Listener,
  type Loader,
} from '@x/interfaces';
import { compilePatternWithin } from '../key-pattern.ts';
import { checkTtl } from '../memory/memory-cache-options.ts';
import type { CacheEntry } from './cache-entry.ts';
import type { CacheEvents } from './cache-events.ts';
import type { ResolvedCacheManagerOptions } from './cache-manager-options.ts';
import type { CacheInfo, CacheStats } from './cache-stats.ts';
import { Changes } from './changes.ts';
import { checkKey, checkTags } from './checks.ts';
import { isPromise } from './is-promise.ts';
import { listKeys } from './list-keys.ts';
import { makeEntry } from './make-entry.ts';
import { PendingWrites } from './pending-writes.ts';
import { PurgeSchedule } from './purge-schedule.ts';
import { readStats, readTierStats } from './read-stats.ts';
import { Recorder } from './recorder.ts';
import { SingleFlight } from './single-flight.ts';
import { type TierHit, Tiers } from './tiers.ts';

/**
 * The cache behind a `CacheManager` and its namespaces, which only put their prefix before the keys.
 * Methods on whose hits programs wait are plain functions: a hit in a store that answers at once
 * costs one settled promise.
 */
export class CacheEngine {
  readonly #options: ResolvedCacheManagerOptions;
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #pending = new PendingWrites();
  readonly #tiers: Tiers;
  readonly #changes: Changes;
  readonly #flights: SingleFlight;
  readonly #purges: PurgeSchedule;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedCacheManagerOptions) {
    const { clock, name, stores, ttlMs } = options;
    this.#options = options;
    this.#clock = clock;
    const tierNames = stores.map((store) => store.name);
    this.#recorder = new Recorder(name, tierNames, options.meter, options.logger);
    this.#tiers = new Tiers(stores, {
      cache: name,
      clock,
      recorder: this.#recorder,
      pending: this.#pending,
      throwOnStoreError: options.throwOnStoreError,
    });
    this.#changes = new Changes(this.#tiers, this.#pending, this.#recorder);
    this.#flights = new SingleFlight({
      tiers: this.#tiers,
      pending: this.#pending,
      recorder: this.#recorder,
      clock,
      ttlMs,
    });
    this.#purges = new PurgeSchedule(clock, options.cleanupIntervalMs, async (limit) =>
      Math.max(...(await this.#purge(limit))),
    );
  }

  get name(): string {
    return this.#options.name;
  }

  get<V>(key: string): Promise<V | undefined> {
    try {
      this.#check(key);
      const found = this.#tiers.readFirst(key);
      if (found === undefined && this.#tiers.single) {
        this.#recorder.miss(key);
        return Promise.resolve(undefined);
      }
      if (found === undefined || isPromise(found)) return this.#getLater<V>(key, found);
      this.#recorder.hit(key, this.#tiers.first.name);
      return Promise.resolve(found.value as V);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  getOrSet<V>(
    key: string,
    ownKey: string,
    loader: Loader<V>,
    options: GetOrSetOptions | undefined,
  ): Promise<V> {
    try {
      this.#check(key);
      if (options !== undefined) checkGetOrSetOptions(options);
      if (typeof loader !== 'function') {
        throw new TypeError(`loader must be a function, got ${describeValue(loader)}`);
      }
      if (this.#flights.size > 0) {
        const result = this.#flights.join<V>(key, options?.signal);
        if (result !== undefined) return result;
      }
      const found = this.#tiers.readFirst(key);
      if (found === undefined || isPromise(found)) {
        return this.#flights.start(key, ownKey, loader, options, found);
      }
      this.#recorder.hit(key, this.#tiers.first.name);
      return Promise.resolve(found.value as V);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async getEntry<V>(key: string): Promise<CacheEntry<V>> {
    this.#check(key);
    const found = await this.#find(key, this.#tiers.readFirst(key));
    if (found === undefined) return { hit: false };
    const { entry, tier } = found;
    const ageMs = Math.max(0, this.#clock.now() - entry.createdAt);
    return { hit: true, value: entry.value as V, stale: false, ageMs, tier: tier.name };
  }

  async getMany(keys: Iterable<string>): Promise<Map<string, TierHit>> {
    const asked = [...new Set(keys)];
    for (const key of asked) this.#check(key);
    const found = await this.#tiers.readMany(asked);
    const hits = new Map<string, TierHit>();
    for (const key of asked) {
      const hit = found.get(key);
      if (hit === undefined) {
        this.#recorder.miss(key);
      } else {
        this.#recorder.hit(key, hit.tier.name);
        hits.set(key, hit);
      }
    }
    return hits;
  }

  async has(key: string): Promise<boolean> {
    this.#check(key);
    return this.#tiers.has(key);
  }

  async set(key: string, value: unknown, options: CacheSetOptions | undefined): Promise<void> {
    this.#check(key);
    const entry = this.#entryOf(value, options);
    if (entry === undefined) await this.#changes.delete([key]);
    else await this.#changes.set(key, entry);
  }

  async setMany(
    values: readonly (readonly [string, unknown])[],
    options: CacheSetOptions | undefined,
  ): Promise<void> {
    const entries: [string, Entry][] = [];
    for (const [key, value] of values) {
      this.#check(key);
      const entry = this.#entryOf(value, options);
      if (entry !== undefined) entries.push([key, entry]);
    }
    if (entries.length > 0) await this.#changes.setMany(entries);
    else if (values.length > 0) await this.#changes.delete(values.map(([key]) => key));
  }

  async delete(keys: readonly string[]): Promise<number> {
    this.#checkOpen();
    for (const key of keys) checkKey(key);
    return keys.length === 0 ? 0 : this.#changes.delete(keys);
  }

  /** Removes the keys that begin with `prefix`; `''` stands for all. */
  async clear(prefix: string): Promise<void> {
    this.#checkOpen();
    if (prefix === '') await this.#changes.clear();
    else await this.#changes.invalidate({ pattern: compilePatternWithin(prefix, '*') });
  }

  /** @param prefix - what a pattern's matches begin with beside; tags belong to the whole cache */
  async invalidate(prefix: string, target: CacheInvalidation): Promise<number | undefined> {
    this.#checkOpen();
    const { pattern, tags } = target;
    if ((pattern === undefined) === (tags === undefined)) {
      throw new TypeError('invalidate takes either a pattern or tags');
    }
    if (tags === undefined) {
      return this.#changes.invalidate({ pattern: compilePatternWithin(prefix, pattern) });
    }
    checkTags(tags);
    return tags.length === 0 ? 0 : this.#changes.invalidate({ tags });
  }

  keys(prefix: string, glob: string | undefined): AsyncIterableIterator<string> {
    this.#checkOpen();
    const pattern = glob === undefined ? undefined : compilePatternWithin(prefix, glob);
    return listKeys(this.#tiers, pattern?.literalPrefix ?? prefix, pattern);
  }

  async purgeExpired(limit: number | undefined): Promise<number> {
    this.#checkOpen();
    const removed = await this.#purge(limit);
    return removed.reduce((sum, count) => sum + count, 0);
  }

  async stats(): Promise<CacheStats> {
    this.#checkOpen();
    return readStats(this.#tiers, this.#recorder);
  }

  async info(): Promise<CacheInfo> {
    this.#checkOpen();
    const { name, ttlMs, cleanupIntervalMs, throwOnStoreError } = this.#options;
    const loading = this.#flights.size;
    const held = await readTierStats(this.#tiers);
    const tiers = held.map(({ tier, entries, bytes }) => ({ tier, entries, bytes }));
    return { name, ttlMs, cleanupIntervalMs, throwOnStoreError, loading, tiers };
  }

  on<Name extends keyof CacheEvents>(
    name: Name,
    listener: Listener<CacheEvents[Name]>,
  ): Disposable {
    return this.#recorder.on(name, listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#purges[Symbol.dispose]();
    this.#flights.close(this.#closedError());
    if (this.#options.closeStores) {
      const answers = await this.#tiers.call('close', undefined, (store) => store.close());
      const failed = answers.find((answer) => answer.failure !== undefined);
      if (failed?.failure !== undefined) throw failed.failure;
    }
    this.#recorder.stopListening();
  }

  async #getLater<V>(
    key: string,
    first: Promise<Entry | undefined> | undefined,
  ): Promise<V | undefined> {
    const hit = await this.#find(key, first);
    return hit?.entry.value as V | undefined;
  }

  async #find(
    key: string,
    first: Entry | Promise<Entry | undefined> | undefined,
  ): Promise<TierHit | undefined> {
    const pending = this.#pending.begin(key);
    try {
      const entry = await first;
      const hit =
        entry === undefined
          ? await this.#tiers.readLower(key, pending)
          : { entry, tier: this.#tiers.first };
      if (hit === undefined) this.#recorder.miss(key);
      else this.#recorder.hit(key, hit.tier.name);
      return hit;
    } finally {
      this.#pending.end(pending);
    }
  }

  /** `undefined` for a ttl of 0, which keeps nothing. */
  #entryOf(value: unknown, options: CacheSetOptions | undefined): Entry | undefined {
    const ttlMs = checkTtl(options?.ttlMs, this.#options.ttlMs);
    checkTags(options?.tags);
    return ttlMs === 0 ? undefined : makeEntry(value, this.#clock.now(), ttlMs, options?.tags);
  }

  async #purge(limit: number | undefined): Promise<number[]> {
    const answers = await this.#tiers.call('purgeExpired', undefined, (store) =>
      store.purgeExpired({ limit }),
    );
    return answers.map((answer) => answer.value ?? 0);
  }

  #check(key: string): void {
    this.#checkOpen();
    checkKey(key);
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw this.#closedError();
  }

  #closedError(): ClosedError {
    return new ClosedError(`cache "${this.#options.name}"`);
  }
}

function checkGetOrSetOptions(options: GetOrSetOptions): void {
  checkTtl(options.ttlMs, 0);
  checkTags(options.tags);
  options.signal?.throwIfAborted();
}
