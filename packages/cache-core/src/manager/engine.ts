import {
  type CacheInvalidation,
  type CacheSetOptions,
  checkKey,
  checkTags,
  ClosedError,
  type Entry,
  type GetOrSetOptions,
  isThenable,
  type Listener,
  type Loader,
  objectOption,
  signalOption,
} from '@x/interfaces';
import { compilePatternWithin } from '../key-pattern.ts';
import { checkSetOptions, checkTtl } from '../call-options.ts';
import type { ManyLoader } from './loads/batch-loads.ts';
import type { CacheEntry } from './reads/cache-entry.ts';
import type { CacheEvents } from './recording/cache-events.ts';
import type { CacheManagerSettings } from './cache-manager-options.ts';
import { type CacheParts, createCacheParts } from './cache-parts.ts';
import type { CacheInfo, CacheStats } from './recording/cache-stats.ts';
import type { ChangeProbe } from './changes/change-probe.ts';
import { checkLoader } from '../call-checks.ts';
import { listKeys } from './reads/list-keys.ts';
import { checkWindows, resolveLoadPolicy } from './loads/load-policy.ts';
import type { Loads } from './loads/loads.ts';
import { KeptEntry, makeEntry } from './reads/kept-entry.ts';
import { PurgeSchedule } from './purge-schedule.ts';
import { readStats, readTierStats } from './recording/read-stats.ts';
import type { Recorder } from './recording/recorder.ts';
import type { Tier } from './tiers/tier.ts';
import type { TierHit } from './tiers/tiers.ts';

/**
 * The cache behind a `CacheManager` and its namespaces, which only put their prefix before the keys.
 * Methods on whose hits programs wait are plain functions: a hit in a store that answers at once
 * costs one settled promise.
 */
export class CacheEngine {
  readonly #settings: CacheManagerSettings;
  readonly #parts: CacheParts;
  // Parts that a hit needs, so that it finds them at once.
  readonly #recorder: Recorder;
  readonly #first: Tier;
  readonly #loads: Loads;
  readonly #probe: ChangeProbe | undefined;
  /** Whether every hit is looked at for an early refresh. */
  readonly #refreshesEarly: boolean;
  /** Whether the first tier measures deadlines in a way that no step of the clock moves. */
  readonly #keepsTime: boolean;
  readonly #purges: PurgeSchedule;
  #closing: Promise<void> | undefined;

