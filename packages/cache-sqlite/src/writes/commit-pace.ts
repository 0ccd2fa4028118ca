import type { Clock } from '@x/interfaces';

/** What a turn of the event loop may take for commits that do not wait for its end. */
const msPerTurn = 1;
const commitsPerTurn = 32;

/**
 * When to commit. Who changes one thing after the other waits no longer than to the end of the callback, since
 * a turn of the event loop costs about a tenth of a commit. Where several callbacks of one turn change
 * something their changes go together, which costs less than half.
 */
export class CommitPace {
  readonly #clock: Clock;
  /** Whether the last turn that was waited for had several changes. */
  #areMany = false;
  #begin = -Infinity;
  #last = -Infinity;
  #commits = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether to commit at the end of this callback, rather than of this turn. */
  isSoon(): boolean {
    if (this.#areMany) return false;
    const now = this.#clock.monotonic();
    // The turn in which it was must be over.
    if (now - this.#last > msPerTurn) this.#beginTurn(now);
    this.#last = now;
    return ++this.#commits <= commitsPerTurn && now - this.#begin < msPerTurn;
  }

  /** A turn ends in which so many changes waited. */
  turnEnds(changes: number): void {
    this.#areMany = changes > 1;
    this.#beginTurn(this.#clock.monotonic());
  }

  #beginTurn(now: number): void {
    this.#begin = now;
    this.#commits = 0;
  }
}
