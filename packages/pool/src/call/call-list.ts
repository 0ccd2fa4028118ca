import { LinkedList, type ListPlace } from '../dispatcher/linked-list.ts';
import type { Call } from './call.ts';

/** The calls of a pool that are under way. */
export class CallList {
  readonly #calls = new LinkedList<Call>();
  #onIdle: (() => void) | undefined;

  add(call: Call): ListPlace<Call> {
    return this.#calls.push(call);
  }

  remove(place: ListPlace<Call>): void {
    this.#calls.remove(place);
    if (this.#calls.size === 0) this.#onIdle?.();
  }

  /** Ends calls that only wait with what `errorOf` makes, or all; answers how many. */
  end(errorOf: (call: Call) => Error, which: 'pausing' | 'all'): number {
    const calls = [...this.#calls].filter((call) => which === 'all' || call.pausing);
    for (const call of calls) call.scope.end(errorOf(call));
    return calls.length;
  }

  /** Settles when no call is under way. */
  async idle(): Promise<void> {
    if (this.#calls.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }
}
