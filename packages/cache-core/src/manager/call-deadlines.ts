import type { Clock } from '@x/interfaces';

/** Lets nobody wait for a store longer than agreed. */
export class CallDeadlines {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #timedOut: () => Error;
  #waits = new Set<(error: Error) => void>();

  constructor(clock: Clock, timeoutMs: number, timedOut: () => Error) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#timedOut = timedOut;
  }

  /** `answer`, or a rejection when it takes too long; what it still becomes is ignored. */
  within<T>(answer: Promise<T>): Promise<T> {
    if (this.#timeoutMs === Infinity) return answer;
    return new Promise<T>((resolve, reject) => {
      const fail = (error: Error): void => {
        end();
        reject(error);
      };
      const timer = this.#clock.schedule(() => fail(this.#timedOut()), this.#timeoutMs);
      const end = (): void => {
        timer[Symbol.dispose]();
        this.#waits.delete(fail);
        // V8 chains the old tables of a growing set to its new ones; a collection of the young generation
        // would keep what they held.
        if (this.#waits.size === 0) this.#waits = new Set();
      };
      this.#waits.add(fail);
      const succeed = (value: T): void => {
        end();
        resolve(value);
      };
      void answer.then(succeed, fail);
    });
  }

  /** Ends every wait with `error`. */
  close(error: Error): void {
    for (const fail of this.#waits) fail(error);
  }
}
