import type { KeyPattern } from '@x/interfaces';

/** The entries of one invalidation: out of sight at once, removed one after the other. */
export interface Sweep {
  /** Whether what the store holds at `key` is out of sight. */
  covers(key: string): boolean;
  /** What the store holds at `key` was written after the invalidation. */
  spare(key: string): void;
  /** Keys that may be covered; each is taken once. */
  readonly candidates: Iterator<string>;
}

/** Covers the keys that match a pattern. */
export class PatternSweep implements Sweep {
  readonly candidates: Iterator<string>;
  readonly #pattern: KeyPattern;
  readonly #spared = new Set<string>();

  /** @param keys - of all entries; they may come and go meanwhile */
  constructor(pattern: KeyPattern, keys: Iterator<string>) {
    this.#pattern = pattern;
    this.candidates = keys;
  }

  covers(key: string): boolean {
    return this.#matches(key) && !this.#spared.has(key);
  }

  spare(key: string): void {
    if (this.#matches(key)) this.#spared.add(key);
  }

  #matches(key: string): boolean {
    return key.startsWith(this.#pattern.literalPrefix) && this.#pattern.matches(key);
  }
}

/** Covers keys that are known, such as those that carry a tag. */
export class KeySweep implements Sweep {
  readonly candidates: Iterator<string>;
  readonly #keys: Set<string>;

  constructor(keys: Set<string>) {
    this.#keys = keys;
    this.candidates = keys.values();
  }

  covers(key: string): boolean {
    return this.#keys.has(key);
  }

  spare(key: string): void {
    this.#keys.delete(key);
  }
}
