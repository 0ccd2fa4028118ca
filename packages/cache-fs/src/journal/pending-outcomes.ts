import type { Outcome } from '../state/store-state.ts';

/** What became of the records of this writer that are on their way through the journal, by their numbers. */
export class PendingOutcomes {
  readonly #outcomes = new Map<number, Outcome | undefined>();

  expect(numbers: readonly number[]): void {
    for (const n of numbers) this.#outcomes.set(n, undefined);
  }

  /** `false` when nobody waits for it. */
  settle(n: number, outcome: Outcome): boolean {
    if (!this.#outcomes.has(n)) return false;
    this.#outcomes.set(n, outcome);
    return true;
  }

  /** Forgets what became of all that are on their way. */
  reset(): void {
    for (const n of this.#outcomes.keys()) this.#outcomes.set(n, undefined);
  }

  /** What became of the records, which are waited for no longer; `undefined` unless all were met. */
  take(numbers: readonly number[]): readonly Outcome[] | undefined {
    const outcomes: Outcome[] = [];
    for (const n of numbers) {
      const outcome = this.#outcomes.get(n);
      if (outcome !== undefined) outcomes.push(outcome);
      this.#outcomes.delete(n);
    }
    return outcomes.length === numbers.length ? outcomes : undefined;
  }
}
