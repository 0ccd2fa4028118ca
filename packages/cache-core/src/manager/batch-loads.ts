import type { Clock } from '@x/interfaces';
import type { Flight } from './flight.ts';
import { LazySignal } from './lazy-signal.ts';
import type { LoadPolicy } from './load-policy.ts';
import type { LoadResults } from './load-results.ts';
import type { Loads } from './loads.ts';
import type { EntryTimes } from './kept-entry.ts';
import type { Recorder } from './recorder.ts';
import { noMarks, type StoreMarks } from './store-marks.ts';
import type { Tier } from './tier.ts';
import type { TierHit, Tiers } from './tiers.ts';

/** What a loader of many values is told. */
export interface ManyLoaderContext {
  /** The keys that are missing, each once. */
  readonly keys: readonly string[];
  /** Aborts when nobody waits for any of the results any more, or the cache closes. */
  readonly signal: AbortSignal;
}

/** Values by key, as a `Map` or as pairs; a key that is left out counts as `undefined`. */
export type LoadedValues<V> = Iterable<readonly [key: string, value: V]>;

/** Makes the values that a cache is missing. */
export type ManyLoader<V> = (
  context: ManyLoaderContext,
) => LoadedValues<V> | Promise<LoadedValues<V>>;

/** One call of `getOrSetMany`. */
export interface ManyCall<V> {
  /** The keys in the stores, with the keys as the caller wrote them. */
  readonly keys: ReadonlyMap<string, string>;
  readonly loader: ManyLoader<V>;
  readonly policy: LoadPolicy<V>;
  readonly signal: AbortSignal | undefined;
}

export interface BatchLoadsOptions {
  readonly loads: Loads;
  readonly results: LoadResults;
  readonly tiers: Tiers;
  readonly marks: StoreMarks;
  readonly recorder: Recorder;
  readonly clock: Clock;
}

/** The signal of a load of several keys: it aborts when the last of them is not wanted any more. */
class BatchSignal {
  readonly lazy = new LazySignal();
  wanted = 0;

  abort(reason: unknown): void {
    if (--this.wanted === 0) this.lazy.abort(reason);
  }
}

/** Loads several keys by one loader; each of them is a load that others may wait for. */
export class BatchLoads {
  readonly #options: BatchLoadsOptions;

  constructor(options: BatchLoadsOptions) {
    this.#options = options;
  }

  /** The values by the keys that the caller wrote, in that order; `undefined` for what has none. */
  async getOrSet<V>(call: ManyCall<V>): Promise<Map<string, V | undefined>> {
    const { loads } = this.#options;
    const { policy, signal } = call;
    const batch = new BatchSignal();
    const flights: Flight<V>[] = [];
    const waits: [string, Promise<V>][] = [];
    for (const [key, ownKey] of call.keys) {
      const running = loads.flightOf(key);
      if (running !== undefined) {
        waits.push([ownKey, loads.join<V>(running, { key, policy, signal })]);
        continue;
      }
      const flight = loads.begin<V>({ key, ownKey, policy }, undefined, batch);
      batch.wanted++;
      flight.uncounted = 1;
      flights.push(flight);
      waits.push([ownKey, flight.join(policy, signal)]);
    }
    void this.#fly(flights, call, batch);
    const values = await Promise.all(waits.map(([, wait]) => wait));
    return new Map(waits.map(([ownKey], index) => [ownKey, values[index]]));
  }

  async #fly<V>(flights: Flight<V>[], call: ManyCall<V>, batch: BatchSignal): Promise<void> {
    const { loads, marks } = this.#options;
    try {
      const missing = await this.#lookUp(flights);
      if (missing.length === 0) return;
      const positions = marks.any ? await marks.take() : noMarks;
      await this.#load(missing, call, batch, positions);
    } catch (error) {
      for (const flight of flights) flight.fail(error);
    } finally {
      for (const flight of flights) loads.end(flight);
    }
  }

  /** Answers the flights that a store had nothing for that would do. */
  async #lookUp<V>(flights: readonly Flight<V>[]): Promise<Flight<V>[]> {
    const { loads, tiers } = this.#options;
    const writes = flights.map((flight) => flight.write);
    const keys = writes.map((write) => write.key);
    const found =
      keys.length === 0 ? new Map<string, TierHit>() : await tiers.readMany(keys, writes);
    return flights.filter((flight) => {
      const hit = found.get(flight.write.key);
      if (hit !== undefined && loads.found(flight, hit)) return false;
      loads.missed(flight);
      return !flight.aborted;
    });
  }

  async #load<V>(
    flights: readonly Flight<V>[],
    call: ManyCall<V>,
    batch: BatchSignal,
    positions: ReadonlyMap<Tier, number>,
  ): Promise<void> {
    const { clock, recorder, results } = this.#options;
    const keys = flights.map((flight) => flight.write.key);
    const [firstKey = ''] = keys;
    const startedAt = clock.monotonic();
    const context: ManyLoaderContext = {
      keys: flights.map((flight) => flight.ownKey),
      get signal() {
        return batch.lazy.get();
      },
    };
    let loaded: { flight: Flight<V>; value: V; times: EntryTimes }[];
    try {
      const values = new Map(await call.loader(context));
      loaded = flights.map((flight) => {
        const value = values.get(flight.ownKey) as V;
        return { flight, value, times: results.timesOf(value, call.policy) };
      });
    } catch (error) {
      const outcome = batch.wanted > 0 ? 'failure' : 'aborted';
      recorder.loadEnded(firstKey, clock.monotonic() - startedAt, outcome, error, keys);
      await Promise.all(flights.map((flight) => results.failed(flight, error, positions)));
      throw error;
    }
    const loadMs = clock.monotonic() - startedAt;
    const outcome = batch.wanted > 0 ? 'success' : 'aborted';
    recorder.loadEnded(firstKey, loadMs, outcome, undefined, keys);
    await Promise.all(
      loaded.map(async ({ flight, value, times }) => {
        await results.succeeded(flight, value, { ...times, loadMs }, positions);
        flight.resolve(value);
      }),
    );
  }
}
