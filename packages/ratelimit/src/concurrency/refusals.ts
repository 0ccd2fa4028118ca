import { ClosedError, type Logger } from '@x/interfaces';
import { ConcurrencyTimeoutError } from '../errors/concurrency-timeout-error.ts';
import { ConcurrencyQueueFullError } from '../errors/concurrency-queue-full-error.ts';
import type { Tally } from '../tally.ts';

/** The errors of one semaphore, counted and logged as they are made. */
export class Refusals {
  readonly #name: string;
  readonly #maxQueue: number;
  readonly #tally: Tally;
  readonly #logger: Logger | undefined;

  constructor(name: string, maxQueue: number, tally: Tally, logger: Logger | undefined) {
    this.#name = name;
    this.#maxQueue = maxQueue;
    this.#tally = tally;
    this.#logger = logger;
  }

  timedOut(timeoutMs: number): ConcurrencyTimeoutError {
    this.#tally.timedOut();
    return this.#logged(new ConcurrencyTimeoutError(this.#name, timeoutMs));
  }

  full(): ConcurrencyQueueFullError {
    this.#tally.queueFull();
    return this.#logged(new ConcurrencyQueueFullError(this.#name, this.#maxQueue));
  }

  closed(): ClosedError {
    return new ClosedError(`limiter "${this.#name}"`);
  }

  #logged<E extends Error>(error: E): E {
    this.#logger?.debug(error.message);
    return error;
  }
}
