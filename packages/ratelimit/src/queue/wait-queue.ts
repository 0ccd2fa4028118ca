import { type Entry, Lane, type Wake } from './lane.ts';
import type { Waiter } from './waiter.ts';

/** Which of the callers of equal priority is served first. */
export type QueueOrder = 'fifo' | 'lifo';

/**
 * Waiting callers: higher priorities first, and within a priority in the order of their coming, or
 * the other way round. Every operation takes constant time, but for a search among the priorities.
 */
export class WaitQueue {
  /** Callers waiting. */
  size = 0;
  readonly #newestFirst: boolean;
  /** Sorted by priority, the highest first. The lane of priority 0 stays when it is empty. */
  readonly #lanes: Lane[];
  readonly #usual = new Lane(0);
  #wake: Wake | undefined;
  readonly #keepWake = (resolve: Wake): void => {
    this.#wake = resolve;
  };

  constructor(order: QueueOrder = 'fifo') {
    this.#newestFirst = order === 'lifo';
    this.#lanes = [this.#usual];
  }

  /** Lets a caller wait; the promise is what it is woken with. */
  wait<T>(entry: Entry): Promise<T> {
    // One executor for all promises, so that a wait makes no closure of its own.
    const promise = new Promise<unknown>(this.#keepWake);
    const lane = typeof entry === 'function' ? this.#usual : this.#laneOf(entry.priority);
    lane.push(this.#wake as Wake, entry);
    this.#wake = undefined;
    this.size++;
    return promise as Promise<T>;
  }

  /** Who is served next. */
  head(): Entry | undefined {
    const lane = this.#first();
    return this.#newestFirst ? lane?.newest() : lane?.oldest();
  }

  /** Takes out what {@link head} answered; call what it answers to wake the caller. */
  shift(): Wake {
    const lane = this.#first() as Lane;
    const wake = this.#newestFirst ? lane.pop() : lane.shift();
    this.#left(lane);
    return wake;
  }

  /** Takes out a waiter, wherever it stands; `undefined` when it is not in the queue any more. */
  remove(waiter: Waiter): Wake | undefined {
    const { wake } = waiter;
    if (wake === undefined) return undefined;
    const lane = this.#laneOf(waiter.priority);
    lane.remove(waiter);
    this.#left(lane);
    return wake;
  }

  /** The lowest priority that somebody waits with. */
  lowestPriority(): number | undefined {
    return this.#last()?.priority;
  }

  /** Of the callers of the lowest priority, who has waited longest or came last. */
  lowest(which: 'oldest' | 'newest'): Entry | undefined {
    return this.#last()?.[which]();
  }

  /** Takes out what {@link lowest} answered. */
  dropLowest(which: 'oldest' | 'newest'): Wake {
    const lane = this.#last() as Lane;
    const wake = which === 'oldest' ? lane.shift() : lane.pop();
    this.#left(lane);
    return wake;
  }

  /** Permits asked for by those whom a newcomer of `priority` would wait behind. */
  permitsAhead(priority: number): number {
    let permits = 0;
    for (const lane of this.#lanes) {
      if (lane.priority < priority) break;
      permits += lane.permits;
    }
    return permits;
  }

  /** The callers, from the highest priority to the lowest, within one from the oldest to the newest. */
  entries(): Entry[] {
    return this.#lanes.flatMap((lane) => lane.entries());
  }

  /** Only the lane of priority 0 may be empty, so the first who waits are in one of two lanes. */
  #first(): Lane | undefined {
    const lane = this.#lanes[0] as Lane;
    if (lane.size > 0) return lane;
    return this.#lanes[1];
  }

  #last(): Lane | undefined {
    const lane = this.#lanes.at(-1) as Lane;
    return lane.size > 0 ? lane : this.#lanes.at(-2);
  }

  #laneOf(priority: number): Lane {
    let low = 0;
    let high = this.#lanes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const lane = this.#lanes[middle] as Lane;
      if (lane.priority === priority) return lane;
      if (lane.priority > priority) low = middle + 1;
      else high = middle;
    }
    const lane = new Lane(priority);
    this.#lanes.splice(low, 0, lane);
    return lane;
  }

  #left(lane: Lane): void {
    this.size--;
    if (lane.size > 0 || lane.priority === 0) return;
    this.#lanes.splice(this.#lanes.indexOf(lane), 1);
  }
}
