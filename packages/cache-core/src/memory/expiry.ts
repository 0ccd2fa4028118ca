import type { Clock } from '@x/interfaces';
import { scheduleInBackground } from '../background-task.ts';
import { TimerWheel } from './timer-wheel.ts';

/** Most slots that one turn of the background collection looks at. */
const sliceSize = 1_000;

/**
 * The deadlines of a cache's slots, and the one background timer that collects what is over. The
 * timer runs only while some slot has a deadline; reads never depend on it.
 */
export class Expiry {
  readonly #clock: Clock;
  readonly #onExpired: (slot: number) => void;
  readonly #onSliceEnd: () => void;
  readonly #wheel: TimerWheel;
  #deadlines = new Float64Array(0);
  #timer: Disposable | undefined;
  #timerDue = Infinity;

  /**
   * @param onExpired - empties a slot that is over, and must not name it here again
   * @param onSliceEnd - called after each slice of background collection
   */
  constructor(clock: Clock, onExpired: (slot: number) => void, onSliceEnd: () => void) {
    this.#clock = clock;
    this.#onExpired = onExpired;
    this.#onSliceEnd = onSliceEnd;
    this.#wheel = new TimerWheel(clock.monotonic());
  }

  grow(capacity: number): void {
    const longer = new Float64Array(capacity).fill(Infinity, this.#deadlines.length);
    longer.set(this.#deadlines);
    this.#deadlines = longer;
    this.#wheel.grow(capacity);
  }

  /** Reads the clock only for a slot that has a deadline. */
  isOver(slot: number): boolean {
    const deadline = this.#deadlines[slot] as number;
    return deadline !== Infinity && this.#clock.monotonic() >= deadline;
  }

  /** Milliseconds until `slot` is over; `Infinity` without a deadline. */
  left(slot: number): number {
    const deadline = this.#deadlines[slot] as number;
    return deadline === Infinity ? Infinity : Math.max(0, deadline - this.#clock.monotonic());
  }

  /** Gives `slot` a deadline in `ttlMs`; `Infinity` takes it away. */
  set(slot: number, ttlMs: number): void {
    if (ttlMs === Infinity) {
      this.forget(slot);
      return;
    }
    const now = this.#clock.monotonic();
    const before = this.#deadlines[slot] as number;
    const deadline = now + ttlMs;
    this.#deadlines[slot] = deadline;
    // A slot that already waits in an earlier bucket is moved when that one comes due.
    if (before !== Infinity && deadline >= before) return;
    if (now < this.#timerDue) this.#wheel.setTime(now);
    this.#arm(this.#wheel.place(slot, deadline), now);
  }

  /** The slot is empty, or has no deadline any more. */
  forget(slot: number): void {
    if (this.#deadlines[slot] === Infinity) return;
    this.#deadlines[slot] = Infinity;
    this.#wheel.remove(slot);
  }

  /** Empties slots that are over, at most `limit`; answers how many. */
  collect(limit: number): number {
    const now = this.#clock.monotonic();
    this.#wheel.advance(now);
    this.#wheel.advanceIntoTick();
    const collected = this.#takeDue(now, Infinity, limit);
    this.#rearm(now);
    return collected;
  }

  clear(): void {
    this.#deadlines.fill(Infinity);
    this.#wheel.clear();
    this.#stop();
  }

  #takeDue(now: number, mostLooks: number, mostCollected: number): number {
    let collected = 0;
    for (let looks = 0; looks < mostLooks && collected < mostCollected; looks++) {
      const slot = this.#wheel.takeDue();
      if (slot === -1) break;
      const deadline = this.#deadlines[slot] as number;
      if (now < deadline) {
        this.#wheel.place(slot, deadline);
      } else {
        this.#deadlines[slot] = Infinity;
        this.#onExpired(slot);
        collected++;
      }
    }
    return collected;
  }

  #runSlice(): void {
    this.#stop();
    const now = this.#clock.monotonic();
    this.#wheel.advance(now);
    this.#takeDue(now, sliceSize, Infinity);
    this.#rearm(now);
    this.#onSliceEnd();
  }

  #rearm(now: number): void {
    const due = this.#wheel.nextDue();
    if (due === Infinity) this.#stop();
    else this.#arm(due, now);
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
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#timerDue = Infinity;
  }
}
