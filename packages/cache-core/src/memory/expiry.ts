import type { Clock } from '@x/interfaces';
import { scheduleInBackground } from '../background-task.ts';
import { CoarseTime } from './coarse-time.ts';
import { grown } from './grown.ts';
import { TimerWheel } from './timer-wheel.ts';

/** Most slots that one turn of the background collection looks at. */
const sliceSize = 250;
/** Most slots that an insertion into a full cache looks at to find one that is over. */
const mostLooks = 8;
/** How old the time may be that reads compare with, in milliseconds. */
const timeGrainMs = 1;

/**
 * The deadlines of a cache's slots, and the one background timer that collects what is over and lets
 * the coarse time expire. The timer runs only while some slot has a deadline.
 */
export class Expiry {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #onExpired: (slot: number) => void;
  readonly #onSliceEnd: () => void;
  readonly #time: CoarseTime;
  readonly #wheel: TimerWheel;
  #deadlines = new Float64Array(0);
  /** The deadlines that reads do not move; only where `idleMs` bounds them further. */
  #latest = new Float64Array(0);
  /** Before this time the wheel has nothing to give. */
  #wheelDue = Infinity;
  #timer: Disposable | undefined;
  #timerDue = Infinity;

  /**
   * @param idleMs - how long a slot lives after it was written or read; `Infinity` for no bound
   * @param onExpired - empties a slot that is over
   * @param onSliceEnd - called after each slice of background collection
   */
  constructor(
    clock: Clock,
    idleMs: number,
    onExpired: (slot: number) => void,
    onSliceEnd: () => void,
  ) {
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#onExpired = onExpired;
    this.#onSliceEnd = onSliceEnd;
    this.#time = new CoarseTime(() => this.#look());
    this.#wheel = new TimerWheel(clock.monotonic());
  }

  grow(capacity: number): void {
    this.#deadlines = grown(this.#deadlines, capacity, Infinity);
    if (this.#idleMs !== Infinity) this.#latest = grown(this.#latest, capacity, Infinity);
    this.#wheel.grow(capacity);
  }

  /** Reads the time only for a slot that has a deadline. */
  isOver(slot: number): boolean {
    const deadline = this.#deadlines[slot] as number;
    return deadline !== Infinity && this.#time.now() >= deadline;
  }

  /** `slot` was read: where entries end when idle, its end moves away. */
  touch(slot: number): void {
    if (this.#idleMs === Infinity) return;
    const idleEnd = this.#time.now() + this.#idleMs;
    this.#deadlines[slot] = Math.min(this.#latest[slot] as number, idleEnd);
  }

  /** Milliseconds until `slot` is over; `Infinity` without a deadline. */
  left(slot: number): number {
    const deadline = this.#deadlines[slot] as number;
    return deadline === Infinity ? Infinity : Math.max(0, deadline - this.#time.now());
  }

  /** Milliseconds until `slot` is over however often it is read; `Infinity` for never. */
  leftAtMost(slot: number): number {
    const deadlines = this.#idleMs === Infinity ? this.#deadlines : this.#latest;
    return Math.max(0, (deadlines[slot] as number) - this.#time.now());
  }

  /** Gives `slot` a deadline in `ttlMs`; `Infinity` takes it away. */
  set(slot: number, ttlMs: number): void {
    if (ttlMs === Infinity && this.#idleMs === Infinity) {
      this.forget(slot);
      return;
    }
    const now = this.#time.now();
    const deadline = now + Math.min(ttlMs, this.#idleMs);
    this.#deadlines[slot] = deadline;
    if (this.#idleMs !== Infinity) this.#latest[slot] = now + ttlMs;
    const due = this.#wheel.place(slot, deadline);
    if (due >= this.#wheelDue) return;
    this.#wheelDue = due;
    this.#arm(due, now);
  }

  /** The slot is empty, or has no deadline any more. */
  forget(slot: number): void {
    this.#deadlines[slot] = Infinity;
  }

  /** Empties slots that are over, at most `limit`; answers how many. */
  collect(limit: number): number {
    const now = this.#clock.monotonic();
    this.#wheel.advance(now);
    this.#wheel.advanceIntoTick();
    const collected = this.#takeDue(now, Infinity, limit);
    this.#arm(this.#wheelDue, now);
    return collected;
  }

  /** Empties one slot that is over, if one is at hand: a full cache then need not evict. */
  collectOne(): boolean {
    if (this.#wheelDue === Infinity) return false;
    const now = this.#time.now();
    if (now < this.#wheelDue) return false;
    this.#wheel.advance(now);
    return this.#takeDue(now, mostLooks, 1) === 1;
  }

  clear(): void {
    this.#deadlines = new Float64Array(0);
    this.#latest = new Float64Array(0);
    this.#wheel.clear();
    this.#wheelDue = Infinity;
    this.#stop();
  }

  #takeDue(now: number, looks: number, mostCollected: number): number {
    let collected = 0;
    for (let look = 0; look < looks && collected < mostCollected; look++) {
      const slot = this.#wheel.takeDue();
      if (slot === -1) break;
      const deadline = this.#deadlines[slot] as number;
      if (deadline === Infinity) continue;
      if (now < deadline) {
        this.#wheel.place(slot, deadline);
      } else {
        this.#onExpired(slot);
        collected++;
      }
    }
    this.#wheelDue = this.#wheel.nextDue();
    return collected;
  }

  /** Reads the clock, and sees to it that what was read is not used for long. */
  #look(): number {
    const now = this.#clock.monotonic();
    if (now < this.#wheelDue) this.#wheel.setTime(now);
    this.#arm(now + timeGrainMs, now);
    return now;
  }

  #runSlice(): void {
    this.#stop();
    const now = this.#clock.monotonic();
    if (now >= this.#wheelDue) {
      this.#wheel.advance(now);
      this.#takeDue(now, sliceSize, Infinity);
      this.#onSliceEnd();
    }
    this.#arm(this.#wheelDue, now);
  }

  #arm(due: number, now: number): void {
    if (due >= this.#timerDue) return;
    this.#stop();
    this.#timerDue = due;
    this.#timer = scheduleInBackground(
      this.#clock,
      this,
      (expiry) => expiry.#runSlice(),
      Math.max(0, due - now),
    );
  }

  #stop(): void {
    this.#time.expire();
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#timerDue = Infinity;
  }
}
