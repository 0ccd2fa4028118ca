/** One plain map with tags, and what was changed in it since a mark: what any number of stores must equal. */
export class StoreModel {
  readonly entries: Map<string, { readonly value: number; readonly tag: string }> = new Map();
  readonly #changedKeys = new Set<string>();
  readonly #changedTags = new Set<string>();

  /** Writes of loads from now on are held against what changes from now on. */
  mark(): void {
    this.#changedKeys.clear();
    this.#changedTags.clear();
  }

  set(key: string, value: number, tag: string): void {
    this.entries.set(key, { value, tag });
    this.#changedKeys.add(key);
  }

  /** A write that began at the mark. */
  load(key: string, value: number, tag: string): void {
    if (!this.#changedKeys.has(key) && !this.#changedTags.has(tag)) this.set(key, value, tag);
  }

  delete(keys: Iterable<string>): void {
    for (const key of keys) {
      this.entries.delete(key);
      this.#changedKeys.add(key);
    }
  }

  invalidateTag(tag: string): void {
    for (const [key, held] of this.entries) if (held.tag === tag) this.entries.delete(key);
    this.#changedTags.add(tag);
  }
}
