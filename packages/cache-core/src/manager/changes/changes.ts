import { type Awaitable, type Entry, type InvalidationTarget, isThenable } from '@x/interfaces';
import type { Change } from './change.ts';
import { shareTag } from '../checks.ts';
import type { ChangeScope, PendingWrite, PendingWrites } from './pending-writes.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { TierAnswer } from '../tiers/tier-changes.ts';
import type { Tiers } from '../tiers/tiers.ts';

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
  set(key: string, entry: Entry): Awaitable<void> {
    return this.#change({ keys: [key] }, { operation: 'set', key, entry }, (answers) => {
      throwIfAllFailed(answers);
      this.#recorder.kept(key, entry.expiresAt);
    });
  }

  /** @throws CacheStoreError when no tier kept the entries */
  async setMany(entries: readonly (readonly [string, Entry])[]): Promise<void> {
    const keys = entries.map(([key]) => key);
    await this.#change({ keys }, { operation: 'setMany', entries }, throwIfAllFailed);
    for (const [key, entry] of entries) this.#recorder.kept(key, entry.expiresAt);
  }

  /** Answers how many of `keys` the tier that had most of them had. */
  async delete(keys: readonly string[]): Promise<number> {
    const [key] = keys;
    const answers = await this.#change(
      { keys },
      key !== undefined && keys.length === 1
        ? { operation: 'delete', key }
        : { operation: 'deleteMany', keys },
      throwIfLost,
    );
    const removed = Math.max(0, ...answers.map((answer) => Number(answer.value ?? 0)));
    this.#recorder.deleted(keys, removed);
    return removed;
  }

  async clear(): Promise<void> {
    await this.#change({ matches: () => true }, { operation: 'clear' }, throwIfLost);
    this.#recorder.cleared();
  }

  async invalidate(target: InvalidationTarget): Promise<number | undefined> {
    const { pattern, tags } = target;
    const matches = (write: PendingWrite): boolean =>
      tags === undefined ? pattern.matches(write.key) : write.reading || shareTag(write.tags, tags);
    const answers = await this.#change(
      { matches },
      { operation: 'invalidate', target },
      throwIfLost,
    );
    const counts = answers.map((answer) => answer.value);
    const known = counts.filter((count) => typeof count === 'number');
    const count = known.length === counts.length ? Math.max(...known) : undefined;
    this.#recorder.invalidated({ pattern: pattern?.source, tags }, count);
    return count;
  }

  /** @param finish - makes the caller's answer of those of the tiers, or throws */
  #change<T>(
    scope: ChangeScope,
    change: Change,
    finish: (answers: TierAnswer[]) => T,
  ): Awaitable<T> {
    this.#pending.overtake(scope);
    const answers = this.#tiers.change(change);
    if (!isThenable(answers)) return finish(answers);
    const release = this.#pending.hold(scope);
    return answers.then((all) => {
      release();
      return finish(all);
    });
  }
}

/** An old value that stays in a tier which will not make up for it could come back. */
function throwIfLost(answers: TierAnswer[]): TierAnswer[] {
  for (const answer of answers) {
    if (answer.failure !== undefined && !answer.missed) throw answer.failure;
  }
  return answers;
}

function throwIfAllFailed(answers: readonly TierAnswer[]): void {
  const [first] = answers;
  if (first?.failure === undefined) return;
  if (answers.every((answer) => answer.failure !== undefined)) throw first.failure;
}
