/** Called with one event of type `E`. What it throws goes to the hub's `onListenerError`. */
export type Listener<E> = (event: E) => void;

/** What a component with events offers: `on('evict', listener)` and nothing more. */
export interface EventSource<Events extends object> {
  /** Calls `listener` at each event `name` until the result is disposed. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable;
}

/**
 * Typed listeners of one component. A listener that throws disturbs neither the others nor the
 * operation that emitted.
 */
export class EventHub<Events extends object> implements EventSource<Events> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();
  readonly #onListenerError: ((error: unknown) => void) | undefined;

  /** @param onListenerError - told what a listener threw; without it the error is dropped */
  constructor(onListenerError?: (error: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Disposable {
    let listeners = this.#listeners.get(name);
    if (listeners === undefined) this.#listeners.set(name, (listeners = new Set()));
    // A wrapper of its own for each call, so that one function may listen twice.
    const entry: Listener<Events[Name]> = (event) => listener(event);
    listeners.add(entry);
    return { [Symbol.dispose]: () => void listeners.delete(entry) };
  }

  /** Whether somebody listens to `name`; ask before building an event on a hot path. */
  has(name: keyof Events): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  /** Hands `event` to the listeners of `name`, in the order they came. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        (listener as Listener<Events[Name]>)(event);
      } catch (error) {
        this.#onListenerError?.(error);
      }
    }
  }

  /** Removes every listener. */
  clear(): void {
    this.#listeners.clear();
  }
}
