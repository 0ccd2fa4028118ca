/** Positions as callers know them: those of a journal that was replaced are lower than all of its successor. */
export class JournalPositions {
  /** Added to positions of the journal. */
  #shift = 0;
  /** The highest that was told of an earlier journal. */
  #highest = 0;
  #base: number | undefined;

  constructor(base: number) {
    if (base > 0) this.#base = base;
  }

  /** What callers are told. */
  told(own: number): number {
    return own + this.#shift;
  }

  /** The position in the journal. */
  own(told: number): number {
    return told - this.#shift;
  }

  /** Remembers that callers may have been told this position. */
  keep(told: number): void {
    this.#highest = Math.max(this.#highest, told);
  }

  /** Takes note of where the journal began; answers whether it is another one, and which was the first. */
  begin(base: number): 'the same' | 'the first' | 'another' {
    if (base === 0 || base === this.#base) return 'the same';
    const isFirst = this.#base === undefined;
    this.#base = base;
    this.#shift = Math.max(0, this.#highest + 1 - base);
    return isFirst ? 'the first' : 'another';
  }
}
