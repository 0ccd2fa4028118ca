import { Backoffs } from './loads/backoffs.ts';
import { BatchLoads } from './loads/batch-loads.ts';
import type { CacheManagerSettings } from './cache-manager-options.ts';
import { ChangeProbe } from './changes/change-probe.ts';
import { Changes } from './changes/changes.ts';
import { LeaseTurns } from './loads/lease-turns.ts';
import { LoadResults } from './loads/load-results.ts';
import { Loads } from './loads/loads.ts';
import { PendingWrites } from './changes/pending-writes.ts';
import { Reads } from './reads/reads.ts';
import { Recorder } from './recording/recorder.ts';
import { StoreMarks } from './changes/store-marks.ts';
import { TierGauges } from './tiers/tier-gauges.ts';
import { Tiers } from './tiers/tiers.ts';

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
