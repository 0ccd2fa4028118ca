import type { Clock, Entry } from '@x/interfaces';
import { CacheLoadTimeoutError } from '../../errors/cache-load-timeout-error.ts';
import { staleForMs } from '../reads/freshness.ts';
import type { LoadPolicy } from './load-policy.ts';

/** What a waiter needs of the flight it waits for. */
export interface WaitedFor<V> {
  /** The key, as the caller wrote it. */
  readonly ownKey: string;
  /** What is kept, stale or about to be. */
  readonly previous: Entry | undefined;
  /** The waiter gave up. */
  left(waiter: Waiter<V>, reason: unknown): void;
  /** The waiter has its answer, or will look no more; the load goes on. */
  served(waiter: Waiter<V>, isStale: boolean): void;
}

/** A caller who waits for a load, but not at any price. */
export class Waiter<V> {
  readonly #flight: WaitedFor<V>;
  readonly #policy: LoadPolicy;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #result = Promise.withResolvers<V>();
  readonly #timers: Disposable[] = [];
  #isLate = false;

  constructor(
    flight: WaitedFor<V>,
    policy: LoadPolicy,
    signal: AbortSignal | undefined,
    clock: Clock,
  ) {
    this.#flight = flight;
    this.#policy = policy;
    this.#clock = clock;
    this.#signal = signal;
    const { softTimeoutMs, hardTimeoutMs, staleIfErrorMs } = policy;
    if (softTimeoutMs !== Infinity && staleIfErrorMs > 0) {
      this.#timers.push(clock.schedule(() => this.#softTimeout(), softTimeoutMs));
    }
    if (hardTimeoutMs !== Infinity) {
      this.#timers.push(clock.schedule(() => this.#hardTimeout(), hardTimeoutMs));
    }
    signal?.addEventListener('abort', this.#abort, { once: true });
    // A caller who does not look at the result must not end the process by that.
    this.#result.promise.catch(() => {});
  }

  get promise(): Promise<V> {
    return this.#result.promise;
  }

  resolve(value: V): void {
    this.#end();
    this.#result.resolve(value);
  }

  /** The load failed: a stale value may do. */
  fail(error: unknown): void {
    if (this.#serveStale(this.#policy.staleIfErrorMs)) return;
    this.reject(error);
  }

  reject(error: unknown): void {
    this.#end();
    this.#result.reject(error);
  }

  /**
   * A stale value was found while others load.
   *
   * @param mayNotLoad - nothing will be loaded for now, as it failed a moment ago
   */
  offer(mayNotLoad: boolean): boolean {
    const { staleIfErrorMs, staleWhileRevalidateMs } = this.#policy;
    const windowMs = this.#isLate || mayNotLoad ? staleIfErrorMs : 0;
    return this.#serveStale(Math.max(staleWhileRevalidateMs, windowMs));
  }

  readonly #abort = (): void => {
    const reason: unknown = this.#signal?.reason;
    this.reject(reason);
    this.#flight.left(this, reason);
  };

  #softTimeout(): void {
    this.#isLate = true;
    this.#serveStale(this.#policy.staleIfErrorMs);
  }

  #hardTimeout(): void {
    if (this.#serveStale(this.#policy.staleIfErrorMs)) return;
    this.reject(new CacheLoadTimeoutError(this.#flight.ownKey, this.#policy.hardTimeoutMs));
    this.#flight.served(this, false);
  }

  #serveStale(windowMs: number): boolean {
    const { previous } = this.#flight;
    if (previous === undefined) return false;
    if (staleForMs(previous, this.#clock.now()) >= windowMs) return false;
    this.resolve(previous.value as V);
    this.#flight.served(this, true);
    return true;
  }

  #end(): void {
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#signal?.removeEventListener('abort', this.#abort);
  }
}
