import type { CacheStats, TierStats } from './cache-stats.ts';
import type { Recorder } from './recorder.ts';
import type { Tiers } from '../tiers/tiers.ts';

/** What each tier holds; a store that cannot tell counts as empty. */
export function readTierStats(tiers: Tiers): Promise<TierStats[]> {
  return Promise.all(
    tiers.all.map(async (tier) => {
      const held = await tier.attempt('stats', undefined, (store) => store.stats());
      const { hits, misses, errors, name, circuit, missedChanges } = tier;
      return {
        tier: name,
        hits,
        misses,
        errors,
        circuit,
        missedChanges,
        entries: held?.entries ?? 0,
        bytes: held?.bytes ?? 0,
        evictions: held?.evictions ?? 0,
        expirations: held?.expirations ?? 0,
      };
    }),
  );
}

export async function readStats(tiers: Tiers, recorder: Recorder): Promise<CacheStats> {
  const perTier = await readTierStats(tiers);
  const { hits, stale, misses, loads, loadFailures, coalesced, sets, deletes, errors } = recorder;
  const reads = hits + misses;
  const last = perTier.at(-1);
  return {
    hits,
    staleServed: stale,
    misses,
    hitRatio: reads === 0 ? 0 : hits / reads,
    loads,
    loadFailures,
    coalesced,
    sets,
    deletes,
    errors,
    entries: last?.entries ?? 0,
    bytes: last?.bytes ?? 0,
    evictions: perTier.reduce((sum, tier) => sum + tier.evictions, 0),
    expirations: perTier.reduce((sum, tier) => sum + tier.expirations, 0),
    tiers: perTier,
  };
}
