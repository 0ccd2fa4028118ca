import { type Clock, systemClock } from '@x/interfaces';

const settled = Promise.resolve();

/**
 * Monotonic milliseconds, read from the system's clock once for each run of synchronous code, because
 * a reading costs several times what it takes to record a value. Any other clock, such as one that a
 * test moves by hand, is asked each time.
 */
export class TurnClock {
  readonly #clock: Clock;
  readonly #keeps: boolean;
  #known = false;
  #now = 0;
  readonly #forget = (): void => {
    this.#known = false;
  };

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#keeps = clock === systemClock;
  }

  /** The time at some moment of the running turn. */
  now(): number {
    return this.#known ? this.#now : this.#read();
  }

  /** The time at this moment. */
  exact(): number {
    this.#now = this.#clock.monotonic();
    return this.#now;
  }

  /** Epoch milliseconds. */
  wall(): number {
    return this.#clock.now();
  }

  #read(): number {
    this.#now = this.#clock.monotonic();
    if (this.#keeps) {
      this.#known = true;
      void settled.then(this.#forget);
    }
    return this.#now;
  }
}
