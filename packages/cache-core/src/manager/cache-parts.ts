import { Backoffs } from './backoffs.ts';
import { BatchLoads } from './batch-loads.ts';
import type { CacheManagerSettings } from './cache-manager-options.ts';
import { ChangeProbe } from './change-probe.ts';
import { Changes } from './changes.ts';
import { LeaseTurns } from './lease-turns.ts';
import { LoadResults } from './load-results.ts';
import { Loads } from './loads.ts';
import { PendingWrites } from './pending-writes.ts';
import { Reads } from './reads.ts';
import { Recorder } from './recorder.ts';
import { StoreMarks } from './store-marks.ts';
import { TierGauges } from './tier-gauges.ts';
import { Tiers } from './tiers.ts';

/** What a cache is made of. */
export interface CacheParts {
  readonly recorder: Recorder;
  readonly tiers: Tiers;
  readonly reads: Reads;
  readonly changes: Changes;
  readonly results: LoadResults;
  readonly loads: Loads;
  readonly batches: BatchLoads;
  readonly gauges: TierGauges;
  /** Only where a lower tier tells what others changed. */
  readonly probe: ChangeProbe | undefined;
}

export function createCacheParts(settings: CacheManagerSettings): CacheParts {
  const { clock, name, throwOnStoreError, defaults, random, leaseTtlMs } = settings;
  const pending = new PendingWrites();
  const tierNames = settings.tiers.map((tier) => tier.store.name);
  const recorder = new Recorder(name, tierNames, settings.meter, settings.logger);
  const context = { cache: name, clock, recorder, throwOnStoreError };
  const tiers = new Tiers(settings.tiers, context, pending);
  const backoffs = new Backoffs(clock);
  const marks = new StoreMarks(tiers);
  const leases = new LeaseTurns(tiers, { clock, leaseTtlMs, random });
  const shared = { tiers, pending, recorder, backoffs, clock, random };
  const results = new LoadResults(shared);
  const loads = new Loads({ ...shared, defaults, results, marks, leases });
  const probe = new ChangeProbe(tiers, pending);
  return {
    recorder,
    tiers,
    reads: new Reads(tiers, pending, recorder, clock),
    changes: new Changes(tiers, pending, recorder),
    results,
    loads,
    gauges: new TierGauges(settings.meter, name, tiers),
    batches: new BatchLoads({ loads, results, tiers, marks, leases, recorder, clock }),
    probe: probe.any ? probe : undefined,
  };
}
