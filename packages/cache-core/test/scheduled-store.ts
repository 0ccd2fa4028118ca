import type { Awaitable } from '@x/interfaces';
import { FailingStore } from '@x/testkit';
import type fc from 'fast-check';
import type { MemoryStore } from '../src/index.ts';

/** How one call of a store ends: it may fail before it did anything, or after. */
export type Fate = 'well' | 'fails before' | 'fails after';

/** A store whose answers come, and whose changes take effect, when the scheduler says so. */
export class ScheduledStore extends FailingStore {
  readonly #scheduler: fc.Scheduler;
  readonly #fateOf: () => Fate;
  /** Changes take effect in the order in which they were made. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(scheduler: fc.Scheduler, fateOf: () => Fate, inner: MemoryStore) {
    super(inner);
    this.#scheduler = scheduler;
    this.#fateOf = fateOf;
  }

  protected override intercept<T>(
    method: Parameters<FailingStore['intercept']>[0],
    call: () => Awaitable<T>,
  ): Awaitable<T> {
    if (method === 'stats') return call();
    return method === 'get' || method === 'getMany' ? this.#read(call) : this.#change(call);
  }

  async #read<T>(read: () => Awaitable<T>): Promise<T> {
    await this.#turn('read');
    const found = this.#end(this.#fateOf(), read);
    await this.#turn('answer');
    return found;
  }

  #change<T>(change: () => Awaitable<T>): Promise<T> {
    const fate = this.#fateOf();
    const effect = this.#changes.then(async () => {
      await this.#turn('change');
      return this.#end(fate, change);
    });
    this.#changes = effect.catch(() => {});
    return this.#acknowledge(effect);
  }

  async #acknowledge<T>(effect: Promise<T>): Promise<T> {
    try {
      return await effect;
    } finally {
      await this.#turn('acknowledge');
    }
  }

  #end<T>(fate: Fate, call: () => T): T {
    if (fate === 'fails before') throw new Error('store failed');
    const result = call();
    if (fate === 'fails after') throw new Error('store failed after all');
    return result;
  }

  #turn(label: string): Promise<unknown> {
    return this.#scheduler.schedule(Promise.resolve(), label);
  }
}
