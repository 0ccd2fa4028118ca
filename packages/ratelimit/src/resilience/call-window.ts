/** What the recent calls of a breaker came to. */
export interface CallWindow {
  readonly calls: number;
  readonly failures: number;
  readonly slowCalls: number;
  /** Notes one call; `now` is monotonic milliseconds. */
  record(failed: boolean, slow: boolean, now: number): void;
  clear(): void;
}

const failedFlag = 1;
const slowFlag = 2;

/** The last `size` calls. */
export class CountWindow implements CallWindow {
  readonly usesTime = false;
  calls = 0;
  failures = 0;
  slowCalls = 0;
  readonly #flags: Uint8Array;
  #next = 0;

  constructor(size: number) {
    this.#flags = new Uint8Array(size);
  }

  record(failed: boolean, slow: boolean): void {
    const before = this.#flags[this.#next] as number;
    if (this.calls < this.#flags.length) this.calls++;
    this.failures += Number(failed) - (before & failedFlag);
    this.slowCalls += Number(slow) - ((before & slowFlag) >> 1);
    this.#flags[this.#next] = (failed ? failedFlag : 0) | (slow ? slowFlag : 0);
    if (++this.#next === this.#flags.length) this.#next = 0;
  }

  clear(): void {
    this.#flags.fill(0);
    this.calls = this.failures = this.slowCalls = 0;
  }
}

const slots = 10;
/** Most successes that are noted with one look at the clock, */
const mostDeferred = 7;
/** and with how many calls in the window, so that those few do not weigh. */
const callsToDefer = 100;

/**
 * The calls of the last `windowMs`, to the tenth of it: ten counts that are used in turn. While there
 * are many calls and nothing fails, up to seven successes count as of the next call after them, since
 * looking at the clock costs more than the rest.
 */
export class TimeWindow implements CallWindow {
  readonly usesTime = true;
  calls = 0;
  failures = 0;
  slowCalls = 0;
  readonly #slotMs: number;
  readonly #counts = new Int32Array(3 * slots);
  #slot = -Infinity;
  #deferred = 0;

  constructor(windowMs: number) {
    this.#slotMs = windowMs / slots;
  }

  record(failed: boolean, slow: boolean, now: number): void {
    const slot = Math.floor(now / this.#slotMs);
    if (slot !== this.#slot) this.#turn(slot);
    this.#add(slot % slots, 1 + this.#deferred, Number(failed), Number(slow));
    this.#deferred = 0;
  }

  /** Notes a quick success without the time, where that changes no decision; `false` where it might. */
  deferSuccess(): boolean {
    if (this.calls < callsToDefer || this.failures > 0 || this.slowCalls > 0) return false;
    if (this.#deferred === mostDeferred) return false;
    this.#deferred++;
    return true;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#deferred = 0;
    this.calls = this.failures = this.slowCalls = 0;
  }

  /** Empties the slots of the time that has gone by since the last call. */
  #turn(slot: number): void {
    if (slot - this.#slot >= slots) {
      this.#counts.fill(0);
      this.calls = this.failures = this.slowCalls = 0;
    } else {
      for (let old = this.#slot + 1; old <= slot; old++) {
        const at = 3 * (old % slots);
        const [calls = 0, failures = 0, slowCalls = 0] = this.#counts.subarray(at, at + 3);
        this.#add(old % slots, -calls, -failures, -slowCalls);
      }
    }
    this.#slot = slot;
  }

  #add(slot: number, calls: number, failures: number, slowCalls: number): void {
    const at = 3 * slot;
    this.#counts[at] = (this.#counts[at] as number) + calls;
    this.#counts[at + 1] = (this.#counts[at + 1] as number) + failures;
    this.#counts[at + 2] = (this.#counts[at + 2] as number) + slowCalls;
    this.calls += calls;
    this.failures += failures;
    this.slowCalls += slowCalls;
  }
}
