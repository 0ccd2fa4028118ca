import type { Waiter } from './waiter.ts';

/** Resolves the promise of a caller who waits. */
export type Wake = (value: unknown) => void;

/** Who waits: a waiter, or just the work of a caller who takes one permit and stays until served. */
export type Entry = Waiter | (() => unknown);

const smallestCapacity = 16;
/** A ring of more slots than this is given up when it is empty. */
const largestKept = 2 ** 15;

/**
 * The callers of one priority, in the order of their coming: a ring buffer of two slots a caller, how
 * to wake it and what it waits for. A waiter who leaves early only loses its `wake`; its slots are
 * passed over, and swept when they outnumber those who wait.
 */
export class Lane {
  readonly priority: number;
  /** Callers waiting. */
  size = 0;
  /** Permits that they ask for in total. */
  permits = 0;
  #slots: (Wake | Entry | undefined)[] = [];
  #mask = -1;
  #first = 0;
  #used = 0;

  constructor(priority: number) {
    this.priority = priority;
  }

  push(wake: Wake, entry: Entry): void {
    if (this.#used > this.#mask) this.#resize(this.#used * 2);
    const at = (this.#first + this.#used) & this.#mask;
    this.#slots[at] = wake;
    this.#slots[at + 1] = entry;
    this.#used += 2;
    this.size++;
    if (typeof entry === 'function') {
      this.permits++;
    } else {
      entry.wake = wake;
      this.permits += entry.permits;
    }
  }

  /** The caller who has waited longest. */
  oldest(): Entry | undefined {
    while (this.#used > 0) {
      const entry = this.#slots[this.#first + 1] as Entry;
      if (isWaiting(entry)) return entry;
      this.#dropOldest();
    }
    return undefined;
  }

  /** The caller who came last. */
  newest(): Entry | undefined {
    while (this.#used > 0) {
      const entry = this.#slots[this.#newestAt() + 1] as Entry;
      if (isWaiting(entry)) return entry;
      this.#dropNewest();
    }
    return undefined;
  }

  /** Takes out what {@link oldest} answered. */
  shift(): Wake {
    const wake = this.#slots[this.#first] as Wake;
    this.#count(this.#slots[this.#first + 1] as Entry);
    this.#dropOldest();
    return wake;
  }

  /** Takes out what {@link newest} answered. */
  pop(): Wake {
    const at = this.#newestAt();
    const wake = this.#slots[at] as Wake;
    this.#count(this.#slots[at + 1] as Entry);
    this.#dropNewest();
    return wake;
  }

  /** Takes out a waiter, wherever it stands. */
  remove(waiter: Waiter): void {
    this.#count(waiter);
    if (this.#used > 4 * this.size + 2 * smallestCapacity) this.#resize(2 * this.size);
  }

  /** The callers from the oldest to the newest. */
  entries(): Entry[] {
    const entries: Entry[] = [];
    for (let offset = 1; offset < this.#used; offset += 2) {
      const entry = this.#slots[(this.#first + offset) & this.#mask] as Entry;
      if (isWaiting(entry)) entries.push(entry);
    }
    return entries;
  }

  #count(leaving: Entry): void {
    this.size--;
    if (typeof leaving === 'function') {
      this.permits--;
    } else {
      leaving.wake = undefined;
      this.permits -= leaving.permits;
    }
  }

  #newestAt(): number {
    return (this.#first + this.#used - 2) & this.#mask;
  }

  #dropOldest(): void {
    this.#slots[this.#first] = this.#slots[this.#first + 1] = undefined;
    this.#first = (this.#first + 2) & this.#mask;
    this.#used -= 2;
    if (this.#used === 0 && this.#mask >= largestKept) this.#resize(0);
  }

  #dropNewest(): void {
    const at = this.#newestAt();
    this.#slots[at] = this.#slots[at + 1] = undefined;
    this.#used -= 2;
  }

  /** Moves those who wait into a ring of at least `slots` slots. */
  #resize(slots: number): void {
    let capacity = smallestCapacity;
    while (capacity < slots) capacity *= 2;
    const old = this.#slots;
    const moved: (Wake | Entry | undefined)[] = Array.from({ length: capacity });
    let used = 0;
    for (let offset = 0; offset < this.#used; offset += 2) {
      const at = (this.#first + offset) & this.#mask;
      if (!isWaiting(old[at + 1] as Entry)) continue;
      moved[used++] = old[at];
      moved[used++] = old[at + 1];
    }
    this.#slots = moved;
    this.#mask = capacity - 1;
    this.#first = 0;
    this.#used = used;
  }
}

function isWaiting(entry: Entry): boolean {
  return typeof entry === 'function' || entry.wake !== undefined;
}
