import {
  describeError,
  EventHub,
  type Listener,
  type Logger,
  type Meter,
  noopMeter,
} from '@x/interfaces';
import {
  cacheEventNames,
  type CacheEvents,
  type LoadEvent,
  type LoadOutcome,
  type StoreErrorEvent,
} from './cache-events.ts';
import {
  errorChannel,
  hitChannel,
  type HitMessage,
  loadChannel,
  type LoadMessage,
  missChannel,
  type MissMessage,
  type StoreErrorMessage,
} from './channels.ts';
import { createInstruments, type Instruments } from './instruments.ts';

/** Reasons of refusals that one cache warns of. */
const mostWarnings = 10;

/** Tells what the cache does: counts it, measures it, emits it and logs it. */
export class Recorder {
  hits = 0;
  stale = 0;
  misses = 0;
  loads = 0;
  loadFailures = 0;
  coalesced = 0;
  sets = 0;
  deletes = 0;
  errors = 0;
  readonly #cache: string;
  readonly #instruments: Instruments;
  readonly #isMetered: boolean;
  readonly #logger: Logger | undefined;
  readonly #hub: EventHub<CacheEvents>;
  /** Reasons of refusals that were warned of. */
  readonly #warned = new Set<string>();
  /** One boolean keeps the hit path free of any look-up until somebody has listened. */
  #observed = false;

  constructor(cache: string, tiers: readonly string[], meter: Meter, logger: Logger | undefined) {
    this.#cache = cache;
    this.#instruments = createInstruments(meter, cache, tiers);
    this.#isMetered = meter !== noopMeter;
    this.#logger = logger;
    this.#hub = new EventHub(cacheEventNames, (error) => {
      logger?.error(`cache "${cache}": a listener threw: ${describeError(error)}`);
    });
  }

  on<Name extends keyof CacheEvents>(
    name: Name,
    listener: Listener<CacheEvents[Name]>,
  ): Disposable {
    const subscription = this.#hub.on(name, listener);
    this.#observed = true;
    return subscription;
  }

  stopListening(): void {
    this.#hub.clear();
  }

  /** A fresh value was found at once in `tier`. */
  plainHit(key: string, tier: { readonly name: string }): void {
    this.hits++;
    if (this.#isMetered) this.#instruments.hits.inc();
    if (this.#observed || hitChannel.hasSubscribers) this.#tellHit(key, tier.name, false);
  }

  /** A value was found and served. */
  hit(key: string, tier: string, isStale: boolean): void {
    this.hits++;
    this.#instruments.hits.inc();
    if (isStale) this.servedStale(key);
    if (this.#observed || hitChannel.hasSubscribers) this.#tellHit(key, tier, isStale);
  }

  #tellHit(key: string, tier: string, isStale: boolean): void {
    const event = { key, tier, stale: isStale };
    if (this.#hub.has('hit')) this.#hub.emit('hit', event);
    if (!hitChannel.hasSubscribers) return;
    const message: HitMessage = { cache: this.#cache, ...event };
    hitChannel.publish(message);
  }

  /** A stale value was served, at once or because its load was slow or failed. */
  servedStale(key: string): void {
    this.stale++;
    this.#instruments.stale.inc();
    if (this.#listens('stale')) this.#hub.emit('stale', { key });
  }

  miss(key: string): void {
    this.misses++;
    this.#instruments.misses.inc();
    if (this.#listens('miss')) this.#hub.emit('miss', { key });
    if (!missChannel.hasSubscribers) return;
    const message: MissMessage = { cache: this.#cache, key };
    missChannel.publish(message);
  }

  waited(): void {
    this.coalesced++;
    this.#instruments.coalesced.inc();
  }

  /** @param keys - all keys, of a load of several; it counts as one */
  loadEnded(
    key: string,
    durationMs: number,
    outcome: LoadOutcome,
    error?: unknown,
    keys?: readonly string[],
  ): void {
    this.loads++;
    if (outcome === 'failure') this.loadFailures++;
    this.#instruments.loads[outcome].inc();
    this.#instruments.loadDuration.record(
      durationMs,
      outcome === 'success' ? 'success' : 'failure',
    );
    const event: LoadEvent = { key, keys, durationMs, outcome, error };
    if (this.#listens('load')) this.#hub.emit('load', event);
    if (!loadChannel.hasSubscribers) return;
    const message: LoadMessage = { cache: this.#cache, ...event };
    loadChannel.publish(message);
  }

  /** A store has made up for every change that it missed. */
  recovered(tier: string, changes: number): void {
    this.#logger?.info(`cache "${this.#cache}": ${tier} has made up for ${changes} changes`);
    if (this.#listens('recover')) this.#hub.emit('recover', { tier, changes });
  }

  kept(key: string, expiresAt: number | undefined): void {
    this.sets++;
    this.#instruments.sets.inc();
    if (this.#listens('set')) this.#hub.emit('set', { key, expiresAt });
  }

  deleted(keys: readonly string[], removed: number): void {
    this.deletes += removed;
    this.#instruments.deletes.inc(removed);
    if (this.#listens('delete')) this.#hub.emit('delete', { keys, removed });
  }

  invalidated(target: Omit<CacheEvents['invalidate'], 'count'>, count: number | undefined): void {
    if (this.#listens('invalidate')) this.#hub.emit('invalidate', { ...target, count });
  }

  cleared(): void {
    if (this.#listens('clear')) this.#hub.emit('clear', {});
  }

  /** @param isRefusal - the store works, but cannot keep the value */
  storeFailed(event: StoreErrorEvent, isRefusal: boolean): void {
    this.errors++;
    this.#instruments.storeErrors.get(event.tier)?.inc();
    const of = event.key === undefined ? '' : ` of ${JSON.stringify(event.key)}`;
    const text = `cache "${this.#cache}": ${event.operation}${of} failed in ${event.tier}: ${describeError(event.error)}`;
    this.#logger?.warn(text);
    if (isRefusal && this.#logger === undefined && !this.#listens('error')) {
      this.#warnOnce(describeError(event.error), text);
    }
    if (this.#listens('error')) this.#hub.emit('error', event);
    if (!errorChannel.hasSubscribers) return;
    const message: StoreErrorMessage = { cache: this.#cache, ...event };
    errorChannel.publish(message);
  }

  /** Callers get their value all the same, and would wonder why it is loaded each time. */
  #warnOnce(reason: string, message: string): void {
    if (this.#warned.has(reason) || this.#warned.size === mostWarnings) return;
    this.#warned.add(reason);
    process.emitWarning(
      `${message} (give the cache a logger to hear of each)`,
      'UnkeptValueWarning',
    );
  }

  #listens(name: keyof CacheEvents): boolean {
    return this.#observed && this.#hub.has(name);
  }
}
