/** So many keys that are gone are remembered. */
const mostRemembered = 10_000;

/** The last changes of keys that have no entry any more. */
export class GoneKeys {
  readonly #positions = new Map<string, number>();

  /** The position of the last change of `key`, as far as it is remembered. */
  get(key: string): number | undefined {
    return this.#positions.get(key);
  }

  /** Remembers a key; answers the position of a change that is forgotten for it, else 0. */
  add(key: string, position: number): number {
    this.#positions.delete(key);
    this.#positions.set(key, position);
    if (this.#positions.size <= mostRemembered) return 0;
    for (const [oldest, forgotten] of this.#positions) {
      this.#positions.delete(oldest);
      return forgotten;
    }
    return 0;
  }

  delete(key: string): void {
    this.#positions.delete(key);
  }

  clear(): void {
    this.#positions.clear();
  }

  get size(): number {
    return this.#positions.size;
  }

  [Symbol.iterator](): IterableIterator<[key: string, position: number]> {
    return this.#positions.entries();
  }
}
