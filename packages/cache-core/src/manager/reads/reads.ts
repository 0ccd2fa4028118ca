import type { Awaitable, Clock, Entry } from '@x/interfaces';
import type { CacheEntry } from './cache-entry.ts';
import type { PendingWrites } from '../changes/pending-writes.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { TierHit, Tiers } from '../tiers/tiers.ts';

/** Reads that load nothing, as far as the first tier does not answer them at once. */
export class Reads {
  readonly #tiers: Tiers;
  readonly #pending: PendingWrites;
  readonly #recorder: Recorder;
  readonly #clock: Clock;

  constructor(tiers: Tiers, pending: PendingWrites, recorder: Recorder, clock: Clock) {
    this.#tiers = tiers;
    this.#pending = pending;
    this.#recorder = recorder;
    this.#clock = clock;
  }

  /** @param first - what the first tier answered */
  async get<V>(key: string, first: Awaitable<Entry | undefined>): Promise<V | undefined> {
    const hit = await this.#find(key, first);
    if (hit === undefined || !hit.tier.isFresh(hit.entry)) {
      this.#recorder.miss(key);
      return undefined;
    }
    this.#recorder.hit(key, hit.tier.name, false);
    return hit.entry.value as V;
  }

  /** @param first - what the first tier answered */
  async getEntry<V>(key: string, first: Awaitable<Entry | undefined>): Promise<CacheEntry<V>> {
    const hit = await this.#find(key, first);
    if (hit === undefined) {
      this.#recorder.miss(key);
      return { hit: false };
    }
    const { entry, tier } = hit;
    const stale = !tier.isFresh(entry);
    this.#recorder.hit(key, tier.name, stale);
    const ageMs = Math.max(0, this.#clock.now() - entry.createdAt);
    return { hit: true, value: entry.value as V, stale, ageMs, tier: tier.name };
  }

  async getMany(keys: Iterable<string>): Promise<Map<string, TierHit>> {
    const asked = [...new Set(keys)];
    const writes = this.#tiers.single ? [] : asked.map((key) => this.#pending.begin(key));
    let found: ReadonlyMap<string, TierHit>;
    try {
      found = await this.#tiers.readMany(asked, writes);
    } finally {
      for (const write of writes) this.#pending.end(write);
    }
    const hits = new Map<string, TierHit>();
    for (const key of asked) {
      const hit = found.get(key);
      if (hit === undefined || hit.entry.outcome === 'error' || !hit.tier.isFresh(hit.entry)) {
        this.#recorder.miss(key);
      } else {
        this.#recorder.hit(key, hit.tier.name, false);
        hits.set(key, hit);
      }
    }
    return hits;
  }

  /** A value, fresh or else stale; not the error of a load. */
  async #find(key: string, first: Awaitable<Entry | undefined>): Promise<TierHit | undefined> {
    const tiers = this.#tiers;
    const write = this.#pending.begin(key);
    try {
      const entry = await first;
      const own = entry && { entry, tier: tiers.first };
      const isDone = tiers.single || (entry !== undefined && tiers.first.isFresh(entry));
      const hit = isDone ? own : ((await tiers.readLower(key, write, entry)) ?? own);
      return hit?.entry.outcome === 'error' ? undefined : hit;
    } finally {
      this.#pending.end(write);
    }
  }
}
