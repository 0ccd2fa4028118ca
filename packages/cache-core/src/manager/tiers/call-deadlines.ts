import type { Clock, ScheduledTask } from '@x/interfaces';

/** One call of a store that has not answered yet. */
class Wait {
  readonly due: number;
  /** Whether it was given up because its time was over. */
  isLate = false;
  readonly #fail: (error: Error) => void;
  // Of the list alone.
  isListed = true;
  previous: Wait | undefined;
  next: Wait | undefined;

  constructor(due: number, fail: (error: Error) => void) {
    this.due = due;
    this.#fail = fail;
  }

  fail(error: Error): void {
    this.#fail(error);
  }
}

/**
 * Lets nobody wait for a store longer than agreed. All calls have the same time, so that those that begin
 * later are due later, and one timer serves them all. While nobody waits it does not keep the process
 * alive, or is cancelled where the clock cannot tell it so.
 */
export class CallDeadlines {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #timedOut: () => Error;
  readonly #fire = (): void => this.#expire();
  #first: Wait | undefined;
  #last: Wait | undefined;
  #timer: ScheduledTask | undefined;

  constructor(clock: Clock, timeoutMs: number, timedOut: () => Error) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#timedOut = timedOut;
  }

  /**
   * `answer`, or a rejection when it takes too long.
   *
   * @param onLate - told when it comes after all; a late failure is ignored
   */
  within<T>(answer: Promise<T>, onLate?: () => void): Promise<T> {
    if (this.#timeoutMs === Infinity) return answer;
    return new Promise<T>((resolve, reject) => {
      const wait = this.#begin(reject);
      const succeed = (value: T): void => {
        if (this.#end(wait)) resolve(value);
        else if (wait.isLate) onLate?.();
      };
      const fail = (error: unknown): void => {
        if (this.#end(wait)) reject(error);
      };
      void answer.then(succeed, fail);
    });
  }

  /** Ends every wait with `error`. */
  close(error: Error): void {
    for (let wait = this.#first; wait !== undefined; wait = this.#first) {
      this.#end(wait);
      wait.fail(error);
    }
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #begin(fail: (error: Error) => void): Wait {
    const wait = new Wait(this.#clock.monotonic() + this.#timeoutMs, fail);
    wait.previous = this.#last;
    if (this.#last === undefined) {
      this.#first = wait;
      this.#wakeTimer();
    } else this.#last.next = wait;
    this.#last = wait;
    return wait;
  }

  /** `false` when it had ended before. */
  #end(wait: Wait): boolean {
    if (!wait.isListed) return false;
    wait.isListed = false;
    const { previous, next } = wait;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    wait.previous = wait.next = undefined;
    if (this.#first === undefined) this.#restTimer();
    return true;
  }

  #wakeTimer(): void {
    if (this.#timer?.setBackground?.(false)) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#clock.schedule(this.#fire, this.#timeoutMs);
  }

  #restTimer(): void {
    if (this.#timer?.setBackground?.(true)) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #expire(): void {
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    for (let wait = this.#first; wait !== undefined && wait.due <= now; wait = this.#first) {
      this.#end(wait);
      wait.isLate = true;
      wait.fail(this.#timedOut());
    }
    if (this.#first === undefined || this.#timer !== undefined) return;
    this.#timer = this.#clock.schedule(this.#fire, this.#first.due - now);
  }
}
