/** What the store knows of an entry without reading its file. The file is the truth. */
export interface IndexedEntry {
  readonly key: string;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Epoch milliseconds from which the entry must not be served. */
  readonly expiresAt: number | undefined;
  /** When this store wrote it, by the store's own count of writes; 0 when it was found on the disk. */
  readonly sequence: number;
}

/** The entries that a store knows, by id, least recently used first. */
export class EntryIndex implements Iterable<[id: string, entry: IndexedEntry]> {
  readonly #entries = new Map<string, IndexedEntry>();
  #bytes = 0;

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of all files. */
  get bytes(): number {
    return this.#bytes;
  }

  get(id: string): IndexedEntry | undefined {
    return this.#entries.get(id);
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** Takes `entry` in as the most recently used. */
  put(id: string, entry: IndexedEntry): void {
    this.delete(id);
    this.#entries.set(id, entry);
    this.#bytes += entry.bytes;
  }

  delete(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#bytes -= entry.bytes;
  }

  /** The least recently used id. */
  oldest(): string | undefined {
    return this.#entries.keys().next().value;
  }

  [Symbol.iterator](): IterableIterator<[id: string, entry: IndexedEntry]> {
    return this.#entries.entries();
  }
}
