import type { Clock } from '@x/interfaces';
import { scheduleInBackground } from '../../background-task.ts';
import type { TierRest } from '../tiers/tier-rest.ts';
import type { KeyChange, WideChange } from './change.ts';
import type { MissedChanges } from './missed-changes.ts';

/** Changes that a healthy store is given at once. */
const batchSize = 256;
const shortestPauseMs = 1_000;

type MissedChange = KeyChange | WideChange;

export interface RecoveryOptions {
  readonly clock: Clock;
  readonly missed: MissedChanges;
  readonly rest: TierRest;
  readonly make: (change: MissedChange) => Promise<unknown>;
  readonly failed: (change: MissedChange, error: unknown) => void;
  /** Whether it was the value that the store could not keep. */
  readonly refuses: (change: MissedChange, error: unknown) => boolean;
  /** Told when nothing is missed any more, and how many changes were made up for. */
  readonly recovered: (count: number) => void;
}

/** Has a store make up for the changes it missed: when it is called, and in the background. */
export class Recovery implements Disposable {
  readonly #options: RecoveryOptions;
  #running: Promise<void> | undefined;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** Tries, unless the store is resting and it need not be `'now'`. Never rejects. */
  run(when: 'now' | 'if awake' = 'if awake'): Promise<void> {
    this.#running ??= this.#run(when === 'now').finally(() => {
      this.#running = undefined;
      if (this.#options.missed.size > 0) this.schedule();
    });
    return this.#running;
  }

  /** Tries later, in the background. */
  schedule(): void {
    if (this.#disposed || this.#timer !== undefined) return;
    const { clock, rest } = this.#options;
    const delayMs = Math.max(shortestPauseMs, rest.retryAfterMs());
    this.#timer = scheduleInBackground(
      clock,
      this,
      (recovery) => {
        recovery.#timer = undefined;
        void recovery.run();
      },
      delayMs,
    );
  }

  /** Tries no more by itself. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  async #run(isForced: boolean): Promise<void> {
    const { missed, rest, recovered } = this.#options;
    let made = 0;
    while (missed.size > 0) {
      if (!rest.tryPass() && !isForced) return;
      const changes = missed.first(rest.calm ? batchSize : 1);
      made += await this.#make(changes);
      if (!rest.calm) return;
    }
    if (made > 0) recovered(made);
  }

  /**
   * Makes `changes` in order, all in one turn. What follows one that failed stays to be made again: it
   * may concern the same entries. Answers how many are done.
   */
  async #make(changes: readonly MissedChange[]): Promise<number> {
    const { make, missed, rest } = this.#options;
    const results = await Promise.allSettled(changes.map((change) => make(change)));
    for (const [index, result] of results.entries()) {
      const change = changes[index];
      if (change === undefined) break;
      if (result.status === 'rejected') {
        this.#fail(change, result.reason);
        return index;
      }
      missed.remove(change);
    }
    rest.succeeded();
    return changes.length;
  }

  #fail(change: MissedChange, error: unknown): void {
    const { failed, missed, refuses } = this.#options;
    // A value that the store refuses would stand in the way for ever.
    if (change.operation === 'set' && refuses(change, error)) {
      missed.replace(change, { operation: 'delete', key: change.key });
    }
    failed(change, error);
  }
}
