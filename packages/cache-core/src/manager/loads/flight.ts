import type { Clock, Entry } from '@x/interfaces';
import { isPatient, type LoadPolicy } from './load-policy.ts';
import type { PendingWrite } from '../changes/pending-writes.ts';
import { type WaitedFor, Waiter } from './waiter.ts';

export interface FlightOptions {
  /** The key, as the caller wrote it, without the prefix of its namespace. */
  readonly ownKey: string;
  readonly write: PendingWrite;
  readonly policy: LoadPolicy;
  readonly clock: Clock;
  /** What was kept when it began. */
  readonly previous: Entry | undefined;
  /** Told of a stale value that a caller got after waiting. */
  readonly onStale: (key: string) => void;
  /** Told, once, that the result is not wanted. */
  readonly onAbort: (reason: unknown) => void;
}

/** One load of one key, and the callers who wait for it. */
export class Flight<V = unknown> implements WaitedFor<V> {
  readonly ownKey: string;
  readonly write: PendingWrite;
  readonly policy: LoadPolicy;
  previous: Entry | undefined;
  /** Callers whose read is not counted yet, since it is not known whether a lower tier has it. */
  uncounted = 0;
  aborted = false;
  readonly #options: FlightOptions;
  readonly #result = Promise.withResolvers<V>();
  readonly #waiters = new Set<Waiter<V>>();
  #patient = 0;
  /** Goes on also when nobody waits for it. */
  #isKept = false;
  #isSettled = false;
  #wake: (() => void) | undefined;

  constructor(options: FlightOptions) {
    this.#options = options;
    this.ownKey = options.ownKey;
    this.write = options.write;
    this.policy = options.policy;
    this.previous = options.previous;
    // Every caller may have left by the time it fails, or not look at the result.
    this.#result.promise.catch(() => {});
  }

  /** Whether a new caller may wait for it too. */
  get open(): boolean {
    return !this.write.overtaken;
  }

  /** Whether somebody waits for the result. */
  get awaited(): boolean {
    return this.#patient > 0 || this.#waiters.size > 0;
  }

  /** Waits for the result as `policy` says. The last one to leave by `signal` aborts the load. */
  join(policy: LoadPolicy, signal: AbortSignal | undefined): Promise<V> {
    if (signal === undefined && isPatient(policy)) {
      this.#patient++;
      return this.#result.promise;
    }
    const waiter = new Waiter<V>(this, policy, signal, this.#options.clock);
    this.#waiters.add(waiter);
    return waiter.promise;
  }

  /** Lets it go on though nobody waits for it. */
  keepGoing(): void {
    this.#isKept = true;
  }

  /** `previous` was found. Answers how many callers it was good for, who have it now. */
  offer(previous: Entry, mayNotLoad: boolean): number {
    this.previous = previous;
    let served = 0;
    for (const waiter of this.#waiters) if (waiter.offer(mayNotLoad)) served++;
    return served;
  }

  resolve(value: V): void {
    this.#isSettled = true;
    this.#result.resolve(value);
    for (const waiter of this.#waiters) waiter.resolve(value);
    this.#waiters.clear();
  }

  /** The load failed; callers who accept it get a stale value. */
  fail(error: unknown): void {
    this.#isSettled = true;
    this.#result.reject(error);
    for (const waiter of this.#waiters) waiter.fail(error);
    this.#waiters.clear();
  }

  /** Nobody gets anything but `error`. */
  reject(error: unknown): void {
    this.#isSettled = true;
    this.#result.reject(error);
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }

  /** Tells the loader that its result is not wanted; whatever it answers is not kept. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.write.overtaken = true;
    this.#options.onAbort(reason);
    this.#wake?.();
  }

  /** Waits, but no longer than it is wanted, and without keeping the process alive for nobody. */
  async sleep(delayMs: number): Promise<void> {
    if (this.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.schedule(resolve, delayMs, { background: !this.awaited });
    this.#wake = resolve;
    await promise;
    timer[Symbol.dispose]();
    this.#wake = undefined;
  }

  left(waiter: Waiter<V>, reason: unknown): void {
    this.#waiters.delete(waiter);
    if (!this.awaited && !this.#isKept && !this.#isSettled) this.abort(reason);
  }

  served(waiter: Waiter<V>, isStale: boolean): void {
    this.#waiters.delete(waiter);
    this.#isKept = true;
    if (isStale) this.#options.onStale(this.write.key);
  }
}
