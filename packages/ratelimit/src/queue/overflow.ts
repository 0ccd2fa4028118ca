import { choiceOption, type NameList, numberOption } from '@x/interfaces';
import type { Entry, Wake } from './lane.ts';
import type { WaitQueue } from './wait-queue.ts';

/**
 * Who goes when a caller comes to a full queue:
 *
 * - `'reject-newest'`: the newcomer;
 * - `'drop-oldest'`: who has waited longest among those of the lowest priority, unless the newcomer's
 *   own priority is lower still;
 * - `'drop-lowest-priority'`: who came last among those of the lowest priority, if that is lower than
 *   the newcomer's, else the newcomer.
 */
export type WhenFull = 'reject-newest' | 'drop-oldest' | 'drop-lowest-priority';

/** How many callers may wait, and who goes when one more comes. */
export interface QueueOptions {
  /** How many callers may wait. 0 means that nobody waits. @defaultValue `Infinity` */
  readonly maxQueue?: number | undefined;
  /** Who goes when a caller comes to a full queue. @defaultValue `'reject-newest'` */
  readonly whenFull?: WhenFull | undefined;
}

export const queueOptionNames: NameList<QueueOptions> = { maxQueue: true, whenFull: true };

/** Bounds a queue. */
export class Overflow {
  readonly maxQueue: number;
  readonly #whenFull: WhenFull;

  /** @throws TypeError or RangeError when an option is not what {@link QueueOptions} says */
  constructor(options: QueueOptions) {
    this.maxQueue = numberOption('maxQueue', options.maxQueue, Infinity, { min: 0, integer: true });
    this.#whenFull = choiceOption('whenFull', options.whenFull, 'reject-newest', [
      'reject-newest',
      'drop-oldest',
      'drop-lowest-priority',
    ]);
  }

  /**
   * Whether a newcomer of `priority` may join the queue. Where somebody else has to go for that, it
   * is taken out and given to `drop`.
   */
  admit(queue: WaitQueue, priority: number, drop: (entry: Entry, wake: Wake) => void): boolean {
    if (queue.size < this.maxQueue) return true;
    const lowest = queue.lowestPriority();
    if (lowest === undefined || this.#whenFull === 'reject-newest') return false;
    const dropsOldest = this.#whenFull === 'drop-oldest';
    if (dropsOldest ? lowest > priority : lowest >= priority) return false;
    const which = dropsOldest ? 'oldest' : 'newest';
    drop(queue.lowest(which) as Entry, queue.dropLowest(which));
    return true;
  }
}
