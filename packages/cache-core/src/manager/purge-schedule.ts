import type { Clock } from '@x/interfaces';
import { scheduleInBackground } from '../background-task.ts';

/** Most entries that one slice of a purge removes before other work gets its turn. */
const sliceSize = 1_000;

/** Purges in slices, every `intervalMs`, until it is stopped. */
export class PurgeSchedule implements Disposable {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #purge: (limit: number) => Promise<number>;
  #timer: Disposable | undefined;
  #stopped = false;

  /** @param purge - removes at most `limit` entries and answers how many; never rejects */
  constructor(clock: Clock, intervalMs: number, purge: (limit: number) => Promise<number>) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#purge = purge;
    if (intervalMs !== Infinity) this.#arm(intervalMs);
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    this.#timer?.[Symbol.dispose]();
  }

  #arm(delayMs: number): void {
    this.#timer = scheduleInBackground(
      this.#clock,
      this,
      (schedule) => void schedule.#run(),
      delayMs,
    );
  }

  async #run(): Promise<void> {
    const removed = await this.#purge(sliceSize);
    if (!this.#stopped) this.#arm(removed < sliceSize ? this.#intervalMs : 0);
  }
}
