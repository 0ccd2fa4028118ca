import { describeValue, EventHub, type Listener, type Logger, type Meter } from '@x/interfaces';
import type { CacheEvents, LoadOutcome, StoreErrorEvent } from './cache-events.ts';
import { errorChannel, loadChannel, type LoadMessage, type StoreErrorMessage } from './channels.ts';
import { createInstruments, type Instruments } from './instruments.ts';

/** Tells what the cache does: counts it, measures it, emits it and logs it. */
export class Recorder {
  hits = 0;
  misses = 0;
  loads = 0;
  loadFailures = 0;
  coalesced = 0;
  sets = 0;
  deletes = 0;
  errors = 0;
  readonly #cache: string;
  readonly #instruments: Instruments;
  readonly #logger: Logger | undefined;
  readonly #hub: EventHub<CacheEvents>;
  /** One boolean keeps the hit path free of any look-up until somebody has listened. */
  #observed = false;

  constructor(cache: string, tiers: readonly string[], meter: Meter, logger: Logger | undefined) {
    this.#cache = cache;
    this.#instruments = createInstruments(meter, cache, tiers);
    this.#logger = logger;
    this.#hub = new EventHub((error) => {
      logger?.error(`cache "${cache}": a listener threw: ${messageOf(error)}`);
    });
  }

  on<Name extends keyof CacheEvents>(
    name: Name,
    listener: Listener<CacheEvents[Name]>,
  ): Disposable {
    this.#observed = true;
    return this.#hub.on(name, listener);
  }

  stopListening(): void {
    this.#hub.clear();
  }

  hit(key: string, tier: string): void {
    this.hits++;
    this.#instruments.hits.inc();
    if (this.#listens('hit')) this.#hub.emit('hit', { key, tier });
  }

  miss(key: string): void {
    this.misses++;
    this.#instruments.misses.inc();
    if (this.#listens('miss')) this.#hub.emit('miss', { key });
  }

  waited(): void {
    this.coalesced++;
    this.#instruments.coalesced.inc();
  }

  loadEnded(key: string, durationMs: number, outcome: LoadOutcome, error?: unknown): void {
    this.loads++;
    if (outcome === 'failure') this.loadFailures++;
    this.#instruments.loads[outcome].inc();
    this.#instruments.loadDuration.record(
      durationMs,
      outcome === 'success' ? 'success' : 'failure',
    );
    const event = { key, durationMs, outcome, error };
    if (this.#listens('load')) this.#hub.emit('load', event);
    if (!loadChannel.hasSubscribers) return;
    const message: LoadMessage = { cache: this.#cache, ...event };
    loadChannel.publish(message);
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

  storeFailed(event: StoreErrorEvent): void {
    this.errors++;
    this.#instruments.storeErrors.get(event.tier)?.inc();
    const of = event.key === undefined ? '' : ` of ${JSON.stringify(event.key)}`;
    this.#logger?.warn(
      `cache "${this.#cache}": ${event.operation}${of} failed in ${event.tier}: ${messageOf(event.error)}`,
    );
    if (this.#listens('error')) this.#hub.emit('error', event);
    if (!errorChannel.hasSubscribers) return;
    const message: StoreErrorMessage = { cache: this.#cache, ...event };
    errorChannel.publish(message);
  }

  #listens(name: keyof CacheEvents): boolean {
    return this.#observed && this.#hub.has(name);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : describeValue(error);
}
