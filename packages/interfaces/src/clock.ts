import { describeValue } from './option-checks.ts';

/** How a task given to {@link Clock.schedule} behaves. */
export interface ScheduleOptions {
  /**
   * `true` for work that must never keep the process alive, such as a sweep.
   * @defaultValue `false`: a timer that a caller waits for keeps the process alive
   */
  readonly background?: boolean | undefined;
}

/** A task that a clock will run. Disposing it cancels it; again, or after it ran, does nothing. */
export interface ScheduledTask extends Disposable {
  /**
   * Changes whether it keeps the process alive, for far less than another timer costs. A clock may
   * leave it out.
   *
   * @returns `false`, and changes nothing, when the task ran, was cancelled, or may never run because
   * fake timers come into it
   */
  setBackground?(background: boolean): boolean;
}

/**
 * Where a package reads the time and waits. Everything that depends on time takes one, so that
 * tests move the time by hand.
 */
export interface Clock {
  /** Wall-clock time, in milliseconds since the Unix epoch. For deadlines that are persisted. */
  now(): number;
  /** Milliseconds from an arbitrary start that never go back. For durations and limits. */
  monotonic(): number;
  /**
   * Calls `task` once, not before `delayMs` have passed. Dispose the result to cancel.
   *
   * @param delayMs - milliseconds; below 0 counts as 0, and any length up to `Infinity` is kept
   * @throws TypeError when `delayMs` is no number, RangeError when it is `NaN`
   */
  schedule(task: () => void, delayMs: number, options?: ScheduleOptions): ScheduledTask;
}

/** The longest delay a Node timer takes; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

// Fake timers put others in the place of these globals. What is read here is also cheaper: the global
// `performance` is an accessor, which is an eighth of the cost of a reading.
const realPerformance = performance;
const realSetTimeout = setTimeout;

class SystemTimer implements ScheduledTask {
  readonly #task: () => void;
  readonly #due: number;
  #background: boolean;
  #timer: NodeJS.Timeout | undefined;
  #isReal = true;

  constructor(task: () => void, delayMs: number, background: boolean) {
    this.#task = task;
    this.#background = background;
    this.#due = performance.now() + delayMs;
    this.#arm(delayMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  setBackground(background: boolean): boolean {
    if (this.#timer === undefined || !this.#isReal || setTimeout !== realSetTimeout) return false;
    this.#background = background;
    if (background) this.#timer.unref();
    else this.#timer.ref();
    return true;
  }

  #arm(delayMs: number): void {
    this.#isReal = setTimeout === realSetTimeout;
    this.#timer = setTimeout(() => this.#fire(), Math.min(Math.ceil(delayMs), longestTimerMs));
    if (this.#background) this.#timer.unref();
  }

  // Node's timers fire up to a millisecond early, and not at all beyond 24.8 days.
  #fire(): void {
    if (this.#timer === undefined) return;
    const left = this.#due - performance.now();
    if (left > 0) return this.#arm(left);
    this.#timer = undefined;
    this.#task();
  }
}

function checkDelay(delayMs: number): number {
  if (typeof delayMs !== 'number') {
    throw new TypeError(`delayMs must be a number, got ${describeValue(delayMs)}`);
  }
  if (Number.isNaN(delayMs)) throw new RangeError('delayMs must be a number, got NaN');
  return Math.max(0, delayMs);
}

/** The machine's clocks and Node's timers, or the fake ones that a test has put in their place. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => (setTimeout === realSetTimeout ? realPerformance : performance).now(),
  schedule: (task, delayMs, options) =>
    new SystemTimer(task, checkDelay(delayMs), options?.background ?? false),
};
