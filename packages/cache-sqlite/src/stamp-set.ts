import type { Stamp, StampPattern } from './stamp.ts';

/** Stamps in memory, where reads ask them. */
export class StampSet {
  readonly #tags = new Map<string, number>();
  /** By flags and source, so that a pattern that is stamped again takes no second place. */
  readonly #patterns = new Map<string, { readonly pattern: StampPattern; position: number }>();
  #last = 0;

  /** The position of the last stamp added. */
  get last(): number {
    return this.#last;
  }

  get size(): number {
    return this.#tags.size + this.#patterns.size;
  }

  get patterns(): number {
    return this.#patterns.size;
  }

  get tags(): number {
    return this.#tags.size;
  }

  add(stamp: Stamp): void {
    const { tag, pattern, position } = stamp;
    if (tag !== undefined) this.#tags.set(tag, position);
    else this.#patterns.set(`${pattern.regexFlags}/${pattern.regexSource}`, { pattern, position });
    this.#last = Math.max(this.#last, position);
  }

  clear(): void {
    this.#tags.clear();
    this.#patterns.clear();
    this.#last = 0;
  }

  /** Whether an entry written at `position` was invalidated since. */
  hides(key: string, tags: readonly string[] | null, position: number): boolean {
    if (position >= this.#last) return false;
    if (tags !== null && this.#tags.size > 0) {
      for (const tag of tags) if ((this.#tags.get(tag) ?? 0) > position) return true;
    }
    for (const stamp of this.#patterns.values()) {
      if (stamp.position > position && stamp.pattern.matches(key)) return true;
    }
    return false;
  }
}
