import { isThenable, type Meter, type StoreStats } from '@x/interfaces';
import type { Tier } from './tier.ts';
import type { Tiers } from './tiers.ts';

/** Tells a meter what each tier holds, whenever it is read, if the meter can ask. */
export class TierGauges implements Disposable {
  readonly #held: HeldByTier[] = [];
  readonly #observations: Disposable[] = [];

  constructor(meter: Meter, cache: string, tiers: Tiers) {
    const labelNames = ['cache', 'tier'] as const;
    const entries = meter.gauge('cache_entries', { help: 'Entries held.', labelNames });
    const bytes = meter.gauge('cache_bytes', { help: 'Bytes held.', labelNames });
    for (const tier of tiers.all) {
      const gauges = [entries.labels(cache, tier.name), bytes.labels(cache, tier.name)] as const;
      if (gauges[0].observe === undefined) continue;
      const held = new HeldByTier(tier);
      this.#held.push(held);
      for (const [index, figure] of (['entries', 'bytes'] as const).entries()) {
        const observation = gauges[index]?.observe?.(() => held.read()[figure]);
        if (observation !== undefined) this.#observations.push(observation);
      }
    }
  }

  /** The meter keeps what it was told last. */
  [Symbol.dispose](): void {
    for (const held of this.#held) held.stop();
    for (const observation of this.#observations) observation[Symbol.dispose]();
  }
}

/** What a tier holds: now, or of a store that answers later when it was asked last. */
class HeldByTier {
  readonly #tier: Tier;
  #last: Pick<StoreStats, 'entries' | 'bytes'> = { entries: NaN, bytes: NaN };
  #isAsking = false;

  constructor(tier: Tier) {
    this.#tier = tier;
    this.read();
  }

  read(): Pick<StoreStats, 'entries' | 'bytes'> {
    if (this.#isAsking) return this.#last;
    const answer = this.#tier.ask('stats', (store) => store.stats());
    if (isThenable(answer)) void this.#await(answer);
    else this.#last = answer ?? this.#last;
    return this.#last;
  }

  stop(): void {
    this.#isAsking = true;
  }

  async #await(answer: Promise<StoreStats | undefined>): Promise<void> {
    this.#isAsking = true;
    this.#last = (await answer) ?? this.#last;
    this.#isAsking = false;
  }
}
