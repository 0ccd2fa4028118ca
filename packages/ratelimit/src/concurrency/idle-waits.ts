/** Callers who wait until a limiter is idle. */
export class IdleWaits {
  #waits: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => this.#waits.push(resolve));
  }

  /** Lets them go on when `idle`. */
  settleIf(idle: boolean): void {
    if (!idle || this.#waits.length === 0) return;
    const waits = this.#waits;
    this.#waits = [];
    for (const resolve of waits) resolve();
  }
}
