const fewKeys = 16;

/** Until when keys are paused. Pauses that are over go when as many again have come. */
export class KeyPauses {
  readonly #until = new Map<string, number>();
  #sweepAt = fewKeys;

  /** The time until which `key` is paused, in the past when it is not. */
  get(key: string): number {
    return this.#until.get(key) ?? -Infinity;
  }

  set(key: string, until: number, now: number): void {
    if (until <= now) {
      this.#until.delete(key);
      return;
    }
    this.#until.set(key, until);
    if (this.#until.size > this.#sweepAt) this.#sweep(now);
  }

  #sweep(now: number): void {
    for (const [key, until] of this.#until) if (until <= now) this.#until.delete(key);
    this.#sweepAt = Math.max(fewKeys, 2 * this.#until.size);
  }
}
