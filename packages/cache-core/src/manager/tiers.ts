import type { Awaitable, Clock, Entry, Store } from '@x/interfaces';
import { CacheStoreError, type StoreOperation } from '../cache-store-error.ts';
import { isPromise } from './is-promise.ts';
import type { PendingWrite, PendingWrites } from './pending-writes.ts';
import type { Recorder } from './recorder.ts';
import { Tier } from './tier.ts';

/** An entry and the tier that had it. */
export interface TierHit {
  readonly entry: Entry;
  readonly tier: Tier;
}

/** What one tier answered to a call that went to all of them. */
export type TierAnswer<T> =
  | { readonly value: T; readonly failure?: undefined }
  | { readonly failure: CacheStoreError; readonly value?: undefined };

export interface TiersOptions {
  readonly cache: string;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly pending: PendingWrites;
  readonly throwOnStoreError: boolean;
}

/**
 * The stores of a cache, asked from the first to the last. A call that changes something goes to all
 * of them in the same turn, so that each store sees changes in the order in which they were made.
 */
export class Tiers {
  readonly all: readonly Tier[];
  readonly first: Tier;
  readonly #lower: readonly Tier[];
  readonly #options: TiersOptions;

  constructor(stores: readonly [Store, ...Store[]], options: TiersOptions) {
    const [first, ...lower] = stores;
    this.first = new Tier(first, options.clock);
    this.#lower = lower.map((store) => new Tier(store, options.clock));
    this.all = [this.first, ...this.#lower];
    this.#options = options;
  }

  get single(): boolean {
    return this.#lower.length === 0;
  }

  /** The entry of the first tier, at once where that answers at once. */
  readFirst(key: string): Awaitable<Entry | undefined> {
    return this.#read(this.first, key);
  }

  /** The entry of the first lower tier that has one, which is then promoted to the tiers above. */
  async readLower(key: string, pending: PendingWrite): Promise<TierHit | undefined> {
    for (const [index, tier] of this.#lower.entries()) {
      const entry = await this.#read(tier, key);
      if (entry === undefined) continue;
      if (this.#options.pending.mayPromote(pending)) this.#promote(index + 1, [[key, entry]]);
      return { entry, tier };
    }
    return undefined;
  }

  /** The entries that were found, by key, in no particular order. */
  async readMany(keys: readonly string[]): Promise<Map<string, TierHit>> {
    const found = new Map<string, TierHit>();
    const pending = this.single ? [] : keys.map((key) => this.#options.pending.begin(key));
    try {
      for (const [index, tier] of this.all.entries()) {
        const missing = keys.filter((key) => !found.has(key));
        if (missing.length === 0) break;
        const entries = await this.#readManyOf(tier, missing);
        for (const [at, key] of missing.entries()) {
          const entry = tier.judge(entries[at]);
          if (entry !== undefined) found.set(key, { entry, tier });
        }
        if (index > 0) this.#promoteFound(index, found, pending);
      }
    } finally {
      for (const write of pending) this.#options.pending.end(write);
    }
    return found;
  }

  /** Whether a tier has a value to serve; counted nowhere. */
  async has(key: string): Promise<boolean> {
    for (const tier of this.all) {
      const entry = await this.attempt(tier, 'get', key, () => tier.store.get(key));
      if (entry !== undefined && tier.serves(entry)) return true;
    }
    return false;
  }

  /** Calls every store in this turn. Answers at once where all of them do, and never rejects. */
  call<T>(
    operation: StoreOperation,
    key: string | undefined,
    call: (store: Store) => Awaitable<T>,
  ): Awaitable<TierAnswer<T>[]> {
    const answers = this.all.map((tier): Awaitable<TierAnswer<T>> => {
      const failed = (error: unknown): TierAnswer<T> => ({
        failure: this.#fail(tier, operation, key, error),
      });
      try {
        const answer = call(tier.store);
        return isPromise(answer) ? answer.then((value) => ({ value }), failed) : { value: answer };
      } catch (error) {
        return failed(error);
      }
    });
    const later = answers.some((answer) => isPromise(answer));
    return later
      ? Promise.all(answers.map((answer) => Promise.resolve(answer)))
      : (answers as TierAnswer<T>[]);
  }

  #fail(
    tier: Tier,
    operation: StoreOperation,
    key: string | undefined,
    error: unknown,
  ): CacheStoreError {
    tier.errors++;
    const failure = { operation, tier: tier.name, key };
    this.#options.recorder.storeFailed({ ...failure, error });
    return new CacheStoreError(this.#options.cache, failure, { cause: error });
  }

  /** Throws where the cache was made so; else a read that failed counts as a miss. */
  #failRead(tier: Tier, operation: StoreOperation, key: string | undefined, error: unknown): void {
    const failure = this.#fail(tier, operation, key, error);
    if (this.#options.throwOnStoreError) throw failure;
  }

  /** What `read` answers, or `undefined` when it failed and that was recorded. */
  async attempt<T>(
    tier: Tier,
    operation: StoreOperation,
    key: string | undefined,
    read: () => Awaitable<T>,
  ): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      this.#failRead(tier, operation, key, error);
      return undefined;
    }
  }

  #read(tier: Tier, key: string): Awaitable<Entry | undefined> {
    let answer: Awaitable<Entry | undefined>;
    try {
      answer = tier.store.get(key);
    } catch (error) {
      this.#failRead(tier, 'get', key, error);
      return tier.judge(undefined);
    }
    return isPromise(answer) ? this.#judgeLater(tier, key, answer) : tier.judge(answer);
  }

  // Apart from #read, whose hits at once need no closure.
  async #judgeLater(
    tier: Tier,
    key: string,
    answer: Promise<Entry | undefined>,
  ): Promise<Entry | undefined> {
    return tier.judge(await this.attempt(tier, 'get', key, () => answer));
  }

  async #readManyOf(tier: Tier, keys: readonly string[]): Promise<(Entry | undefined)[]> {
    return (await this.attempt(tier, 'getMany', undefined, () => tier.store.getMany(keys))) ?? [];
  }

  #promoteFound(
    index: number,
    found: ReadonlyMap<string, TierHit>,
    pending: readonly PendingWrite[],
  ): void {
    const entries: [string, Entry][] = [];
    for (const write of pending) {
      const hit = found.get(write.key);
      const isHere = hit !== undefined && hit.tier === this.all[index];
      if (isHere && this.#options.pending.mayPromote(write)) entries.push([write.key, hit.entry]);
    }
    if (entries.length > 0) this.#promote(index, entries);
  }

  /** Nobody waits for a promotion: an upper tier that fails is recorded, no more. */
  #promote(below: number, entries: readonly (readonly [string, Entry])[]): void {
    for (const tier of this.all.slice(0, below)) {
      const set = async (): Promise<void> => tier.store.setMany(entries);
      set().catch((error: unknown) => this.#fail(tier, 'setMany', undefined, error));
    }
  }
}
