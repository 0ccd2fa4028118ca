import type { Waiter } from './waiter.ts';

/** Waiting callers, first come first served. Every operation takes constant time. */
export class WaiterQueue<T> {
  #head: Waiter<T> | undefined;
  #tail: Waiter<T> | undefined;
  #size = 0;
  #permits = 0;

  /** The caller who has waited longest. */
  get head(): Waiter<T> | undefined {
    return this.#head;
  }

  /** Callers waiting. */
  get size(): number {
    return this.#size;
  }

  /** Permits that they ask for in total. */
  get permits(): number {
    return this.#permits;
  }

  push(waiter: Waiter<T>): void {
    waiter.queued = true;
    waiter.previous = this.#tail;
    if (this.#tail === undefined) this.#head = waiter;
    else this.#tail.next = waiter;
    this.#tail = waiter;
    this.#size++;
    this.#permits += waiter.permits;
  }

  /** Takes `waiter` out, wherever it stands; does nothing when it is not in the queue. */
  remove(waiter: Waiter<T>): void {
    if (!waiter.queued) return;
    const { previous, next } = waiter;
    if (previous === undefined) this.#head = next;
    else previous.next = next;
    if (next === undefined) this.#tail = previous;
    else next.previous = previous;
    waiter.previous = waiter.next = undefined;
    waiter.queued = false;
    this.#size--;
    this.#permits -= waiter.permits;
  }

  /**
   * The callers in their order. The one at hand may be removed while iterating.
   *
   * @yields each waiter, from the head on
   */
  *[Symbol.iterator](): Generator<Waiter<T>> {
    for (let waiter = this.#head; waiter !== undefined;) {
      const next: Waiter<T> | undefined = waiter.next;
      yield waiter;
      waiter = next;
    }
  }
}
