/** Lets a bounded number of tasks run at the same time, the others wait in order. */
export class Gate {
  readonly #width: number;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(width: number) {
    this.#width = width;
  }

  /** Runs `task` as soon as there is room, at once if there is now. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running === this.#width) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    } else this.#running++;
    try {
      return await task();
    } finally {
      this.#next();
    }
  }

  /** Hands the place on without freeing it, so that a newcomer cannot take it. */
  #next(): void {
    for (const waiter of this.#waiting) {
      this.#waiting.delete(waiter);
      waiter();
      return;
    }
    this.#running--;
  }
}
