/** Timers that keep nothing alive and end together. */
export class Delays {
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Calls `task` after `delayMs`, at once for 0. */
  after(delayMs: number, task: () => void): void {
    if (delayMs <= 0) {
      task();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, delayMs);
    timer.unref();
    this.#timers.add(timer);
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
