import type { Clock, Entry, GetOrSetOptions, Loader } from '@x/interfaces';
import type { Backoffs } from './backoffs.ts';
import { Flight } from './flight.ts';
import { FlightContext } from './flight-context.ts';
import { isDue, staleForMs } from '../reads/freshness.ts';
import type { HeldLease, LeaseTurns } from './lease-turns.ts';
import { type LoadPolicy, type LoadSettings, resolveLoadPolicy } from './load-policy.ts';
import type { LoadResults } from './load-results.ts';
import type { PendingWrites } from '../changes/pending-writes.ts';
import type { Recorder } from '../recording/recorder.ts';
import { noMarks, type StoreMarks } from '../changes/store-marks.ts';
import type { Tier } from '../tiers/tier.ts';
import type { TierHit, Tiers } from '../tiers/tiers.ts';

export interface LoadsOptions {
  readonly tiers: Tiers;
  readonly pending: PendingWrites;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly random: () => number;
  readonly defaults: LoadPolicy & LoadSettings;
  readonly backoffs: Backoffs;
  readonly results: LoadResults;
  readonly marks: StoreMarks;
  readonly leases: LeaseTurns;
}

/** One call of `getOrSet` that could not be answered at once. */
export interface LoadCall<V> {
  readonly key: string;
  /** The key, as the caller wrote it. */
  readonly ownKey: string;
  readonly loader: Loader<V>;
  readonly policy: LoadPolicy<V>;
  readonly signal: AbortSignal | undefined;
}

/** One load per key at a time. What is loading takes no place in a store and evicts nobody. */
export class Loads {
  readonly #flights = new Map<string, Flight>();
  readonly #options: LoadsOptions;
  #tellIdle: (() => void) | undefined;

  constructor(options: LoadsOptions) {
    this.#options = options;
  }

  /** Loads under way. */
  get size(): number {
    return this.#flights.size;
  }

