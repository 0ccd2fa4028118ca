import type { Awaitable, CircuitState, Clock, Entry, Store } from '@x/interfaces';
import { CacheStoreError, type StoreOperation } from '../cache-store-error.ts';
import { MemoryStore } from '../memory-store.ts';
import { Breaker } from './breaker.ts';
import { CallDeadlines } from './call-deadlines.ts';
import { applyChange, type Change, keyOf, withoutValue } from './change.ts';
import { isFresh } from './freshness.ts';
import { isPromise } from './is-promise.ts';
import { entryFor } from './kept-entry.ts';
import { MissedChanges } from './missed-changes.ts';
import type { Recorder } from './recorder.ts';
import { Recovery } from './recovery.ts';
import { StoreRestingError, StoreTimeoutError } from './store-call-errors.ts';
import { isClosed, isRefusal } from './store-failures.ts';
import type { ResolvedTier } from './tier-options.ts';

/** What one tier answered to a change. */
export type TierAnswer =
  | { readonly value: unknown; readonly failure?: undefined }
  | {
      readonly failure: CacheStoreError;
      /** Whether the tier will make up for it, and serves nothing that it affects until then. */
      readonly missed: boolean;
      readonly value?: undefined;
    };

/** What the tiers of one cache have in common. */
export interface TierContext {
  readonly cache: string;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly throwOnStoreError: boolean;
}

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
  errors = 0;
  readonly #context: TierContext;
  readonly #ttlMs: number;
  readonly #breaker: Breaker;
  readonly #deadlines: CallDeadlines;
  readonly #missed = new MissedChanges();
  readonly #recovery: Recovery;
  #lastError: unknown;
  /** How many changes the tier was asked for: the number of the last one. */
  #lastChange = 0;
  /** One boolean keeps all that follows from failures off the path of a healthy store. */
  #troubled = false;

  constructor(tier: ResolvedTier, context: TierContext) {
    const { store, ttlMs, storeTimeoutMs } = tier;
    const { clock, recorder } = context;
    this.store = store;
    this.inMemory = store instanceof MemoryStore;
    this.#context = context;
    this.#ttlMs = ttlMs;
    this.#breaker = new Breaker(clock);
    this.#deadlines = new CallDeadlines(
      clock,
      storeTimeoutMs,
      () => new StoreTimeoutError(store.name, storeTimeoutMs),
    );
    this.#recovery = new Recovery({
      clock,
      missed: this.#missed,
      breaker: this.#breaker,
      make: async (change) => this.#make(change),
      refuses: (change, error) => this.#refuses(change.operation, error),
      failed: (change, error) => this.#fail(change.operation, keyOf(change), error),
      recovered: (count) => {
        this.#succeeded();
        recorder.recovered(store.name, count);
      },
    });
  }

  get name(): string {
    return this.store.name;
  }

  get circuit(): CircuitState {
    return this.#breaker.state;
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
    if (this.#troubled && !this.#mayRead(key)) return this.#count(undefined);
    let answer: Awaitable<Entry | undefined>;
    try {
      answer = this.store.get(key);
    } catch (error) {
      this.#failRead('get', key, error);
      return this.#count(undefined);
    }
    if (isPromise(answer)) return this.#readLater(key, answer);
    return this.#count(this.#troubled ? this.#arrived(key, answer) : answer);
  }

  /** The entries at `keys`, `undefined` where there is none. */
  async readMany(keys: readonly string[]): Promise<(Entry | undefined)[]> {
    const entries = await this.attempt('getMany', undefined, (store) => store.getMany(keys));
    return keys.map((key, index) => {
      const entry = entries?.[index];
      return this.#count(this.#troubled ? this.#visible(key, entry) : entry);
    });
  }

  /** What a call that changes nothing answers, or `undefined` when it failed and that was recorded. */
  async attempt<T>(
    operation: StoreOperation,
    key: string | undefined,
    call: (store: Store) => Awaitable<T>,
  ): Promise<T | undefined> {
    if (this.#troubled && !this.#mayCall(operation, key)) return undefined;
    try {
      const answer = call(this.store);
      const value = isPromise(answer) ? await this.#deadlines.within(answer) : answer;
      this.#succeeded();
      return value;
    } catch (error) {
      this.#failRead(operation, key, error);
      return undefined;
    }
  }

  /** As {@link attempt}, at once where the store answers at once, and never throwing or rejecting. */
  ask<T>(
    operation: StoreOperation,
    call: (store: Store) => Awaitable<T>,
  ): Awaitable<T | undefined> {
    if (this.#troubled && !this.#breaker.tryPass()) return undefined;
    try {
      const answer = call(this.store);
      if (isPromise(answer)) return this.#askLater(operation, this.#deadlines.within(answer));
      this.#succeeded();
      return answer;
    } catch (error) {
      this.#fail(operation, undefined, error);
      return undefined;
    }
  }

  /** Makes a change, at once where the store does. Never throws or rejects. */
  change(change: Change): Awaitable<TierAnswer> {
    const order = ++this.#lastChange;
    if (this.#missed.size > 0) return this.#changeBehind(change);
    if (this.#troubled && !this.#breaker.tryPass())
      return this.#miss(change, this.#resting(change));
    try {
      const answer = this.#make(change);
      if (isPromise(answer)) return this.#changeLater(change, order, answer);
      this.#succeeded();
      return { value: answer };
    } catch (error) {
      return this.#failChange(change, order, error);
    }
  }

  /** Offers copies of what another tier has. Nobody waits for it, and nothing is missed by failing. */
  async offer(entries: readonly (readonly [string, Entry])[]): Promise<void> {
    if (this.#missed.size > 0) return;
    if (this.#troubled && !this.#breaker.tryPass()) return;
    try {
      await this.#make({ operation: 'setMany', entries });
      this.#succeeded();
    } catch (error) {
      this.#fail('setMany', undefined, error);
    }
  }

  /** Whether the store missed a change that concerns `key`. */
  isOutdated(key: string): boolean {
    return this.#missed.size > 0 && this.#missed.affects(key, undefined);
  }

  /** Makes up for what was missed, if it can now. @throws CacheStoreError when it cannot */
  async flush(): Promise<void> {
    this.#recovery[Symbol.dispose]();
    if (this.#missed.size === 0) return;
    await this.#recovery.run('now');
    if (this.#missed.size === 0) return;
    throw this.#errorOf('close', undefined, this.#lastError);
  }

  /** Removes expired entries, waiting as long as that takes; answers how many. Never rejects. */
  async purge(limit: number | undefined): Promise<number> {
    if (this.#troubled && !this.#breaker.tryPass()) return 0;
    try {
      const removed = await this.store.purgeExpired({ limit });
      this.#succeeded();
      return removed;
    } catch (error) {
      this.#fail('purgeExpired', undefined, error);
      return 0;
    }
  }

  /** Closes the store, waiting as long as that takes. Answers what went wrong. */
  async close(): Promise<CacheStoreError | undefined> {
    try {
      await this.store.close();
    } catch (error) {
      return this.#fail('close', undefined, error);
    }
  }

  /** Ends every wait for the store with `error`. */
  stopWaiting(error: Error): void {
    this.#deadlines.close(error);
  }

  async #askLater<T>(operation: StoreOperation, answer: Promise<T>): Promise<T | undefined> {
    try {
      const value = await answer;
      this.#succeeded();
      return value;
    } catch (error) {
      this.#fail(operation, undefined, error);
      return undefined;
    }
  }

  #make(change: Change): Awaitable<unknown> {
    const answer = applyChange(this.store, change, (entry) =>
      entryFor(entry, this.#context.clock, this.#ttlMs),
    );
    return isPromise(answer) ? this.#makeInTime(change, answer) : answer;
  }

  async #makeInTime(change: Change, answer: Promise<unknown>): Promise<unknown> {
    try {
      return await this.#deadlines.within(answer);
    } catch (error) {
      if (error instanceof StoreTimeoutError) {
        answer.then(
          () => this.#madeLate(change),
          () => {},
        );
      }
      throw error;
    }
  }

  /** A slow store did it after all: it need not do it again, as a long one could never end in time. */
  #madeLate(change: Change): void {
    if (this.#missed.size === 0) return;
    this.#missed.remove(change);
    if (this.#missed.size > 0) return;
    this.#succeeded();
    this.#context.recorder.recovered(this.name, 1);
  }

  async #changeLater(change: Change, order: number, answer: Promise<unknown>): Promise<TierAnswer> {
    try {
      const value = await answer;
      this.#succeeded();
      return { value };
    } catch (error) {
      return this.#failChange(change, order, error);
    }
  }

  /** After what was missed before: each store sees changes in the order in which they were made. */
  async #changeBehind(change: Change): Promise<TierAnswer> {
    this.#missed.add(change);
    await this.#recovery.run();
    if (this.#missed.size === 0) return { value: undefined };
    this.#dropMissedValues();
    const failure = this.#errorOf(change.operation, keyOf(change), this.#lastError);
    return { failure, missed: true };
  }

  #failChange(change: Change, order: number, error: unknown): Awaitable<TierAnswer> {
    const failure = this.#fail(change.operation, keyOf(change), error);
    if (isClosed(error)) return { failure, missed: false };
    // What was changed meanwhile may be newer than this value, so that it must not be made again.
    const isOvertaken = order !== this.#lastChange;
    if (isOvertaken) return this.#miss(withoutValue(change), failure);
    if (!this.#refuses(change.operation, error)) return this.#miss(change, failure);
    if (change.operation === 'set') return this.#dropInstead(change.key, failure);
    if (change.operation === 'setMany') return this.#setEach(change.entries);
    return this.#miss(change, failure);
  }

  #miss(change: Change, failure: CacheStoreError): TierAnswer {
    this.#missed.add(change);
    this.#dropMissedValues();
    this.#troubled = true;
    this.#recovery.schedule();
    return { failure, missed: true };
  }

  /**
   * A store that several processes change may have a newer value than the one it missed, so that it
   * makes up for that by removing what is there.
   */
  #dropMissedValues(): void {
    if (this.store.mark !== undefined) this.#missed.dropValues();
  }

  /** A value that the store does not take must not leave the older one there either. */
  async #dropInstead(key: string, failure: CacheStoreError): Promise<TierAnswer> {
    await this.change({ operation: 'delete', key });
    return { failure, missed: true };
  }

  async #setEach(entries: readonly (readonly [string, Entry])[]): Promise<TierAnswer> {
    const answers = await Promise.all(
      entries.map(async ([key, entry]) => this.change({ operation: 'set', key, entry })),
    );
    return answers.find((answer) => answer.failure !== undefined) ?? { value: undefined };
  }

  /** Whether it was the value that could not be kept. */
  #refuses(operation: StoreOperation, error: unknown): boolean {
    const isSet = operation === 'set' || operation === 'setMany';
    return isSet && (this.inMemory || isRefusal(error));
  }

  async #readLater(key: string, answer: Promise<Entry | undefined>): Promise<Entry | undefined> {
    try {
      const entry = await this.#deadlines.within(answer);
      return this.#count(this.#troubled ? this.#arrived(key, entry) : entry);
    } catch (error) {
      this.#failRead('get', key, error);
      return this.#count(undefined);
    }
  }

  #arrived(key: string, entry: Entry | undefined): Entry | undefined {
    this.#succeeded();
    return this.#visible(key, entry);
  }

  #visible(key: string, entry: Entry | undefined): Entry | undefined {
    const isHidden = this.#missed.size > 0 && this.#missed.affects(key, entry?.tags);
    if (!isHidden) return entry;
    void this.#recovery.run();
    return undefined;
  }

  #count(entry: Entry | undefined): Entry | undefined {
    if (entry === undefined) this.misses++;
    else this.hits++;
    return entry;
  }

  #mayRead(key: string): boolean {
    if (this.isOutdated(key)) {
      void this.#recovery.run();
      return false;
    }
    return this.#mayCall('get', key);
  }

  #mayCall(operation: StoreOperation, key: string | undefined): boolean {
    if (this.#breaker.tryPass()) return true;
    if (!this.#context.throwOnStoreError) return false;
    throw this.#errorOf(operation, key, this.#restingError());
  }

  #resting(change: Change): CacheStoreError {
    return this.#errorOf(change.operation, keyOf(change), this.#restingError());
  }

  #restingError(): StoreRestingError {
    const retryAfterMs = Math.ceil(this.#breaker.retryAfterMs());
    return new StoreRestingError(this.name, retryAfterMs, { cause: this.#lastError });
  }

  #succeeded(): void {
    if (!this.#troubled) return;
    this.#breaker.succeeded();
    if (this.#missed.size > 0) return;
    this.#troubled = false;
  }

  #fail(operation: StoreOperation, key: string | undefined, error: unknown): CacheStoreError {
    this.errors++;
    this.#lastError = error;
    if (!this.#refuses(operation, error)) {
      this.#troubled = true;
      this.#breaker.failed();
    } else if (this.#troubled) {
      this.#breaker.succeeded();
    }
    this.#context.recorder.storeFailed({ operation, tier: this.name, key, error });
    return this.#errorOf(operation, key, error);
  }

  #errorOf(operation: StoreOperation, key: string | undefined, cause: unknown): CacheStoreError {
    return new CacheStoreError(this.#context.cache, { operation, tier: this.name, key }, { cause });
  }

  /** Throws where the cache was made so; else a read that failed counts as a miss. */
  #failRead(operation: StoreOperation, key: string | undefined, error: unknown): void {
    const failure = this.#fail(operation, key, error);
    if (this.#context.throwOnStoreError) throw failure;
  }
}
