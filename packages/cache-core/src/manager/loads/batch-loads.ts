import type { Clock, Entry } from '@x/interfaces';
import { endOfTurn } from '../event-loop.ts';
import type { Flight } from './flight.ts';
import { LazySignal } from './lazy-signal.ts';
import type { LoadPolicy } from './load-policy.ts';
import type { HeldLease, LeaseTurns } from './lease-turns.ts';
import type { LoadResults } from './load-results.ts';
import type { Loads } from './loads.ts';
import type { EntryTimes } from '../reads/kept-entry.ts';
import type { Recorder } from '../recording/recorder.ts';
import { noMarks, type StoreMarks } from '../changes/store-marks.ts';
import { pairList } from '../checks.ts';
import type { Tier } from '../tiers/tier.ts';
import type { TierHit, Tiers } from '../tiers/tiers.ts';

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

/** So many leases are asked for in one turn: a store may take each at once. */
const leasesPerTurn = 50;

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
  readonly leases: LeaseTurns;
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

/** The flights of one call, or of a part of it, and what they have in common. */
interface Batch<V> {
  readonly flights: readonly Flight<V>[];
  readonly call: ManyCall<V>;
  readonly signal: BatchSignal;
}

/** A flight that was answered with `entry`. */
interface FoundFlight<V> {
  readonly flight: Flight<V>;
  readonly entry: Entry;
}

interface LeasedFlight<V> {
  readonly flight: Flight<V>;
  readonly lease: HeldLease;
}

