import type { Clock, ScheduledTask } from '@x/interfaces';

/** Something that is told when its time is over. */
export abstract class Deadline {
  /** Of its list alone. */
  due = 0;
  /** Of its list alone. */
  previous: Deadline | undefined;
  /** Of its list alone. */
  next: Deadline | undefined;

  abstract onTimeout(): void;
}

/**
 * Deadlines of one length behind one timer. What starts later is due later, so the list is in order by
 * itself, and starting and stopping take constant time. While nothing runs the timer does not keep the
 * process alive, or is cancelled where the clock cannot tell it so.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #lengthMs: number;
  #first: Deadline | undefined;
  #last: Deadline | undefined;
  #timer: ScheduledTask | undefined;
  readonly #fire = (): void => this.#expire();

  constructor(clock: Clock, lengthMs: number) {
    this.#clock = clock;
    this.#lengthMs = lengthMs;
  }

  start(deadline: Deadline): void {
    if (this.#lengthMs === Infinity) return;
    deadline.due = this.#clock.monotonic() + this.#lengthMs;
    deadline.previous = this.#last;
    if (this.#last === undefined) {
      this.#first = deadline;
      this.#wakeTimer();
    } else this.#last.next = deadline;
    this.#last = deadline;
  }

  /** Only of one that was started, and neither stopped nor told that its time is over. */
  stop(deadline: Deadline): void {
    const { previous, next } = deadline;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    deadline.previous = deadline.next = undefined;
    if (this.#first === undefined) this.#restTimer();
  }

  #wakeTimer(): void {
    if (this.#timer?.setBackground?.(false)) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#clock.schedule(this.#fire, this.#lengthMs);
  }

  #restTimer(): void {
    if (this.#timer?.setBackground?.(true)) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #expire(): void {
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    for (let first = this.#first; first !== undefined && first.due <= now; first = this.#first) {
      this.stop(first);
      first.onTimeout();
    }
    if (this.#first === undefined || this.#timer !== undefined) return;
    this.#timer = this.#clock.schedule(this.#fire, this.#first.due - now);
  }
}
