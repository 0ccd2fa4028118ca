/** Which keys carry a tag. */
export class TagIndex {
  readonly #keysByTag = new Map<string, Set<string>>();

  add(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = this.#keysByTag.get(tag);
      if (keys === undefined) this.#keysByTag.set(tag, new Set([key]));
      else keys.add(key);
    }
  }

  remove(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = this.#keysByTag.get(tag);
      if (keys?.delete(key) && keys.size === 0) this.#keysByTag.delete(tag);
    }
  }

  /** The keys that carry one of `tags`, each once; from now on no key carries these. */
  take(tags: readonly string[]): Set<string> {
    let taken = new Set<string>();
    for (const tag of tags) {
      const keys = this.#keysByTag.get(tag);
      if (keys === undefined) continue;
      this.#keysByTag.delete(tag);
      if (taken.size === 0) taken = keys;
      else for (const key of keys) taken.add(key);
    }
    return taken;
  }
}