  constructor(settings: CacheManagerSettings) {
    const { defaults } = settings;
    this.#settings = settings;
    this.#parts = createCacheParts(settings);
    this.#recorder = this.#parts.recorder;
    this.#first = this.#parts.tiers.first;
    this.#loads = this.#parts.loads;
    this.#probe = this.#parts.probe;
    this.#keepsTime = this.#first.inMemory;
    this.#refreshesEarly = defaults.refreshAfterRatio < 1 || defaults.xfetchBeta > 0;
    this.#purges = new PurgeSchedule(settings.clock, settings.cleanupIntervalMs, async (limit) =>
      Math.max(...(await this.#purge(limit))),
    );
  }

  get name(): string {
    return this.#settings.name;
  }

  get<V>(key: string): Promise<V | undefined> {
    try {
      this.#check(key);
      if (this.#probe !== undefined) {
        const asking = this.#probe.run();
        if (asking !== undefined) return asking.then(() => this.get<V>(key));
      }
      const found = this.#first.read(key);
      if (found === undefined && this.#parts.tiers.single) {
        this.#recorder.miss(key);
        return Promise.resolve(undefined);
      }
      const answer = found !== undefined && this.#keepsTime && KeptEntry.plainAnswer(found);
      if (!answer) return this.#parts.reads.get<V>(key, found);
      this.#recorder.plainHit(key, this.#first);
      return answer as Promise<V>;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  getOrSet<V>(
    key: string,
    ownKey: string,
    loader: Loader<V>,
    options: GetOrSetOptions<V> | undefined,
  ): Promise<V> {
    try {
      this.#check(key);
      if (typeof loader !== 'function') checkLoader(loader, options);
      if (options !== undefined) checkCall(options);
      if (this.#probe !== undefined) {
        const asking = this.#probe.run();
        if (asking !== undefined) {
          return asking.then(() => this.getOrSet(key, ownKey, loader, options));
        }
      }
      if (this.#loads.size > 0) {
        const flight = this.#loads.flightOf(key);
        if (flight !== undefined) {
          return this.#loads.join<V>(flight, this.#loads.call(key, ownKey, loader, options));
        }
      }
      const found = this.#first.read(key);
      if (found !== undefined && this.#keepsTime) {
        const mayBeDue =
          this.#refreshesEarly || (options !== undefined && mayRefreshEarly(options));
        const answer = mayBeDue ? undefined : KeptEntry.plainAnswer(found);
        if (answer !== undefined) {
          this.#recorder.plainHit(key, this.#first);
          return answer as Promise<V>;
        }
      }
      return this.#load(key, ownKey, loader, options, found);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** @param keys - the keys in the stores, with those that the caller wrote */
  async getOrSetMany<V>(
    keys: ReadonlyMap<string, string>,
    loader: ManyLoader<V>,
    options: GetOrSetOptions<V> | undefined,
  ): Promise<Map<string, V | undefined>> {
    for (const key of keys.keys()) this.#check(key);
    checkLoader(loader, options);
    if (options !== undefined) objectOption('options', options, '{ ttlMs }');
    const policy = resolveLoadPolicy(options, this.#settings.defaults);
    signalOption(options?.signal)?.throwIfAborted();
    const asking = this.#probe?.run();
    if (asking !== undefined) {
      await asking;
      this.#checkOpen();
    }
    return this.#parts.batches.getOrSet({ keys, loader, policy, signal: options?.signal });
  }

  async getEntry<V>(key: string): Promise<CacheEntry<V>> {
    this.#check(key);
    const asking = this.#probe?.run();
    if (asking !== undefined) await asking;
    return this.#parts.reads.getEntry(key, this.#first.read(key));
  }

  async getMany(keys: readonly string[]): Promise<Map<string, TierHit>> {
    for (const key of keys) this.#check(key);
    this.#checkOpen();
    const asking = this.#probe?.run();
    if (asking !== undefined) await asking;
    return this.#parts.reads.getMany(keys);
  }

  async has(key: string): Promise<boolean> {
    this.#check(key);
    const asking = this.#probe?.run();
    if (asking !== undefined) await asking;
    return this.#parts.tiers.has(key);
  }

  set(key: string, value: unknown, options: CacheSetOptions | undefined): Promise<void> {
    try {
      this.#check(key);
      if (options !== undefined) checkSetOptions(options);
      const entry = this.#entryOf(value, options);
      if (entry === undefined) return this.#parts.changes.delete([key]).then(() => undefined);
      const kept = this.#parts.changes.set(key, entry);
      return isThenable(kept) ? kept : Promise.resolve();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async setMany(
    values: readonly (readonly [string, unknown])[],
    options: CacheSetOptions | undefined,
  ): Promise<void> {
    if (options !== undefined) checkSetOptions(options);
    const entries: [string, Entry][] = [];
    for (const [key, value] of values) {
      this.#check(key);
      const entry = this.#entryOf(value, options);
      if (entry !== undefined) entries.push([key, entry]);
    }
    const { changes } = this.#parts;
    if (entries.length > 0) await changes.setMany(entries);
    else if (values.length > 0) await changes.delete(values.map(([key]) => key));
  }

  async delete(keys: readonly string[]): Promise<number> {
    this.#checkOpen();
    for (const key of keys) checkKey(key);
    return keys.length === 0 ? 0 : this.#parts.changes.delete(keys);
  }

  /** Removes the keys that begin with `prefix`; `''` stands for all. */
  async clear(prefix: string): Promise<void> {
    this.#checkOpen();
    const { changes } = this.#parts;
    if (prefix === '') await changes.clear();
    else await changes.invalidate({ pattern: compilePatternWithin(prefix, '*') });
  }

  /** @param prefix - what a pattern's matches begin with beside; tags belong to the whole cache */
  async invalidate(prefix: string, target: CacheInvalidation): Promise<number | undefined> {
    this.#checkOpen();
    const { pattern, tags } = objectOption('target', target, '{ tags }');
    if ((pattern === undefined) === (tags === undefined)) {
      throw new TypeError('invalidate takes either a pattern or tags');
    }
    const { changes } = this.#parts;
    if (tags === undefined) {
      return changes.invalidate({ pattern: compilePatternWithin(prefix, pattern) });
    }
    checkTags(tags);
    return tags.length === 0 ? 0 : changes.invalidate({ tags });
  }

  keys(prefix: string, glob: string | undefined): AsyncIterableIterator<string> {
    this.#checkOpen();
    const pattern = glob === undefined ? undefined : compilePatternWithin(prefix, glob);
    return listKeys(this.#parts.tiers, pattern?.literalPrefix ?? prefix, pattern);
  }

  async purgeExpired(limit: number): Promise<number> {
    this.#checkOpen();
    const removed = await this.#purge(limit);
    return removed.reduce((sum, count) => sum + count, 0);
  }

  async stats(): Promise<CacheStats> {
    this.#checkOpen();
    return readStats(this.#parts.tiers, this.#recorder);
  }

  async info(): Promise<CacheInfo> {
    this.#checkOpen();
    const { name, defaults, cleanupIntervalMs, throwOnStoreError } = this.#settings;
    const loading = this.#loads.size;
    const held = await readTierStats(this.#parts.tiers);
    const tiers = held.map(({ tier, entries, bytes }) => ({ tier, entries, bytes }));
    return { name, ttlMs: defaults.ttlMs, cleanupIntervalMs, throwOnStoreError, loading, tiers };
  }

  /** What is known without asking a store. */
  facts(): object {
    const { hits, misses } = this.#recorder;
    return {
      name: this.#settings.name,
      tiers: this.#parts.tiers.all.map((tier) => tier.name),
      ttlMs: this.#settings.defaults.ttlMs,
      hits,
      misses,
      loading: this.#loads.size,
      closed: this.#closing !== undefined,
    };
  }

  on<Name extends keyof CacheEvents>(
    name: Name,
    listener: Listener<CacheEvents[Name]>,
  ): Disposable {
    return this.#recorder.on(name, listener);
  }

  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const closed = this.#closedError();
    this.#purges[Symbol.dispose]();
    if (timeoutMs > 0) await this.#loads.idle(timeoutMs);
    this.#loads.close(closed);
    this.#parts.gauges[Symbol.dispose]();
    const { all } = this.#parts.tiers;
    const flushes = await Promise.allSettled(all.map((tier) => tier.flush()));
    const failures: unknown[] = flushes.flatMap((flush) =>
      flush.status === 'rejected' ? [flush.reason] : [],
    );
    if (this.#settings.closeStores) {
      const ends = await Promise.all(all.map((tier) => tier.close()));
      failures.push(...ends.filter((end) => end !== undefined));
    }
    for (const tier of all) tier.stopWaiting(closed);
    this.#recorder.stopListening();
    const [failure] = failures;
    if (failure !== undefined) throw failure as Error;
  }

  /** What a hit at once is not: apart, so that the way of a hit stays short. */
  #load<V>(
    key: string,
    ownKey: string,
    loader: Loader<V>,
    options: GetOrSetOptions<V> | undefined,
    found: Entry | Promise<Entry | undefined> | undefined,
  ): Promise<V> {
    const call = this.#loads.call(key, ownKey, loader, options);
    if (found !== undefined && !isThenable(found)) {
      const served = this.#loads.serve({ entry: found, tier: this.#first }, call);
      if (served !== undefined) return served;
    }
    return this.#loads.start(call, found);
  }

  /** `undefined` for a ttl of 0, which keeps nothing. */
  #entryOf(value: unknown, options: CacheSetOptions | undefined): Entry | undefined {
    const { clock, defaults } = this.#settings;
    const ttlMs = checkTtl(options?.ttlMs, defaults.ttlMs);
    checkTags(options?.tags);
    const windows = checkWindows(options ?? {}, defaults);
    if (ttlMs === 0) return undefined;
    return makeEntry(value, clock.now(), {
      ttlMs: this.#parts.results.jittered(ttlMs, defaults.ttlJitterRatio),
      ...windows,
      tags: options?.tags,
    });
  }

  #purge(limit: number): Promise<number[]> {
    return Promise.all(this.#parts.tiers.all.map((tier) => tier.purge(limit)));
  }

  #check(key: string): void {
    if (this.#closing !== undefined) throw this.#closedError();
    if (typeof key !== 'string') checkKey(key);
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw this.#closedError();
  }

  #closedError(): ClosedError {
    return new ClosedError(`cache "${this.#settings.name}"`);
  }
}

/** What must be right also for a hit; the rest is checked when it is needed. */
function checkCall<V>(options: GetOrSetOptions<V>): void {
  objectOption('options', options, '{ ttlMs }');
  const { ttlMs, tags, signal } = options;
  if (ttlMs !== undefined && typeof ttlMs !== 'function') checkTtl(ttlMs, 0);
  if (tags !== undefined) checkTags(tags);
  if (signal !== undefined) signalOption(signal)?.throwIfAborted();
}

function mayRefreshEarly<V>(options: GetOrSetOptions<V>): boolean {
  return options.refreshAfterRatio !== undefined || options.xfetchBeta !== undefined;
}
