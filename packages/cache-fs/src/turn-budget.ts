import type { Clock } from '@x/interfaces';
import { endOfTurn } from './event-loop.ts';

/** What a store may hold the event loop up in one of its turns. */
const msPerTurn = 5;

/** How much of a turn of the event loop is left for work that could as well be done later. */
export class TurnBudget {
  readonly #clock: Clock;
  #end: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  hasTime(): boolean {
    const now = this.#clock.monotonic();
    if (this.#end === undefined) {
      this.#end = now + msPerTurn;
      void this.nextTurn();
      return true;
    }
    return now < this.#end;
  }

  /** Settles when others had their turn. */
  async nextTurn(): Promise<void> {
    await endOfTurn();
    this.#end = undefined;
  }

  /** Calls `use` for each, with pauses for others. */
  async forEach<T>(items: Iterable<T>, use: (item: T) => void): Promise<void> {
    for (const item of items) {
      if (!this.hasTime()) await this.nextTurn();
      use(item);
    }
  }
}
