import {
  type Awaitable,
  type CircuitState,
  type Entry,
  isThenable,
  type Store,
} from '@x/interfaces';
import type { CacheStoreError, StoreOperation } from '../../errors/cache-store-error.ts';
import { MemoryStore } from '../../memory-store.ts';
import { CallDeadlines } from './call-deadlines.ts';
import type { Change } from '../changes/change.ts';
import { isFresh } from '../reads/freshness.ts';
import { MissedChanges } from '../changes/missed-changes.ts';
import { CacheStoreTimeoutError } from '../../errors/cache-store-timeout-error.ts';
import { type TierAnswer, TierChanges } from './tier-changes.ts';
import { type TierContext, TierHealth } from './tier-health.ts';
import type { TierSettings } from './tier-options.ts';

/**
 * One store of a cache. It is asked for no longer than `storeTimeoutMs`, left alone while it keeps
 * failing, and serves nothing that a change it missed affects before it has made up for it.
 */
export class Tier {
  readonly store: Store;
  /** In memory nothing is ever down, and deadlines are measured in a way that no step of the clock moves. */
  readonly inMemory: boolean;
  hits = 0;
  misses = 0;
  readonly #context: TierContext;
  readonly #missed = new MissedChanges();
  readonly #health: TierHealth;
  readonly #deadlines: CallDeadlines;
  readonly #changes: TierChanges;

