import { types } from 'node:util';
import { describeValue } from './option-checks.ts';
import type { NameList } from './option-names.ts';

/**
 * Called with one event of type `E`. What it throws, or what a promise that it answers rejects with,
 * goes to the hub's `onListenerError`. Its answer is not looked at otherwise, and not waited for.
 */
export type Listener<E> = (event: E) => unknown;

/** What a component with events offers: `on('evict', listener)` and nothing more. */
export interface EventSource<Events extends object> {
  /**
   * Calls `listener` at each event `name` until the result is disposed.
   *
   * @throws TypeError naming the events that there are when `name` is none of them
   */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable;
}

/** One call of `on`: an object of its own, so that one function may listen twice. */
interface Subscription {
  readonly listener: Listener<never>;
  /** Its place in the order of all subscriptions of the hub. */
  readonly order: number;
}

/**
 * Typed listeners of one component. A listener that throws or rejects disturbs neither the others
 * nor the operation that emitted.
 */
export class EventHub<Events extends object> implements EventSource<Events> {
  readonly #subscriptions = new Map<keyof Events, Set<Subscription>>();
  readonly #names: NameList<Events>;
  readonly #onListenerError: ((error: unknown) => unknown) | undefined;
  #lastOrder = 0;

  /**
   * @param names - of the events that there are
   * @param onListenerError - told what a listener threw or rejected with; without it the error is
   * dropped, as is an error of `onListenerError` itself
   */
  constructor(names: NameList<Events>, onListenerError?: (error: unknown) => unknown) {
    this.#names = names;
    this.#onListenerError = onListenerError;
  }

  /** @throws TypeError when there is no event `name`, or `listener` is no function */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable {
    if (!Object.hasOwn(this.#names, name)) {
      const all = Object.keys(this.#names).join(', ');
      throw new TypeError(`there is no event ${describeValue(name)}; there are ${all}`);
    }
    if (typeof listener !== 'function') {
      throw new TypeError(`listener must be a function, got ${describeValue(listener)}`);
    }
    let subscriptions = this.#subscriptions.get(name);
    if (subscriptions === undefined) this.#subscriptions.set(name, (subscriptions = new Set()));
    const subscription: Subscription = { listener, order: ++this.#lastOrder };
    subscriptions.add(subscription);
    return { [Symbol.dispose]: () => void subscriptions.delete(subscription) };
  }

  /** Whether somebody listens to `name`; ask before building an event on a hot path. */
  has(name: keyof Events): boolean {
    return (this.#subscriptions.get(name)?.size ?? 0) > 0;
  }

  /**
   * Hands `event` to the listeners of `name`, in the order they came. Listeners that are added
   * meanwhile are not called, those that are removed meanwhile not any more.
   */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const subscriptions = this.#subscriptions.get(name);
    if (subscriptions === undefined || subscriptions.size === 0) return;
    const lastOrder = this.#lastOrder;
    for (const { listener, order } of subscriptions) {
      if (order > lastOrder) return;
      try {
        const answer = (listener as Listener<Events[Name]>)(event);
        if (types.isPromise(answer)) answer.catch((error: unknown) => this.#report(error));
      } catch (error) {
        this.#report(error);
      }
    }
  }

  /** Removes every listener; an event under way reaches no more of them. */
  clear(): void {
    for (const subscriptions of this.#subscriptions.values()) subscriptions.clear();
    this.#subscriptions.clear();
  }

  #report(failure: unknown): void {
    try {
      const answer = this.#onListenerError?.(failure);
      if (types.isPromise(answer)) answer.catch(() => {});
    } catch {
      // Nobody is left to tell.
    }
  }
}
