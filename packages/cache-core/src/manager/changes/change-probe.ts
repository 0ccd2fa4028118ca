import { type Awaitable, isThenable, type StoreChanges } from '@x/interfaces';
import type { Change } from './change.ts';
import { atEndOfTurn } from '../event-loop.ts';
import { together } from '../tiers/together.ts';
import type { PendingWrites } from './pending-writes.ts';
import type { Tier } from '../tiers/tier.ts';
import type { Tiers } from '../tiers/tiers.ts';

/** One lower tier that tells what others changed, and where it was asked last. */
interface Watched {
  readonly tier: Tier;
  readonly above: readonly Tier[];
  cursor: number | undefined;
}

/**
 * Drops from upper tiers what other processes changed in a lower one. Asks at most once per turn of
 * the event loop: that is how long a change of another process may stay unseen.
 */
export class ChangeProbe {
  readonly #watched: readonly Watched[];
  readonly #pending: PendingWrites;
  #isDone = false;
  #running: Promise<void> | undefined;

  constructor(tiers: Tiers, pending: PendingWrites) {
    this.#pending = pending;
    this.#watched = tiers.all.flatMap((tier, index) =>
      index > 0 && tier.store.changesSince !== undefined && tier.store.mark !== undefined
        ? [{ tier, above: tiers.all.slice(0, index), cursor: undefined }]
        : [],
    );
  }

  /** Whether there is any store to ask. */
  get any(): boolean {
    return this.#watched.length > 0;
  }

  /** Asks, unless it did in this turn. `undefined` when there is nothing to wait for. */
  run(): Promise<void> | undefined {
    if (this.#isDone) return this.#running;
    this.#isDone = true;
    atEndOfTurn(this.#endTurn).unref();
    let late: Promise<void>[] | undefined;
    for (const watched of this.#watched) {
      const answer = this.#ask(watched);
      if (isThenable(answer)) (late ??= []).push(answer);
    }
    if (late === undefined) return undefined;
    this.#running = this.#wait(late);
    return this.#running;
  }

  readonly #endTurn = (): void => {
    this.#isDone = this.#running !== undefined;
  };

  async #wait(answers: readonly Promise<void>[]): Promise<void> {
    await Promise.all(answers);
    this.#running = undefined;
    this.#isDone = false;
  }

  #ask(watched: Watched): Awaitable<void> {
    const { tier, cursor } = watched;
    if (cursor === undefined) {
      const mark = tier.ask('mark', (store) => store.mark?.());
      return isThenable(mark)
        ? mark.then((position) => this.#begin(watched, position))
        : this.#begin(watched, mark);
    }
    const changes = tier.ask('changesSince', (store) => store.changesSince?.(cursor));
    return isThenable(changes)
      ? changes.then((found) => this.#drop(watched, found))
      : this.#drop(watched, changes);
  }

  #begin(watched: Watched, mark: number | undefined): Awaitable<void> {
    // What is above may be from before, and it is not known what happened since.
    if (mark !== undefined) return this.#drop(watched, { cursor: mark, keys: 'all' });
  }

  #drop(watched: Watched, changes: StoreChanges | undefined): Awaitable<void> {
    if (changes === undefined) return;
    watched.cursor = changes.cursor;
    const { keys } = changes;
    if (keys.length === 0) return;
    const isAll = keys === 'all';
    this.#pending.overtakeBusy(isAll ? { matches: () => true } : { keys });
    const change: Change = isAll ? { operation: 'clear' } : { operation: 'deleteMany', keys };
    const answers = together(watched.above.map((tier) => tier.change(change)));
    if (isThenable(answers)) return answers.then(() => undefined);
  }
}
