import { type Awaitable, type Entry, isThenable, type Store } from '@x/interfaces';
import type { CacheStoreError } from '../../errors/cache-store-error.ts';
import type { CallDeadlines } from './call-deadlines.ts';
import { applyChange, type Change, keyOf, withoutValue } from '../changes/change.ts';
import { entryFor } from '../reads/kept-entry.ts';
import type { MissedChanges } from '../changes/missed-changes.ts';
import { Recovery } from '../changes/recovery.ts';
import { isClosed } from './store-failures.ts';
import type { TierContext, TierHealth } from './tier-health.ts';

/** What one tier answered to a change. */
export type TierAnswer =
  | { readonly value: unknown; readonly failure?: undefined }
  | {
      readonly failure: CacheStoreError;
      /** Whether the tier will make up for it, and serves nothing that it affects until then. */
      readonly missed: boolean;
      readonly value?: undefined;
    };

/** What changes are made with. */
export interface TierChangesParts {
  readonly store: Store;
  readonly ttlMs: number;
  readonly deadlines: CallDeadlines;
  readonly health: TierHealth;
  readonly missed: MissedChanges;
  readonly context: TierContext;
}

/**
 * The changes of a tier's store. Each is made in its turn; one that the store misses is made up for, and
 * until then nothing that it affects is to be served.
 */
export class TierChanges {
  readonly #store: Store;
  readonly #ttlMs: number;
  readonly #deadlines: CallDeadlines;
  readonly #health: TierHealth;
  readonly #missed: MissedChanges;
  readonly #context: TierContext;
  readonly #recovery: Recovery;
  /** How many changes the tier was asked for: the number of the last one. */
  #lastChange = 0;

  constructor(parts: TierChangesParts) {
    const { store, health, missed, context } = parts;
    this.#store = store;
    this.#ttlMs = parts.ttlMs;
    this.#deadlines = parts.deadlines;
    this.#health = health;
    this.#missed = missed;
    this.#context = context;
    this.#recovery = new Recovery({
      clock: context.clock,
      missed,
      rest: health.rest,
      make: async (change) => this.#apply(change),
      refuses: (change, error) => health.refuses(change.operation, error),
      failed: (change, error) => health.failed(change.operation, keyOf(change), error),
      recovered: (count) => {
        health.succeeded();
        context.recorder.recovered(store.name, count);
      },
    });
  }

  /** Makes a change, at once where the store does. Never throws or rejects. */
  make(change: Change): Awaitable<TierAnswer> {
    const order = ++this.#lastChange;
    if (this.#missed.size > 0) return this.#changeBehind(change);
    if (!this.#health.mayPass()) {
      return this.#miss(change, this.#health.resting(change.operation, keyOf(change)));
    }
    try {
      const answer = this.#apply(change);
      if (isThenable(answer)) {
        return answer.then(this.#succeeded, (error: unknown) =>
          this.#failChange(change, order, error),
        );
      }
      return this.#succeeded(answer);
    } catch (error) {
      return this.#failChange(change, order, error);
    }
  }

  /** Offers copies of what another tier has. Nobody waits for it, and nothing is missed by failing. */
  async offer(entries: readonly (readonly [string, Entry])[]): Promise<void> {
    if (this.#missed.size > 0 || !this.#health.mayPass()) return;
    try {
      await this.#apply({ operation: 'setMany', entries });
      this.#health.succeeded();
    } catch (error) {
      this.#health.failed('setMany', undefined, error);
    }
  }

  /** Whether the store missed a change that concerns `key`. */
  isOutdated(key: string): boolean {
    return this.#missed.size > 0 && this.#missed.affects(key, undefined);
  }

  /** Whether a change that was missed hides an entry; if so it is made up for if it can be now. */
  hides(key: string, tags: readonly string[] | undefined): boolean {
    if (this.#missed.size === 0 || !this.#missed.affects(key, tags)) return false;
    void this.#recovery.run();
    return true;
  }

  /** For a read that begins now, see {@link overtook}. */
  markTags(): number | undefined {
    return this.#missed.size === 0 ? undefined : this.#missed.markTags();
  }

  /** Whether a read that began at `mark` may have found, under these tags, what was to be gone by then. */
  overtook(mark: number, tags: readonly string[] | undefined): boolean {
    return tags !== undefined && tags.length > 0 && this.#missed.madeUpTagsSince(mark);
  }

  /** Makes up for what was missed, if it can now. @throws CacheStoreError when it cannot */
  async flush(): Promise<void> {
    this.#recovery[Symbol.dispose]();
    if (this.#missed.size === 0) return;
    await this.#recovery.run('now');
    if (this.#missed.size === 0) return;
    throw this.#health.errorOf('close', undefined, this.#health.lastError);
  }

  #apply(change: Change): Awaitable<unknown> {
    const answer = applyChange(this.#store, change, this.#toKept);
    if (!isThenable(answer)) return answer;
    return this.#deadlines.within(answer, () => this.#madeLate(change));
  }

  /** A slow store did it after all: it need not do it again, as a long one could never end in time. */
  #madeLate(change: Change): void {
    if (this.#missed.size === 0) return;
    this.#missed.remove(change);
    if (this.#missed.size > 0) return;
    this.#health.succeeded();
    this.#context.recorder.recovered(this.#store.name, 1);
  }

  readonly #toKept = (entry: Entry): Entry => entryFor(entry, this.#context.clock, this.#ttlMs);

  readonly #succeeded = (value: unknown): TierAnswer => {
    this.#health.succeeded();
    return { value };
  };

  /** After what was missed before: each store sees changes in the order in which they were made. */
  async #changeBehind(change: Change): Promise<TierAnswer> {
    this.#missed.add(change);
    await this.#recovery.run();
    if (this.#missed.size === 0) return { value: undefined };
    this.#dropMissedValues();
    const failure = this.#health.errorOf(change.operation, keyOf(change), this.#health.lastError);
    return { failure, missed: true };
  }

  #failChange(change: Change, order: number, error: unknown): Awaitable<TierAnswer> {
    const failure = this.#health.failed(change.operation, keyOf(change), error);
    if (isClosed(error)) return { failure, missed: false };
    // What was changed meanwhile may be newer than this value, so that it must not be made again.
    const isOvertaken = order !== this.#lastChange;
    if (isOvertaken) return this.#miss(withoutValue(change), failure);
    if (!this.#health.refuses(change.operation, error)) return this.#miss(change, failure);
    if (change.operation === 'set') return this.#dropInstead(change.key, failure);
    if (change.operation === 'setMany') return this.#setEach(change.entries);
    return this.#miss(change, failure);
  }

  #miss(change: Change, failure: CacheStoreError): TierAnswer {
    this.#missed.add(change);
    this.#dropMissedValues();
    this.#health.missedChange();
    this.#recovery.schedule();
    return { failure, missed: true };
  }

  /**
   * A store that several processes change may have a newer value than the one it missed, so that it
   * makes up for that by removing what is there.
   */
  #dropMissedValues(): void {
    if (this.#store.mark !== undefined) this.#missed.dropValues();
  }

  /** A value that the store does not take must not leave the older one there either. */
  async #dropInstead(key: string, failure: CacheStoreError): Promise<TierAnswer> {
    await this.make({ operation: 'delete', key });
    return { failure, missed: true };
  }

  async #setEach(entries: readonly (readonly [string, Entry])[]): Promise<TierAnswer> {
    const answers = await Promise.all(
      entries.map(async ([key, entry]) => this.make({ operation: 'set', key, entry })),
    );
    return answers.find((answer) => answer.failure !== undefined) ?? { value: undefined };
  }
}
