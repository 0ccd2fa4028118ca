import { describeError, type Logger } from '@x/interfaces';

/**
 * Why a value left a `MemoryCache`: to stay within a bound, because its time was over, because its
 * key was set again, by `delete` or `clear`, or by an invalidation.
 */
export type RemovalReason = 'capacity' | 'expired' | 'replaced' | 'deleted' | 'invalidated';

/** Told of each value that left. */
export type RemovalListener<K, V> = (key: K, value: V, reason: RemovalReason) => void;

/**
 * Keeps removals until the operation that made them is complete, then tells the listener in order.
 * The listener may use the cache; what that removes is told after it returns.
 */
export class Removals<K, V> {
  readonly #listener: RemovalListener<K, V>;
  readonly #logger: Logger | undefined;
  #waiting: [K, V, RemovalReason][] = [];
  #telling = false;

  constructor(listener: RemovalListener<K, V>, logger: Logger | undefined) {
    this.#listener = listener;
    this.#logger = logger;
  }

  add(key: K, value: V, reason: RemovalReason): void {
    this.#waiting.push([key, value, reason]);
  }

  tell(): void {
    if (this.#telling || this.#waiting.length === 0) return;
    this.#telling = true;
    while (this.#waiting.length > 0) {
      const removals = this.#waiting;
      this.#waiting = [];
      for (const [key, value, reason] of removals) this.#tellOne(key, value, reason);
    }
    this.#telling = false;
  }

  #tellOne(key: K, value: V, reason: RemovalReason): void {
    try {
      this.#listener(key, value, reason);
    } catch (error) {
      this.#logger?.error(`onRemove threw: ${describeError(error)}`);
    }
  }
}
