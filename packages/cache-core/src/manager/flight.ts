import type { LoaderContext } from '@x/interfaces';
import type { PendingWrite } from './pending-writes.ts';

/** What a loader is given; the controller behind the signal is made when the loader asks for it. */
class FlightContext implements LoaderContext {
  readonly key: string;
  #controller: AbortController | undefined;
  #aborted = false;
  #reason: unknown;

  constructor(key: string) {
    this.key = key;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

/** One load of one key, and the callers who wait for it. */
export class Flight<V = unknown> {
  readonly write: PendingWrite;
  /** Callers whose read is not counted yet, since it is not known whether a lower tier has it. */
  uncounted = 0;
  aborted = false;
  readonly #context: FlightContext;
  readonly #result = Promise.withResolvers<V>();
  #waiters = 0;

  /** @param ownKey - the key as the caller wrote it, without the prefix of its namespace */
  constructor(ownKey: string, write: PendingWrite) {
    this.#context = new FlightContext(ownKey);
    this.write = write;
    // Every caller may have left by the time it fails.
    this.#result.promise.catch(() => {});
  }

  get context(): LoaderContext {
    return this.#context;
  }

  /** Whether a new caller may wait for it too. */
  get open(): boolean {
    return !this.write.overtaken;
  }

  /** Waits for the result, or until `signal` aborts. The last one to leave aborts the load. */
  join(signal: AbortSignal | undefined): Promise<V> {
    this.#waiters++;
    if (signal === undefined) return this.#result.promise;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(signal.reason as Error);
        if (--this.#waiters === 0) this.abort(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      void this.#result.promise
        .finally(() => signal.removeEventListener('abort', leave))
        .then(resolve, reject);
    });
  }

  resolve(value: V): void {
    this.#result.resolve(value);
  }

  reject(error: unknown): void {
    this.#result.reject(error);
  }

  /** Tells the loader that its result is not wanted; whatever it answers is not kept. */
  abort(reason: unknown): void {
    this.aborted = true;
    this.write.overtaken = true;
    this.#context.abort(reason);
  }
}
