import type { Clock } from '@x/interfaces';
import { scheduleInBackground } from '../background-task.ts';
import type { Sweep } from './sweep.ts';

/** Keys that are looked at in one turn of the event loop: a fraction of a millisecond. */
const keysPerTurn = 2_000;
/** With more unfinished sweeps than this, of which each read asks all, the oldest is carried out. */
const mostUnfinished = 8;

/**
 * Carries out invalidations: a small one at once, a large one in the background, so that neither the
 * invalidation nor any turn of the event loop takes long. What is covered meanwhile is out of sight.
 */
export class Sweeps {
  readonly #clock: Clock;
  readonly #remove: (key: string) => boolean;
  readonly #unfinished: Sweep[] = [];
  #timer: Disposable | undefined;

  /** @param remove - removes the entry at a key; `true` when there was one */
  constructor(clock: Clock, remove: (key: string) => boolean) {
    this.#clock = clock;
    this.#remove = remove;
  }

  /** Whether what is held at `key` is to be removed. */
  covers(key: string): boolean {
    return this.#unfinished.length > 0 && this.#unfinished.some((sweep) => sweep.covers(key));
  }

  /** What is held at `key` was just written. */
  spare(key: string): void {
    for (const sweep of this.#unfinished) sweep.spare(key);
  }

  /** How many entries `sweep` removed; `undefined` when it goes on in the background. */
  start(sweep: Sweep): number | undefined {
    const count = this.#advance(sweep, keysPerTurn);
    if (count !== undefined) return count;
    const oldest = this.#unfinished.length === mostUnfinished && this.#unfinished.shift();
    if (oldest) this.#advance(oldest, Infinity);
    this.#unfinished.push(sweep);
    this.#timer ??= this.#schedule();
    return undefined;
  }

  clear(): void {
    this.#unfinished.length = 0;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #schedule(): Disposable {
    return scheduleInBackground(this.#clock, this, (sweeps) => sweeps.#continue(), 0);
  }

  #continue(): void {
    const sweep = this.#unfinished[0] as Sweep;
    if (this.#advance(sweep, keysPerTurn) !== undefined) this.#unfinished.shift();
    this.#timer = this.#unfinished.length > 0 ? this.#schedule() : undefined;
  }

  /** When `sweep` is through: how many entries left that were not out of sight before it. */
  #advance(sweep: Sweep, limit: number): number | undefined {
    let removed = 0;
    for (let looked = 0; looked < limit; looked++) {
      const { done, value: key } = sweep.candidates.next();
      if (done === true) return removed;
      if (!sweep.covers(key)) continue;
      const wasInSight = !this.covers(key);
      if (this.#remove(key) && wasInSight) removed++;
    }
    return undefined;
  }
}
