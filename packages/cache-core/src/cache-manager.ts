import {
  checkOptionNames,
  type EventSource,
  type Listener,
  numberOption,
  objectOption,
  purgeLimit,
} from '@x/interfaces';
import { CacheNamespace } from './cache-namespace.ts';
import type { CacheEvents } from './manager/recording/cache-events.ts';
import { type CacheManagerOptions, cacheManagerSettings } from './manager/cache-manager-options.ts';
import type { CacheInfo, CacheStats } from './manager/recording/cache-stats.ts';
import { CacheEngine } from './manager/engine.ts';

/**
 * A cache over one store, or over several tiers of which the first is asked first: single flight,
 * tags, patterns, namespaces, statistics. A store that cannot be read counts as a miss.
 */
export class CacheManager
  extends CacheNamespace
  implements EventSource<CacheEvents>, AsyncDisposable
{
  readonly #engine: CacheEngine;

  constructor(options: CacheManagerOptions = {}) {
    const engine = new CacheEngine(cacheManagerSettings(options));
    super(engine, '');
    this.#engine = engine;
  }

  get name(): string {
    return this.#engine.name;
  }

  /**
   * Removes expired entries from every store now, at most `limit` from each, which is `Infinity` unless
   * given; answers how many.
   *
   * @throws TypeError or RangeError when `limit` is no whole number of at least 0
   */
  async purgeExpired(options?: { readonly limit?: number | undefined }): Promise<number> {
    return this.#engine.purgeExpired(purgeLimit(options));
  }

  /** What the cache holds, and what it did since it was made. */
  stats(): Promise<CacheStats> {
    return this.#engine.stats();
  }

  /** How the cache is set up, and what it holds. */
  info(): Promise<CacheInfo> {
    return this.#engine.info();
  }

  /**
   * Calls `listener` at each event `name` until the result is disposed.
   *
   * @throws TypeError naming the events that there are when `name` is none of them
   */
  on<Name extends keyof CacheEvents>(
    name: Name,
    listener: Listener<CacheEvents[Name]>,
  ): Disposable {
    return this.#engine.on(name, listener);
  }

  /**
   * Takes no more calls, which reject with code `ERR_CLOSED`. Lets loads under way end and be kept for
   * `timeoutMs` at most, 0 unless given; then aborts their signals and rejects their callers. Closes the
   * stores unless `closeStores` is `false`. Safe to call twice.
   *
   * @throws RangeError when `timeoutMs` is below 0; nothing is closed then
   */
  async close(options: { readonly timeoutMs?: number | undefined } = {}): Promise<void> {
    objectOption('options', options, '{ timeoutMs }');
    checkOptionNames(options, { known: { timeoutMs: true }, misnamed: { timeout: 'timeoutMs' } });
    await this.#engine.close(numberOption('timeoutMs', options.timeoutMs, 0, { min: 0 }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
