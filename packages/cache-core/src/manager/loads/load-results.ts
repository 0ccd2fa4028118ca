import type { CacheSetOptions, Clock, Entry, Loader } from '@x/interfaces';
import { checkTtl } from '../../call-options.ts';
import type { Backoffs } from './backoffs.ts';
import type { Flight } from './flight.ts';
import type { FlightContext } from './flight-context.ts';
import { staleForMs } from '../reads/freshness.ts';
import type { LoadPolicy } from './load-policy.ts';
import { type EntryTimes, makeEntry } from '../reads/kept-entry.ts';
import type { PendingWrites } from '../changes/pending-writes.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { Tier } from '../tiers/tier.ts';
import type { Tiers } from '../tiers/tiers.ts';

export interface LoadResultsOptions {
  readonly tiers: Tiers;
  readonly pending: PendingWrites;
  readonly recorder: Recorder;
  readonly backoffs: Backoffs;
  readonly clock: Clock;
  readonly random: () => number;
}

type Marks = ReadonlyMap<Tier, number>;

/** Runs loaders, and keeps what comes of them. */
export class LoadResults {
  readonly #options: LoadResultsOptions;

  constructor(options: LoadResultsOptions) {
    this.#options = options;
  }

  /** Runs the loader of `flight` and keeps its value, or its error where that is wanted. */
  async load<V>(
    flight: Flight<V>,
    call: { readonly loader: Loader<V>; readonly policy: LoadPolicy<V> },
    context: FlightContext,
    marks: Marks,
  ): Promise<V> {
    const { clock, recorder } = this.#options;
    const { key } = flight.write;
    const startedAt = clock.monotonic();
    let value: V;
    let times: EntryTimes;
    try {
      value = await call.loader(context);
      times = this.timesOf(value, call.policy, context.kept);
    } catch (error) {
      const outcome = flight.aborted ? 'aborted' : 'failure';
      recorder.loadEnded(key, clock.monotonic() - startedAt, outcome, error);
      await this.failed(flight, error, marks);
      throw error;
    }
    const loadMs = clock.monotonic() - startedAt;
    recorder.loadEnded(key, loadMs, flight.aborted ? 'aborted' : 'success');
    await this.succeeded(flight, value, { ...times, loadMs }, marks);
    return value;
  }

  /** How a loaded value is kept: as the loader says, else as the call does. */
  timesOf<V>(value: V, policy: LoadPolicy<V>, kept?: CacheSetOptions): EntryTimes {
    const given = kept?.ttlMs ?? policy.ttlMs;
    const ttlMs = typeof given === 'function' ? checkTtl(given(value), 0) : given;
    return {
      ttlMs: this.jittered(ttlMs, policy.ttlJitterRatio),
      staleWhileRevalidateMs: kept?.staleWhileRevalidateMs ?? policy.staleWhileRevalidateMs,
      staleIfErrorMs: kept?.staleIfErrorMs ?? policy.staleIfErrorMs,
      tags: kept?.tags ?? policy.tags,
    };
  }

  /** `ttlMs`, shortened at random by at most the share `ratio`. */
  jittered(ttlMs: number, ratio: number): number {
    return ratio === 0 ? ttlMs : ttlMs * (1 - ratio * this.#options.random());
  }

  async succeeded<V>(flight: Flight<V>, value: V, times: EntryTimes, marks: Marks): Promise<void> {
    const { backoffs, clock } = this.#options;
    backoffs.succeeded(flight.write.key);
    const isKept = value !== undefined || flight.policy.cacheUndefined;
    if (!isKept || times.ttlMs === 0) return;
    await this.#keep(flight, makeEntry(value, clock.now(), times), marks);
  }

  /** Notes that a value which can be served is not to be loaded for a while, or keeps the error. */
  async failed<V>(flight: Flight<V>, error: unknown, marks: Marks): Promise<void> {
    if (flight.aborted) return;
    const { backoffs, clock } = this.#options;
    const { policy, previous, write } = flight;
    const now = clock.now();
    const windowMs = Math.max(policy.staleIfErrorMs, policy.staleWhileRevalidateMs);
    if (previous !== undefined && staleForMs(previous, now) < windowMs) {
      backoffs.failed(write.key, previous, policy.errorBackoffMs);
    } else if (policy.errorTtlMs > 0) {
      const ttlMs = policy.errorTtlMs;
      const times = { ttlMs, staleWhileRevalidateMs: 0, staleIfErrorMs: 0, tags: policy.tags };
      await this.#keep(flight, makeEntry(error, now, times, 'error'), marks);
    }
  }

  /** A store that fails to keep what was loaded takes it away from nobody. */
  async #keep<V>(flight: Flight<V>, entry: Entry, marks: Marks): Promise<void> {
    const { write } = flight;
    if (write.overtaken) return;
    const { pending, recorder, tiers } = this.#options;
    pending.overtakeOthers(write);
    const answers = await tiers.keep(write.key, entry, marks);
    if (answers.some((answer) => answer.failure === undefined)) {
      recorder.kept(write.key, entry.expiresAt);
    }
  }
}
