import type { LoaderContext } from '@x/interfaces';
import type { ManualClock } from '@x/testkit';
import { expect } from 'vitest';

/** A loader whose loads end when the test says so. */
export class HeldLoads<V> {
  readonly contexts: LoaderContext[] = [];
  readonly #ends: PromiseWithResolvers<V>[] = [];

  /** The loader. */
  readonly load = (context: LoaderContext): Promise<V> => {
    this.contexts.push(context);
    const end = Promise.withResolvers<V>();
    this.#ends.push(end);
    return end.promise;
  };

  /** Loads begun so far. */
  get count(): number {
    return this.contexts.length;
  }

  /** Ends the load that began last, and lets what follows happen. */
  async resolve(value: V): Promise<void> {
    this.#ends.at(-1)?.resolve(value);
    await settle();
  }

  async reject(error: unknown): Promise<void> {
    this.#ends.at(-1)?.reject(error);
    await settle();
  }
}

/** One full turn of the event loop. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** After a close: no timer is left, in the foreground or behind. */
export function expectNoTimers(clock: ManualClock): void {
  expect(clock.pending).toEqual({ foreground: 0, background: 0 });
}