  call<V>(
    key: string,
    ownKey: string,
    loader: Loader<V>,
    options: GetOrSetOptions<V> | undefined,
  ): LoadCall<V> {
    const policy = resolveLoadPolicy(options, this.#options.defaults);
    return { key, ownKey, loader, policy, signal: options?.signal };
  }

  /** The load of `key` that is under way, unless there is none or it was overtaken. */
  flightOf(key: string): Flight | undefined {
    const flight = this.#flights.get(key);
    return flight?.open === true ? flight : undefined;
  }

  /** Waits for a load under way, unless what is kept will do. */
  join<V>(flight: Flight, call: Pick<LoadCall<V>, 'key' | 'policy' | 'signal'>): Promise<V> {
    const { recorder, clock, tiers } = this.#options;
    const { previous } = flight;
    const { policy, key } = call;
    if (previous !== undefined) {
      const staleMs = staleForMs(previous, clock.now());
      if (staleMs < policy.staleWhileRevalidateMs) {
        recorder.hit(key, tiers.first.name, staleMs >= 0);
        return Promise.resolve(previous.value as V);
      }
    }
    recorder.waited();
    if (flight.write.reading) flight.uncounted++;
    else recorder.miss(key);
    return (flight as Flight<V>).join(policy, call.signal);
  }

  /** The value of `entry`, which was found at once, if the call accepts it. */
  serve<V>(hit: TierHit, call: LoadCall<V>): Promise<V> | undefined {
    const { backoffs, clock, random, recorder } = this.#options;
    const { entry, tier } = hit;
    const { key, policy } = call;
    const isFresh = tier.isFresh(entry);
    if (entry.outcome === 'error') {
      if (!isFresh) return undefined;
      recorder.hit(key, tier.name, false);
      return Promise.reject(entry.value);
    }
    const now = clock.now();
    const isHeld = backoffs.holds(key, entry);
    if (isFresh) {
      recorder.hit(key, tier.name, false);
      if (!isHeld && isDue(entry, now, policy, random)) this.#refresh(call, entry);
      return Promise.resolve(entry.value as V);
    }
    const { staleIfErrorMs, staleWhileRevalidateMs } = policy;
    const windowMs = Math.max(staleWhileRevalidateMs, isHeld ? staleIfErrorMs : 0);
    if (staleForMs(entry, now) >= windowMs) return undefined;
    recorder.hit(key, tier.name, true);
    if (!isHeld) this.#refresh(call, entry);
    return Promise.resolve(entry.value as V);
  }

  /**
   * Begins a load and waits for it.
   *
   * @param first - what the first tier answered: a stale entry, nothing, or not yet
   */
  start<V>(call: LoadCall<V>, first: Entry | Promise<Entry | undefined> | undefined): Promise<V> {
    const isLate = first instanceof Promise;
    const known = isLate || first?.outcome === 'error' ? undefined : first;
    const context = new FlightContext(call.ownKey);
    const flight = this.begin<V>(call, known, context);
    flight.uncounted = 1;
    const result = flight.join(call.policy, call.signal);
    void this.#fly(flight, call, context, isLate ? first : undefined);
    return result;
  }

  /** A new flight in the table; {@link end} it. */
  begin<V>(
    call: Pick<LoadCall<V>, 'key' | 'ownKey' | 'policy'>,
    previous: Entry | undefined,
    context: { abort(reason: unknown): void },
  ): Flight<V> {
    const { clock, pending, recorder } = this.#options;
    const { key, ownKey, policy } = call;
    const flight = new Flight<V>({
      ownKey,
      write: pending.begin(key, policy.tags),
      policy: policy,
      clock,
      previous,
      onStale: (stale) => recorder.servedStale(stale),
      onAbort: (reason) => context.abort(reason),
    });
    this.#flights.set(key, flight as Flight);
    return flight;
  }

  end<V>(flight: Flight<V>): void {
    const { write } = flight;
    this.#options.pending.end(write);
    if ((this.#flights.get(write.key) as unknown) === flight) this.#flights.delete(write.key);
    if (this.#flights.size === 0) this.#tellIdle?.();
  }

  /** Resolves when no load is under way, after `timeoutMs` at most. */
  idle(timeoutMs: number): Promise<void> {
    if (this.#flights.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#options.clock.schedule(resolve, timeoutMs);
      this.#tellIdle = () => {
        timer[Symbol.dispose]();
        resolve();
      };
    });
  }

  /**
   * Gives callers what was found, as far as it is good for them, and counts their reads.
   *
   * @returns whether there is nothing to load
   */
  found<V>(flight: Flight<V>, hit: TierHit): boolean {
    const { backoffs, recorder } = this.#options;
    const { entry, tier } = hit;
    const { key } = flight.write;
    const isFresh = tier.isFresh(entry);
    if (entry.outcome === 'error' && !isFresh) return false;
    if (isFresh) {
      for (; flight.uncounted > 0; flight.uncounted--) recorder.hit(key, tier.name, false);
      if (entry.outcome === 'error') flight.reject(entry.value);
      else flight.resolve(entry.value as V);
      return true;
    }
    const mayNotLoad = backoffs.holds(key, entry);
    for (let served = flight.offer(entry, mayNotLoad); served > 0; served--) {
      flight.uncounted--;
      recorder.hit(key, tier.name, false);
    }
    return mayNotLoad && !flight.awaited;
  }

  /** No tier had a value that was good for all: the reads that are not counted yet are misses. */
  missed<V>(flight: Flight<V>): void {
    const { write } = flight;
    write.reading = false;
    for (; flight.uncounted > 0; flight.uncounted--) this.#options.recorder.miss(write.key);
  }

  /** Whether another process has loaded meanwhile; its value is then everybody's. */
  async lookAgain<V>(flight: Flight<V>, tier: Tier): Promise<boolean> {
    const { write, previous } = flight;
    write.reading = true;
    try {
      const entry = await tier.read(write.key);
      if (entry === undefined || entry.createdAt <= (previous?.createdAt ?? -Infinity))
        return false;
      const hit = { entry, tier };
      if (!tier.isFresh(entry)) return false;
      this.#options.tiers.promote(hit, write);
      return this.found(flight, hit);
    } finally {
      write.reading = false;
    }
  }

  /** Whether the entry that a flight was answered with is due to be loaded anew behind the answer. */
  mayRefresh<V>(flight: Flight<V>, policy: LoadPolicy<V>, hit: TierHit): boolean {
    const { backoffs, clock, random } = this.#options;
    const { entry } = hit;
    if (!flight.open || entry.outcome === 'error') return false;
    return !backoffs.holds(flight.write.key, entry) && isDue(entry, clock.now(), policy, random);
  }

  /** Ends every load: its callers are rejected with `error`. */
  close(error: Error): void {
    for (const flight of this.#flights.values()) {
      flight.abort(error);
      flight.reject(error);
    }
    this.#flights.clear();
    this.#options.backoffs.clear();
  }

  /** Loads behind a value that is served. */
  #refresh<V>(call: LoadCall<V>, entry: Entry): void {
    if (this.flightOf(call.key) !== undefined) return;
    const context = new FlightContext(call.ownKey);
    const flight = this.begin<V>(call, entry, context);
    flight.keepGoing();
    void this.#fly(flight, call, context, undefined);
  }

  async #fly<V>(
    flight: Flight<V>,
    call: LoadCall<V>,
    context: FlightContext,
    first: Promise<Entry | undefined> | undefined,
  ): Promise<void> {
    const { leases, marks, results, tiers } = this.#options;
    let lease: HeldLease | undefined;
    try {
      // Where nothing is left to ask, the loader starts in the turn of the call.
      if (first !== undefined || !tiers.single) {
        const hit = await this.#lookUp(flight, first);
        if (hit !== undefined && this.found(flight, hit)) {
          if (this.mayRefresh(flight, call.policy, hit)) {
            this.end(flight);
            this.#refresh(call, hit.entry);
          }
          return;
        }
      }
      this.missed(flight);
      if (leases.any) {
        const turn = await leases.take(flight, async (tier) => this.lookAgain(flight, tier));
        if (turn === 'found') return;
        lease = turn;
      }
      if (flight.aborted) return;
      const positions = marks.any ? await marks.take() : noMarks;
      if (lease !== undefined && (await this.lookAgain(flight, lease.tier))) return;
      context.previous = flight.previous;
      flight.resolve(await results.load(flight, call, context, positions));
    } catch (error) {
      flight.fail(error);
    } finally {
      this.end(flight);
      void lease?.release();
    }
  }

  async #lookUp<V>(
    flight: Flight<V>,
    first: Promise<Entry | undefined> | undefined,
  ): Promise<TierHit | undefined> {
    const { tiers } = this.#options;
    const entry = await first;
    const hit = entry && { entry, tier: tiers.first };
    if (tiers.single || (hit !== undefined && tiers.first.isFresh(hit.entry))) return hit;
    const { write, previous } = flight;
    return (await tiers.readLower(write.key, write, entry ?? previous)) ?? hit;
  }
}
