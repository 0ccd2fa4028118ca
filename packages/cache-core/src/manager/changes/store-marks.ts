import type { Tier } from '../tiers/tier.ts';
import type { Tiers } from '../tiers/tiers.ts';

/** Where no store has a position. */
export const noMarks: ReadonlyMap<Tier, number> = new Map();

/**
 * The positions of those stores that have a sequence of changes. Taken before a load, they let a
 * change by another process win over the load's result.
 */
export class StoreMarks {
  readonly #marking: readonly Tier[];

  constructor(tiers: Tiers) {
    this.#marking = tiers.all.filter((tier) => tier.store.mark !== undefined);
  }

  /** Whether there is any such store. */
  get any(): boolean {
    return this.#marking.length > 0;
  }

  /** A store that cannot tell its position is left out. */
  async take(): Promise<ReadonlyMap<Tier, number>> {
    const marks = new Map<Tier, number>();
    for (const tier of this.#marking) {
      const mark = await tier.ask('mark', (store) => store.mark?.());
      if (mark !== undefined) marks.set(tier, mark);
    }
    return marks;
  }
}
