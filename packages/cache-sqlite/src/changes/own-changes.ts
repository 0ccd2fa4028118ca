/** Beyond so many the oldest are forgotten, and reported as if they were of others. */
const mostRanges = 256;

/** Positions of the changes that this store made itself, as ranges in ascending order. */
export class OwnChanges {
  readonly #ranges: { readonly after: number; upTo: number }[] = [];

  /** The position of the last own change. */
  get last(): number {
    return this.#ranges.at(-1)?.upTo ?? 0;
  }

  /** Adds the positions after one and up to another, behind all before. */
  add(after: number, upTo: number): void {
    if (after === upTo) return;
    const last = this.#ranges.at(-1);
    if (last?.upTo === after) {
      last.upTo = upTo;
      return;
    }
    this.#ranges.push({ after, upTo });
    if (this.#ranges.length > mostRanges) this.#ranges.shift();
  }

  has(position: number): boolean {
    const range = this.#ranges.findLast(({ after }) => after < position);
    return range !== undefined && position <= range.upTo;
  }

  /** Whether all positions after one and up to another are own ones. */
  cover(after: number, upTo: number): boolean {
    const range = this.#ranges.findLast((one) => one.after <= after);
    return after === upTo || (range !== undefined && upTo <= range.upTo);
  }
}
