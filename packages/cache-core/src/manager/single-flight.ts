import type { Awaitable, Clock, Entry, GetOrSetOptions, Loader } from '@x/interfaces';
import { checkTtl } from '../memory/memory-cache-options.ts';
import { Flight } from './flight.ts';
import { makeEntry } from './make-entry.ts';
import type { PendingWrite, PendingWrites } from './pending-writes.ts';
import type { Recorder } from './recorder.ts';
import type { TierHit, Tiers } from './tiers.ts';

export interface SingleFlightOptions {
  readonly tiers: Tiers;
  readonly pending: PendingWrites;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly ttlMs: number;
}

/** One load per key at a time. What is loading takes no place in a store and evicts nobody. */
export class SingleFlight {
  readonly #flights = new Map<string, Flight>();
  readonly #options: SingleFlightOptions;

  constructor(options: SingleFlightOptions) {
    this.#options = options;
  }

  /** Loads under way. */
  get size(): number {
    return this.#flights.size;
  }

  /** Waits for the load of `key` that is under way, unless there is none or it was overtaken. */
  join<V>(key: string, signal: AbortSignal | undefined): Promise<V> | undefined {
    const flight = this.#flights.get(key);
    if (flight === undefined || !flight.open) return undefined;
    const { recorder } = this.#options;
    recorder.waited();
    if (flight.write.reading) flight.uncounted++;
    else recorder.miss(key);
    return (flight as Flight<V>).join(signal);
  }

  /** @param first - what the first tier answered: nothing, or not yet */
  start<V>(
    key: string,
    ownKey: string,
    loader: Loader<V>,
    options: GetOrSetOptions | undefined,
    first: Promise<Entry | undefined> | undefined,
  ): Promise<V> {
    const flight = new Flight<V>(ownKey, this.#options.pending.begin(key, options?.tags));
    flight.uncounted = 1;
    this.#flights.set(key, flight as Flight);
    const result = flight.join(options?.signal);
    void this.#fly(flight, loader, options, first);
    return result;
  }

  /** Ends every load: its callers are rejected with `error`. */
  close(error: Error): void {
    for (const flight of this.#flights.values()) {
      flight.abort(error);
      flight.reject(error);
    }
    this.#flights.clear();
  }

  async #fly<V>(
    flight: Flight<V>,
    loader: Loader<V>,
    options: GetOrSetOptions | undefined,
    first: Promise<Entry | undefined> | undefined,
  ): Promise<void> {
    const { write } = flight;
    try {
      // Where nothing is left to ask, the loader starts in the turn of the call.
      const isCertain = first === undefined && this.#options.tiers.single;
      const hit = isCertain ? undefined : await this.#lookUp(write, first);
      write.reading = false;
      this.#countReads(flight, hit);
      const value =
        hit === undefined ? await this.#load(flight, loader, options) : (hit.entry.value as V);
      flight.resolve(value);
    } catch (error) {
      flight.reject(error);
    } finally {
      this.#options.pending.end(write);
      if (this.#flights.get(write.key) === flight) this.#flights.delete(write.key);
    }
  }

  async #lookUp(
    write: PendingWrite,
    first: Awaitable<Entry | undefined>,
  ): Promise<TierHit | undefined> {
    const { tiers } = this.#options;
    const entry = await first;
    if (entry !== undefined) return { entry, tier: tiers.first };
    return tiers.readLower(write.key, write);
  }

  #countReads(flight: Pick<Flight, 'uncounted' | 'write'>, hit: TierHit | undefined): void {
    const { recorder } = this.#options;
    const { key } = flight.write;
    for (; flight.uncounted > 0; flight.uncounted--) {
      if (hit === undefined) recorder.miss(key);
      else recorder.hit(key, hit.tier.name);
    }
  }

  async #load<V>(
    flight: Flight<V>,
    loader: Loader<V>,
    options: GetOrSetOptions | undefined,
  ): Promise<V> {
    if (flight.aborted) flight.context.signal.throwIfAborted();
    const { clock, recorder, ttlMs } = this.#options;
    const { key } = flight.write;
    const startedAt = clock.monotonic();
    let value: V;
    try {
      value = await loader(flight.context);
    } catch (error) {
      const outcome = flight.aborted ? 'aborted' : 'failure';
      recorder.loadEnded(key, clock.monotonic() - startedAt, outcome, error);
      throw error;
    }
    const loadMs = clock.monotonic() - startedAt;
    recorder.loadEnded(key, loadMs, flight.aborted ? 'aborted' : 'success');
    const ttl = checkTtl(options?.ttlMs, ttlMs);
    if (value !== undefined && ttl > 0) {
      const entry = makeEntry(value, clock.now(), ttl, options?.tags, loadMs);
      await this.#keep(flight.write, entry);
    }
    return value;
  }

  /** A store that fails to keep what was loaded takes it away from nobody. */
  async #keep(write: PendingWrite, entry: Entry): Promise<void> {
    if (write.overtaken) return;
    const { pending, recorder, tiers } = this.#options;
    pending.overtakeOthers(write);
    const answers = await tiers.call('set', write.key, (store) => store.set(write.key, entry));
    if (answers.some((answer) => answer.failure === undefined)) {
      recorder.kept(write.key, entry.expiresAt);
    }
  }
}