  constructor(tier: TierSettings, context: TierContext) {
    const { store, ttlMs, storeTimeoutMs } = tier;
    this.store = store;
    this.inMemory = store instanceof MemoryStore;
    this.#context = context;
    this.#health = new TierHealth(
      { name: store.name, inMemory: this.inMemory },
      this.#missed,
      context,
    );
    this.#deadlines = new CallDeadlines(
      context.clock,
      storeTimeoutMs,
      () => new CacheStoreTimeoutError(store.name, storeTimeoutMs),
    );
    this.#changes = new TierChanges({
      store,
      ttlMs,
      deadlines: this.#deadlines,
      health: this.#health,
      missed: this.#missed,
      context,
    });
  }

  get name(): string {
    return this.store.name;
  }

  get circuit(): CircuitState {
    return this.#health.circuit;
  }

  get errors(): number {
    return this.#health.errors;
  }

  /** Changes that the store has still to make up for. */
  get missedChanges(): number {
    return this.#missed.size;
  }

  /** Whether `entry` of this tier is fresh; reads the clock only where the answer depends on it. */
  isFresh(entry: Entry): boolean {
    const { staleAt, expiresAt } = entry;
    // No store answers an entry past its `expiresAt`.
    const endsFresh = staleAt === undefined || staleAt >= (expiresAt ?? NaN);
    return (this.inMemory && endsFresh) || isFresh(entry, this.#context.clock.now());
  }

  /** The entry at `key`, fresh or stale, at once where the store answers at once. */
  read(key: string): Awaitable<Entry | undefined> {
    if (this.#health.troubled && !this.#mayRead(key)) return this.#count(undefined);
    const mark = this.#health.troubled ? this.#changes.markTags() : undefined;
    let answer: Awaitable<Entry | undefined>;
    try {
      answer = this.store.get(key);
    } catch (error) {
      this.#health.failedRead('get', key, error);
      return this.#count(undefined);
    }
    if (isThenable(answer)) return this.#readLater(key, answer, mark);
    if (!this.#health.troubled) return this.#count(answer);
    this.#health.succeeded();
    return this.#count(this.#visible(key, answer, undefined));
  }

  /** The entries at `keys`, `undefined` where there is none. */
  async readMany(keys: readonly string[]): Promise<(Entry | undefined)[]> {
    const mark = this.#health.troubled ? this.#changes.markTags() : undefined;
    const hidden = this.#health.troubled
      ? new Set(keys.filter((key) => this.#changes.hides(key, undefined)))
      : undefined;
    const entries = await this.attempt('getMany', undefined, (store) => store.getMany(keys));
    return keys.map((key, index) => {
      const entry = hidden?.has(key) ? undefined : entries?.[index];
      return this.#count(this.#visible(key, entry, mark));
    });
  }

  /** What a call that changes nothing answers, or `undefined` when it failed and that was recorded. */
  async attempt<T>(
    operation: StoreOperation,
    key: string | undefined,
    call: (store: Store) => Awaitable<T>,
  ): Promise<T | undefined> {
    if (!this.#health.mayCall(operation, key)) return undefined;
    try {
      const answer = call(this.store);
      const value = isThenable(answer) ? await this.#deadlines.within(answer) : answer;
      this.#health.succeeded();
      return value;
    } catch (error) {
      this.#health.failedRead(operation, key, error);
      return undefined;
    }
  }

  /** As {@link attempt}, at once where the store answers at once, and never throwing or rejecting. */
  ask<T>(
    operation: StoreOperation,
    call: (store: Store) => Awaitable<T>,
  ): Awaitable<T | undefined> {
    if (!this.#health.mayPass()) return undefined;
    try {
      const answer = call(this.store);
      if (isThenable(answer)) return this.#askLater(operation, this.#deadlines.within(answer));
      this.#health.succeeded();
      return answer;
    } catch (error) {
      this.#health.failed(operation, undefined, error);
      return undefined;
    }
  }

  /** Makes a change, at once where the store does. Never throws or rejects. */
  change(change: Change): Awaitable<TierAnswer> {
    return this.#changes.make(change);
  }

  /** Offers copies of what another tier has. Nobody waits for it, and nothing is missed by failing. */
  async offer(entries: readonly (readonly [string, Entry])[]): Promise<void> {
    return this.#changes.offer(entries);
  }

  /** Whether the store missed a change that concerns `key`. */
  isOutdated(key: string): boolean {
    return this.#changes.isOutdated(key);
  }

  /** Makes up for what was missed, if it can now. @throws CacheStoreError when it cannot */
  async flush(): Promise<void> {
    return this.#changes.flush();
  }

  /** Removes expired entries, waiting as long as that takes; answers how many. Never rejects. */
  async purge(limit: number): Promise<number> {
    if (!this.#health.mayPass()) return 0;
    try {
      const removed = await this.store.purgeExpired({ limit });
      this.#health.succeeded();
      return removed;
    } catch (error) {
      this.#health.failed('purgeExpired', undefined, error);
      return 0;
    }
  }

  /** Closes the store, waiting as long as that takes. Answers what went wrong. */
  async close(): Promise<CacheStoreError | undefined> {
    try {
      await this.store.close();
    } catch (error) {
      return this.#health.failed('close', undefined, error);
    }
  }

  /** Ends every wait for the store with `error`. */
  stopWaiting(error: Error): void {
    this.#deadlines.close(error);
  }

  async #askLater<T>(operation: StoreOperation, answer: Promise<T>): Promise<T | undefined> {
    try {
      const value = await answer;
      this.#health.succeeded();
      return value;
    } catch (error) {
      this.#health.failed(operation, undefined, error);
      return undefined;
    }
  }

  async #readLater(
    key: string,
    answer: Promise<Entry | undefined>,
    mark: number | undefined,
  ): Promise<Entry | undefined> {
    try {
      const entry = await this.#deadlines.within(answer);
      if (this.#health.troubled) this.#health.succeeded();
      return this.#count(this.#visible(key, entry, mark));
    } catch (error) {
      this.#health.failedRead('get', key, error);
      return this.#count(undefined);
    }
  }

  /** @param mark - what {@link TierChanges.markTags} said when the read began */
  #visible(key: string, entry: Entry | undefined, mark: number | undefined): Entry | undefined {
    const isOld = mark !== undefined && this.#changes.overtook(mark, entry?.tags);
    return isOld || this.#changes.hides(key, entry?.tags) ? undefined : entry;
  }

  #count(entry: Entry | undefined): Entry | undefined {
    if (entry === undefined) this.misses++;
    else this.hits++;
    return entry;
  }

  #mayRead(key: string): boolean {
    return !this.#changes.hides(key, undefined) && this.#health.mayCall('get', key);
  }
}
