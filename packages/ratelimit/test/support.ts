import type { Clock, RateLimiter } from '@x/interfaces';
import { ManualClock } from '@x/testkit';

/** A manual clock whose timers fire `lateMs` after they are due, as Node's do under load. */
export class LateClock implements Clock {
  readonly manual: ManualClock = new ManualClock();
  readonly #lateMs: number;
  /** Timers asked for so far. */
  scheduled = 0;

  constructor(lateMs: number) {
    this.#lateMs = lateMs;
  }

  now(): number {
    return this.manual.now();
  }

  monotonic(): number {
    return this.manual.monotonic();
  }

  schedule(task: () => void, delayMs: number): Disposable {
    this.scheduled++;
    return this.manual.schedule(task, delayMs + this.#lateMs);
  }
}

/** Lets `callers` wait for one permit each, moves the clock by `ms`, and answers when each got it. */
export async function grantTimes(
  clock: ManualClock,
  limiter: RateLimiter,
  callers: number,
  ms: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < callers; index++) {
    void limiter.acquire().then(() => times.push(clock.monotonic()));
  }
  await clock.advanceAsync(ms);
  return times;
}
