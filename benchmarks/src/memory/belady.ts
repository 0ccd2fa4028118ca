/**
 * The most hits that any policy could have on `accesses` with room for `size` entries: evict what is
 * needed again last (Belady, 1966). A heap of next uses, from which outdated ones are dropped late.
 */
export function bestHits(accesses: Uint32Array, uniqueKeys: number, size: number): number {
  const next = nextUses(accesses, uniqueKeys);
  const heldUntil = new Float64Array(uniqueKeys).fill(-1);
  const heap = new MaxHeap(accesses.length + 1);
  let held = 0;
  let hits = 0;
  for (let at = 0; at < accesses.length; at++) {
    const key = accesses[at] as number;
    if ((heldUntil[key] as number) >= 0) hits++;
    else if (held < size) held++;
    else evictLastNeeded(heap, heldUntil);
    heldUntil[key] = next[at] as number;
    heap.push(next[at] as number, key);
  }
  return hits;
}

function nextUses(accesses: Uint32Array, uniqueKeys: number): Float64Array {
  const next = new Float64Array(accesses.length);
  const seen = new Float64Array(uniqueKeys).fill(accesses.length);
  for (let at = accesses.length - 1; at >= 0; at--) {
    const key = accesses[at] as number;
    next[at] = seen[key] as number;
    seen[key] = at;
  }
  return next;
}

function evictLastNeeded(heap: MaxHeap, heldUntil: Float64Array): void {
  for (;;) {
    const { priority, key } = heap.pop();
    if (heldUntil[key] !== priority) continue;
    heldUntil[key] = -1;
    return;
  }
}

class MaxHeap {
  readonly #priorities: Float64Array;
  readonly #keys: Uint32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#priorities = new Float64Array(capacity);
    this.#keys = new Uint32Array(capacity);
  }

  push(priority: number, key: number): void {
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#priorities[parent] as number) >= priority) break;
      this.#copy(parent, at);
      at = parent;
    }
    this.#put(at, priority, key);
  }

  pop(): { priority: number; key: number } {
    const top = { priority: this.#priorities[0] as number, key: this.#keys[0] as number };
    const last = --this.#size;
    const priority = this.#priorities[last] as number;
    const key = this.#keys[last] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      const other = child + 1;
      if (
        other < last &&
        (this.#priorities[other] as number) > (this.#priorities[child] as number)
      ) {
        child = other;
      }
      if ((this.#priorities[child] as number) <= priority) break;
      this.#copy(child, at);
      at = child;
    }
    this.#put(at, priority, key);
    return top;
  }

  #copy(from: number, to: number): void {
    this.#put(to, this.#priorities[from] as number, this.#keys[from] as number);
  }

  #put(at: number, priority: number, key: number): void {
    this.#priorities[at] = priority;
    this.#keys[at] = key;
  }
}
