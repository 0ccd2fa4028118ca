import type { Awaitable, Entry, InvalidationTarget, Store } from '@x/interfaces';
import type { StoreOperation } from '../cache-store-error.ts';
import { shareTag } from './checks.ts';
import { isPromise } from './is-promise.ts';
import type { ChangeScope, PendingWrite, PendingWrites } from './pending-writes.ts';
import type { Recorder } from './recorder.ts';
import type { TierAnswer, Tiers } from './tiers.ts';

type StoreCall<T> = (store: Store) => Awaitable<T>;

/** Changes that a user asked for: they go to every tier, and win over what began before them. */
export class Changes {
  readonly #tiers: Tiers;
  readonly #pending: PendingWrites;
  readonly #recorder: Recorder;

  constructor(tiers: Tiers, pending: PendingWrites, recorder: Recorder) {
    this.#tiers = tiers;
    this.#pending = pending;
    this.#recorder = recorder;
  }

  /** @throws CacheStoreError when no tier kept the entry */
  async set(key: string, entry: Entry): Promise<void> {
    const answers = await this.#change({ keys: [key] }, 'set', key, (store) =>
      store.set(key, entry),
    );
    throwIfAllFailed(answers);
    this.#recorder.kept(key, entry.expiresAt);
  }

  /** @throws CacheStoreError when no tier kept the entries */
  async setMany(entries: readonly (readonly [string, Entry])[]): Promise<void> {
    const keys = entries.map(([key]) => key);
    const answers = await this.#change({ keys }, 'setMany', undefined, (store) =>
      store.setMany(entries),
    );
    throwIfAllFailed(answers);
    for (const [key, entry] of entries) this.#recorder.kept(key, entry.expiresAt);
  }

  /** Answers how many of `keys` the tier that had most of them had. */
  async delete(keys: readonly string[]): Promise<number> {
    const [key] = keys;
    const answers: TierAnswer<boolean | number>[] =
      key !== undefined && keys.length === 1
        ? await this.#change({ keys }, 'delete', key, (store) => store.delete(key))
        : await this.#change({ keys }, 'deleteMany', undefined, (store) => store.deleteMany(keys));
    const removed = Math.max(...valuesOf(answers).map(Number));
    this.#recorder.deleted(keys, removed);
    return removed;
  }

  async clear(): Promise<void> {
    const scope = { matches: () => true };
    valuesOf(await this.#change(scope, 'clear', undefined, (store) => store.clear()));
    this.#recorder.cleared();
  }

  async invalidate(target: InvalidationTarget): Promise<number | undefined> {
    const { pattern, tags } = target;
    const matches = (write: PendingWrite): boolean =>
      tags === undefined ? pattern.matches(write.key) : write.reading || shareTag(write.tags, tags);
    const answers = await this.#change({ matches }, 'invalidate', undefined, (store) =>
      store.invalidate(target),
    );
    const counts = valuesOf(answers);
    const known = counts.filter((count) => count !== undefined);
    const count = known.length === counts.length ? Math.max(...known) : undefined;
    this.#recorder.invalidated({ pattern: pattern?.source, tags }, count);
    return count;
  }

  #change<T>(
    scope: ChangeScope,
    operation: StoreOperation,
    key: string | undefined,
    call: StoreCall<T>,
  ): Awaitable<TierAnswer<T>[]> {
    this.#pending.overtake(scope);
    const answers = this.#tiers.call(operation, key, call);
    return isPromise(answers) ? answers.finally(this.#pending.hold(scope)) : answers;
  }
}

/** What the tiers answered, if all did: an old value that stays in one of them could come back. */
function valuesOf<T>(answers: readonly TierAnswer<T>[]): T[] {
  return answers.map((answer) => {
    if (answer.failure !== undefined) throw answer.failure;
    return answer.value;
  });
}

function throwIfAllFailed(answers: readonly TierAnswer<unknown>[]): void {
  const failures = answers
    .map((answer) => answer.failure)
    .filter((failure) => failure !== undefined);
  const [failure] = failures;
  if (failure !== undefined && failures.length === answers.length) throw failure;
}
