/** Promises begun one after the other and awaited together, without one failing unobserved. */
export class WorkGroup {
  readonly #work: Promise<void>[] = [];
  readonly #failures: unknown[] = [];

  add(work: Promise<void>): void {
    this.#work.push(work.catch((error: unknown) => void this.#failures.push(error)));
  }

  /** @throws the first failure, once everything has settled */
  async settle(): Promise<void> {
    await Promise.all(this.#work);
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}
