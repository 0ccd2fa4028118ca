import type { StampPattern } from './stamp.ts';

/** Where invalidations that are remembered instead of carried out are asked by reads. */
export class StampSet {
  readonly #tags = new Map<string, number>();
  /** By flags and source, so that a pattern that is stamped again takes no second place. */
  readonly #patterns = new Map<string, { readonly pattern: StampPattern; position: number }>();
  #last = 0;

  get size(): number {
    return this.#tags.size + this.#patterns.size;
  }

  get tags(): number {
    return this.#tags.size;
  }

  get patterns(): number {
    return this.#patterns.size;
  }

  addTag(tag: string, position: number): void {
    this.#tags.set(tag, position);
    this.#last = Math.max(this.#last, position);
  }

  addPattern(pattern: StampPattern, position: number): void {
    const name = `${pattern.regexFlags}/${pattern.regexSource}`;
    // In the order of positions: the oldest comes first.
    this.#patterns.delete(name);
    this.#patterns.set(name, { pattern, position });
    this.#last = Math.max(this.#last, position);
  }

  clear(): void {
    this.#tags.clear();
    this.#patterns.clear();
    this.#last = 0;
  }

  /** Whether an entry of this position was invalidated since. */
  hides(key: string, tags: readonly string[] | undefined, position: number): boolean {
    if (position >= this.#last) return false;
    if (tags !== undefined && this.#tags.size > 0) {
      for (const tag of tags) if ((this.#tags.get(tag) ?? 0) > position) return true;
    }
    for (const stamp of this.#patterns.values()) {
      if (stamp.position > position && stamp.pattern.matches(key)) return true;
    }
    return false;
  }

  oldestPattern(): { readonly pattern: StampPattern; readonly position: number } | undefined {
    return this.#patterns.values().next().value;
  }

  /** Forgets the stamps up to `upTo`, those of tags only when asked; answers the newest of them. */
  removeUpTo(upTo: number, withTags: boolean): number {
    let newest = 0;
    for (const [name, { position }] of this.#patterns) {
      if (position > upTo) continue;
      this.#patterns.delete(name);
      newest = Math.max(newest, position);
    }
    if (!withTags) return newest;
    for (const [tag, position] of this.#tags) {
      if (position > upTo) continue;
      this.#tags.delete(tag);
      newest = Math.max(newest, position);
    }
    return newest;
  }

  tagEntries(): IterableIterator<[tag: string, position: number]> {
    return this.#tags.entries();
  }

  patternEntries(): IterableIterator<{
    readonly pattern: StampPattern;
    readonly position: number;
  }> {
    return this.#patterns.values();
  }
}
