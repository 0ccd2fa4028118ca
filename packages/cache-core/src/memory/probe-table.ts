const firstCells = 64;
/** A hash that many keys share is no help, and a key is better kept elsewhere. */
const mostSteps = 32;
/** A cell is two words: a hash, and a slot plus 1; 0 when it is empty. */
const wordsPerCell = 2;

/**
 * Finds the slots of keys by the hashes of the keys: open addressing with linear probing, and deletion
 * that moves back what follows (Knuth, The Art of Computer Programming, 6.4 R). Unlike a `Map` it
 * leaves no holes where keys come and go, and a key found is at one place in memory.
 */
export class ProbeTable<K> {
  readonly #keys: readonly K[];
  readonly #cellsPerKey: number;
  #cells = new Int32Array(firstCells * wordsPerCell);
  #mask = firstCells - 1;
  #size = 0;

  /** @param cellsPerKey - at least so many: with more there are fewer steps to a key, and more memory */
  constructor(keys: readonly K[], cellsPerKey: number) {
    this.#keys = keys;
    this.#cellsPerKey = cellsPerKey;
  }

  get size(): number {
    return this.#size;
  }

  find(hash: number, key: K): number | undefined {
    const cells = this.#cells;
    for (let cell = hash & this.#mask; ; cell = (cell + 1) & this.#mask) {
      const slot = (cells[2 * cell + 1] as number) - 1;
      if (slot < 0) return undefined;
      if (cells[2 * cell] === hash && isSame(this.#keys[slot], key)) return slot;
    }
  }

  /** `false`, and nothing is added, when too many others are in the way. */
  add(hash: number, slot: number): boolean {
    if (this.#cellsPerKey * this.#size > this.#mask) this.#grow();
    const cells = this.#cells;
    const mask = this.#mask;
    const first = hash & mask;
    let cell = first;
    while (cells[2 * cell + 1] !== 0) {
      cell = (cell + 1) & mask;
      if (cell === ((first + mostSteps) & mask)) return false;
    }
    cells[2 * cell] = hash;
    cells[2 * cell + 1] = slot + 1;
    this.#size++;
    return true;
  }

  /** Like {@link add}, for what is in another table already. */
  put(hash: number, slot: number): void {
    if (this.#cellsPerKey * this.#size > this.#mask) this.#grow();
    this.#write(this.#emptyCell(hash), hash, slot);
    this.#size++;
  }

  delete(hash: number, slot: number): boolean {
    const cells = this.#cells;
    const mask = this.#mask;
    const sought = slot + 1;
    let cell = hash & mask;
    for (let found = cells[2 * cell + 1]; found !== sought; found = cells[2 * cell + 1]) {
      if (found === 0) return false;
      cell = (cell + 1) & mask;
    }
    this.#close(cell);
    this.#size--;
    return true;
  }

  /** @yields hashes with their slots */
  *entries(): IterableIterator<[hash: number, slot: number]> {
    const cells = this.#cells;
    for (let word = 0; word < cells.length; word += wordsPerCell) {
      const next = cells[word + 1] as number;
      if (next !== 0) yield [cells[word] as number, next - 1];
    }
  }

  #write(cell: number, hash: number, slot: number): void {
    this.#cells[2 * cell] = hash;
    this.#cells[2 * cell + 1] = slot + 1;
  }

  /** Empties `gap`, and moves into it what would not be found beyond it. */
  #close(gap: number): void {
    const cells = this.#cells;
    const mask = this.#mask;
    for (let cell = (gap + 1) & mask; cells[2 * cell + 1] !== 0; cell = (cell + 1) & mask) {
      const hash = cells[2 * cell] as number;
      // How far the entry is from where it belongs, and how far the gap is behind it.
      const distance = (cell - hash) & mask;
      if (distance < ((cell - gap) & mask)) continue;
      cells[2 * gap] = hash;
      cells[2 * gap + 1] = cells[2 * cell + 1] as number;
      gap = cell;
    }
    cells[2 * gap + 1] = 0;
  }

  #emptyCell(hash: number): number {
    let cell = hash & this.#mask;
    while (this.#cells[2 * cell + 1] !== 0) cell = (cell + 1) & this.#mask;
    return cell;
  }

  #grow(): void {
    const before = this.#cells;
    this.#cells = new Int32Array(2 * before.length);
    this.#mask = this.#cells.length / wordsPerCell - 1;
    for (let word = 0; word < before.length; word += wordsPerCell) {
      const next = before[word + 1] as number;
      if (next === 0) continue;
      const hash = before[word] as number;
      this.#write(this.#emptyCell(hash), hash, next - 1);
    }
  }
}

/** As a `Map` compares keys. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || (Number.isNaN(one) && Number.isNaN(other));
}
