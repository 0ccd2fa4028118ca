import type { Awaitable, Entry } from '@x/interfaces';
import type { Change } from '../changes/change.ts';
import { together } from './together.ts';
import type { PendingWrite, PendingWrites } from '../changes/pending-writes.ts';
import { Tier } from './tier.ts';
import type { TierAnswer } from './tier-changes.ts';
import type { TierContext } from './tier-health.ts';
import type { TierSettings } from './tier-options.ts';

/** An entry and the tier that had it. */
export interface TierHit {
  readonly entry: Entry;
  readonly tier: Tier;
}

/**
 * The stores of a cache, asked from the first to the last. A call that changes something goes to all
 * of them in the same turn, so that each store sees changes in the order in which they were made.
 */
export class Tiers {
  readonly all: readonly Tier[];
  readonly first: Tier;
  readonly #lower: readonly Tier[];
  readonly #pending: PendingWrites;

  constructor(
    stores: readonly [TierSettings, ...TierSettings[]],
    context: TierContext,
    pending: PendingWrites,
  ) {
    const [first, ...lower] = stores;
    this.first = new Tier(first, context);
    this.#lower = lower.map((store) => new Tier(store, context));
    this.all = [this.first, ...this.#lower];
    this.#pending = pending;
  }

  get single(): boolean {
    return this.#lower.length === 0;
  }

  /**
   * The fresh entry of the first lower tier that has one, which is then promoted to the tiers above;
   * else the stale entry that was written last.
   *
   * @param known - what the first tier had; only what was written later is answered
   */
  async readLower(key: string, write: PendingWrite, known?: Entry): Promise<TierHit | undefined> {
    let stale: TierHit | undefined;
    let newest = known?.createdAt ?? -Infinity;
    for (const [index, tier] of this.#lower.entries()) {
      const entry = await tier.read(key);
      if (entry === undefined || entry.createdAt <= newest) continue;
      if (tier.isFresh(entry)) {
        if (this.#pending.mayPromote(write)) this.#promote(index + 1, [[key, entry]]);
        return { entry, tier };
      }
      stale = { entry, tier };
      newest = entry.createdAt;
    }
    return stale;
  }

  /** Puts what a lower tier has into the tiers above, unless a change came since `write` began. */
  promote(hit: TierHit, write: PendingWrite): void {
    const index = this.all.indexOf(hit.tier);
    if (index > 0 && this.#pending.mayPromote(write)) {
      this.#promote(index, [[write.key, hit.entry]]);
    }
  }

  /** The entries that were found, fresh or else stale, by key, in no particular order. */
  async readMany(
    keys: readonly string[],
    writes: readonly PendingWrite[],
  ): Promise<Map<string, TierHit>> {
    const fresh = new Map<string, TierHit>();
    const stale = new Map<string, TierHit>();
    for (const [index, tier] of this.all.entries()) {
      const missing = keys.filter((key) => !fresh.has(key));
      if (missing.length === 0) break;
      const entries = await tier.readMany(missing);
      for (const [at, key] of missing.entries()) {
        const entry = entries[at];
        if (entry === undefined) continue;
        const newest = stale.get(key)?.entry.createdAt ?? -Infinity;
        if (tier.isFresh(entry)) fresh.set(key, { entry, tier });
        else if (entry.createdAt > newest) stale.set(key, { entry, tier });
      }
      if (index > 0) this.#promoteFound(index, fresh, writes);
    }
    return new Map([...stale, ...fresh]);
  }

  /** Whether a tier has a value to serve. */
  async has(key: string): Promise<boolean> {
    for (const tier of this.all) {
      const entry = await tier.attempt('get', key, (store) => store.get(key));
      if (entry === undefined || tier.isOutdated(key) || entry.outcome === 'error') continue;
      if (tier.isFresh(entry)) return true;
    }
    return false;
  }

  /** Changes every store in this turn. Answers at once where all of them do, and never rejects. */
  change(change: Change): Awaitable<TierAnswer[]> {
    return together(this.all.map((tier) => tier.change(change)));
  }

  /**
   * Keeps what was loaded, unless something changed in a store since the position it had before. A
   * store whose position is not known keeps nothing, rather than overwrite what is newer.
   */
  keep(key: string, entry: Entry, marks: ReadonlyMap<Tier, number>): Awaitable<TierAnswer[]> {
    const answers = this.all.map((tier) => {
      if (tier.store.mark === undefined) return tier.change({ operation: 'set', key, entry });
      const since = marks.get(tier);
      return since === undefined
        ? tier.change({ operation: 'delete', key })
        : tier.change({ operation: 'set', key, entry, since });
    });
    return together(answers);
  }

  #promoteFound(
    index: number,
    found: ReadonlyMap<string, TierHit>,
    writes: readonly PendingWrite[],
  ): void {
    const entries: [string, Entry][] = [];
    for (const write of writes) {
      const hit = found.get(write.key);
      const isHere = hit !== undefined && hit.tier === this.all[index];
      if (isHere && this.#pending.mayPromote(write)) entries.push([write.key, hit.entry]);
    }
    if (entries.length > 0) this.#promote(index, entries);
  }

  #promote(below: number, entries: readonly (readonly [string, Entry])[]): void {
    for (const tier of this.all.slice(0, below)) void tier.offer(entries);
  }
}