/** Flights by what came of asking for their leases. */
interface LeasedFlights<V> {
  /** With their leases. They are free as well. */
  readonly held: LeasedFlight<V>[];
  /** To be loaded here. */
  readonly free: Flight<V>[];
  /** Being loaded by another process. */
  readonly taken: Flight<V>[];
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
    const batchSignal = new BatchSignal();
    const flights: Flight<V>[] = [];
    const waits: [string, Promise<V>][] = [];
    for (const [key, ownKey] of call.keys) {
      const running = loads.flightOf(key);
      if (running !== undefined) {
        waits.push([ownKey, loads.join<V>(running, { key, policy, signal })]);
        continue;
      }
      const flight = loads.begin<V>({ key, ownKey, policy }, undefined, batchSignal);
      batchSignal.wanted++;
      flight.uncounted = 1;
      flights.push(flight);
      waits.push([ownKey, flight.join(policy, signal)]);
    }
    void this.#fly({ flights, call, signal: batchSignal });
    const values = await Promise.all(waits.map(([, wait]) => wait));
    return new Map(waits.map(([ownKey], index) => [ownKey, values[index]]));
  }

  async #fly<V>(batch: Batch<V>): Promise<void> {
    const { flights, call } = batch;
    try {
      const { missing, due } = await this.#lookUp(flights, call.policy);
      if (due.length > 0) void this.#refresh(due, call);
      await this.#loadOnce({ ...batch, flights: missing });
    } catch (error) {
      for (const flight of flights) flight.fail(error);
    } finally {
      this.#end(flights);
    }
  }

  /** Loads what was found, and is fresh, behind the answer. */
  async #refresh<V>(due: readonly FoundFlight<V>[], call: ManyCall<V>): Promise<void> {
    const { loads } = this.#options;
    const { policy } = call;
    const signal = new BatchSignal();
    const flights = due.map(({ flight, entry }) => {
      const { ownKey, write } = flight;
      const behind = loads.begin<V>({ key: write.key, ownKey, policy }, entry, signal);
      signal.wanted++;
      behind.keepGoing();
      loads.missed(behind);
      return behind;
    });
    await this.#loadOnce({ flights, call, signal });
    this.#end(flights);
  }

  #end<V>(flights: readonly Flight<V>[]): void {
    for (const flight of flights) this.#options.loads.end(flight);
  }

  /** Answers the flights that a store has something for that will do; some of that may be due. */
  async #lookUp<V>(
    flights: readonly Flight<V>[],
    policy: LoadPolicy<V>,
  ): Promise<{ missing: Flight<V>[]; due: FoundFlight<V>[] }> {
    const { loads, tiers } = this.#options;
    const writes = flights.map((flight) => flight.write);
    const keys = writes.map((write) => write.key);
    const found =
      keys.length === 0 ? new Map<string, TierHit>() : await tiers.readMany(keys, writes);
    const due: FoundFlight<V>[] = [];
    const missing = flights.filter((flight) => {
      const hit = found.get(flight.write.key);
      if (hit !== undefined && loads.found(flight, hit)) {
        if (loads.mayRefresh(flight, policy, hit)) due.push({ flight, entry: hit.entry });
        loads.end(flight);
        return false;
      }
      loads.missed(flight);
      return !flight.aborted;
    });
    return { missing, due };
  }

  /** Loads what no other process is loading, and waits for the rest. Never rejects. */
  async #loadOnce<V>(batch: Batch<V>): Promise<void> {
    if (!this.#options.leases.any) return this.#load(batch, []);
    const { held, free, taken } = await this.#takeLeases(batch.flights);
    const waits = taken.map(async (flight) => this.#loadInTurn({ ...batch, flights: [flight] }));
    await Promise.all([this.#load({ ...batch, flights: free }, held), ...waits]);
  }

  /** Loads one key as soon as no other process does, unless that one had it loaded. Never rejects. */
  async #loadInTurn<V>(batch: Batch<V>): Promise<void> {
    const { loads, leases } = this.#options;
    const [flight] = batch.flights as [Flight<V>];
    try {
      const turn = await leases.take(flight, async (tier) => loads.lookAgain(flight, tier));
      if (turn === 'found') loads.end(flight);
      else await this.#load(batch, turn === undefined ? [] : [{ flight, lease: turn }]);
    } catch (error) {
      flight.fail(error);
    }
  }

  async #takeLeases<V>(flights: readonly Flight<V>[]): Promise<LeasedFlights<V>> {
    const leased: LeasedFlights<V> = { held: [], free: [], taken: [] };
    for (let start = 0; start < flights.length; start += leasesPerTurn) {
      if (start > 0) await endOfTurn();
      const some = flights.slice(start, start + leasesPerTurn).map(async (flight) => {
        const lease = await this.#options.leases.tryTake(flight.write.key);
        if (lease === 'taken') {
          leased.taken.push(flight);
          return;
        }
        leased.free.push(flight);
        if (lease !== undefined) leased.held.push({ flight, lease });
      });
      await Promise.all(some);
    }
    return leased;
  }

  /** Loads by one call of the loader, and gives the leases back. Never rejects. */
  async #load<V>(batch: Batch<V>, held: readonly LeasedFlight<V>[]): Promise<void> {
    const { loads, marks } = this.#options;
    try {
      const positions = marks.any ? await marks.take() : noMarks;
      // Whoever had a lease before may have loaded just now.
      const loaded = new Set<Flight<V>>();
      const looks = held.map(async ({ flight, lease }) => {
        if (!(await loads.lookAgain(flight, lease.tier))) return;
        loads.end(flight);
        loaded.add(flight);
      });
      await Promise.all(looks);
      const flights = batch.flights.filter((flight) => !flight.aborted && !loaded.has(flight));
      if (flights.length > 0) await this.#run({ ...batch, flights }, positions);
    } catch (error) {
      for (const flight of batch.flights) flight.fail(error);
    } finally {
      for (const { lease } of held) void lease.release();
    }
  }

  async #run<V>(batch: Batch<V>, positions: ReadonlyMap<Tier, number>): Promise<void> {
    const { clock, loads, recorder, results } = this.#options;
    const { flights, call, signal } = batch;
    const keys = flights.map((flight) => flight.write.key);
    const [firstKey = ''] = keys;
    const startedAt = clock.monotonic();
    const context: ManyLoaderContext = {
      keys: flights.map((flight) => flight.ownKey),
      get signal() {
        return signal.lazy.get();
      },
    };
    let loaded: { flight: Flight<V>; value: V; times: EntryTimes }[];
    try {
      const values = new Map(pairList('what the loader answers', await call.loader(context)));
      loaded = flights.map((flight) => {
        const value = values.get(flight.ownKey) as V;
        return { flight, value, times: results.timesOf(value, call.policy) };
      });
    } catch (error) {
      const outcome = signal.wanted > 0 ? 'failure' : 'aborted';
      recorder.loadEnded(firstKey, clock.monotonic() - startedAt, outcome, error, keys);
      await Promise.all(flights.map((flight) => results.failed(flight, error, positions)));
      throw error;
    }
    const loadMs = clock.monotonic() - startedAt;
    const outcome = signal.wanted > 0 ? 'success' : 'aborted';
    recorder.loadEnded(firstKey, loadMs, outcome, undefined, keys);
    await Promise.all(
      loaded.map(async ({ flight, value, times }) => {
        await results.succeeded(flight, value, { ...times, loadMs }, positions);
        flight.resolve(value);
        loads.end(flight);
      }),
    );
  }
}
