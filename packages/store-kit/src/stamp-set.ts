import type { PatternStamp, Stamp, StampPattern } from './stamp.ts';

/** Each costs every read a look. */
const mostPatterns = 64;
/** They cost memory alone. */
const mostTags = 10_000;

/** The stamps of a store in memory, where reads ask them. Of those with one target the last counts. */
export class StampSet {
  readonly #tags = new Map<string, number>();
  readonly #patterns = new Map<string, PatternStamp>();
  #last = 0;

  /** The position of the last stamp added. */
  get last(): number {
    return this.#last;
  }

  get size(): number {
    return this.#tags.size + this.#patterns.size;
  }

  /** What there are too many of, so that some should be carried out. */
  get excess(): 'tags' | 'patterns' | undefined {
    if (this.#tags.size > mostTags) return 'tags';
    return this.#patterns.size > mostPatterns ? 'patterns' : undefined;
  }

  add(stamp: Stamp): void {
    const { tag, pattern, position } = stamp;
    if (tag !== undefined) this.#tags.set(tag, position);
    else {
      const name = nameOf(pattern);
      // In the order of positions: the oldest comes first.
      this.#patterns.delete(name);
      this.#patterns.set(name, { pattern, position });
    }
    this.#last = Math.max(this.#last, position);
  }

  clear(): void {
    this.#tags.clear();
    this.#patterns.clear();
    this.#last = 0;
  }

  /** Whether an entry written at `position` was invalidated since. */
  hides(key: string, tags: readonly string[] | null | undefined, position: number): boolean {
    if (position >= this.#last) return false;
    if (tags && this.#tags.size > 0) {
      for (const tag of tags) if ((this.#tags.get(tag) ?? 0) > position) return true;
    }
    for (const stamp of this.#patterns.values()) {
      if (stamp.position > position && stamp.pattern.matches(key)) return true;
    }
    return false;
  }

  oldestPattern(): PatternStamp | undefined {
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

  /** @yields the stamps of tags, then those of patterns */
  *[Symbol.iterator](): Generator<Stamp> {
    for (const [tag, position] of this.#tags) yield { tag, position };
    yield* this.#patterns.values();
  }
}

function nameOf({ regexFlags, regexSource }: StampPattern): string {
  return `${regexFlags}/${regexSource}`;
}
