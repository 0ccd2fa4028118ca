import type { CounterChild, Meter, TimerChild } from '@x/interfaces';
import type { LoadOutcome } from './cache-events.ts';

/** What a cache writes to its meter, bound to the cache's name once. */
export interface Instruments {
  readonly hits: CounterChild;
  readonly misses: CounterChild;
  readonly stale: CounterChild;
  readonly loads: Readonly<Record<LoadOutcome, CounterChild>>;
  readonly loadDuration: TimerChild;
  readonly coalesced: CounterChild;
  readonly sets: CounterChild;
  readonly deletes: CounterChild;
  /** Failures by the name of the tier. */
  readonly storeErrors: ReadonlyMap<string, CounterChild>;
}

export function createInstruments(
  meter: Meter,
  cache: string,
  tiers: readonly string[],
): Instruments {
  const requests = meter.counter('cache_requests_total', {
    help: 'Reads of a cache, by whether they found a value.',
    labelNames: ['cache', 'outcome'],
  });
  const loads = meter.counter('cache_loads_total', {
    help: 'Loaders that ended, by how.',
    labelNames: ['cache', 'outcome'],
  });
  const loadDuration = meter.timer('cache_load_duration', {
    help: 'How long loaders ran.',
    labelNames: ['cache'],
  });
  const plain = (name: string, help: string): CounterChild =>
    meter.counter(name, { help, labelNames: ['cache'] }).labels(cache);
  const errors = meter.counter('cache_store_errors_total', {
    help: 'Calls of a store that failed.',
    labelNames: ['cache', 'tier'],
  });
  return {
    hits: requests.labels(cache, 'hit'),
    misses: requests.labels(cache, 'miss'),
    loads: {
      success: loads.labels(cache, 'success'),
      failure: loads.labels(cache, 'failure'),
      aborted: loads.labels(cache, 'aborted'),
    },
    loadDuration: loadDuration.labels(cache),
    stale: plain('cache_stale_total', 'Stale values served.'),
    coalesced: plain('cache_coalesced_total', "Callers who waited for another caller's load."),
    sets: plain('cache_sets_total', 'Values kept.'),
    deletes: plain('cache_deletes_total', 'Keys removed by a delete.'),
    storeErrors: new Map(tiers.map((tier) => [tier, errors.labels(cache, tier)])),
  };
}
