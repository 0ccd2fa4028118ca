import type { EvictionPolicy } from './eviction-policy.ts';

/** The ring's fixed node: its `next` is the most, its `previous` the least recently used slot. */
const anchor = 0;

/** Evicts the entry that was used least recently, strictly. A ring of slots in two typed arrays. */
export class LruPolicy implements EvictionPolicy {
  #next = new Uint32Array(1);
  #previous = new Uint32Array(1);

  grow(capacity: number): void {
    this.#next = grown(this.#next, capacity + 1);
    this.#previous = grown(this.#previous, capacity + 1);
  }

  resize(): void {
    // The order of use does not depend on the bound.
  }

  insert(slot: number): void {
    this.#linkFirst(slot + 1);
  }

  hit(slot: number): void {
    const node = slot + 1;
    if (this.#next[anchor] === node) return;
    this.#unlink(node);
    this.#linkFirst(node);
  }

  miss(): void {
    // Nothing adapts.
  }

  update(slot: number): void {
    this.hit(slot);
  }

  remove(slot: number): void {
    this.#unlink(slot + 1);
  }

  evict(): number {
    const node = this.#previous[anchor] as number;
    this.#unlink(node);
    return node - 1;
  }

  clear(): void {
    this.#next[anchor] = anchor;
    this.#previous[anchor] = anchor;
  }

  #linkFirst(node: number): void {
    const first = this.#next[anchor] as number;
    this.#next[node] = first;
    this.#previous[node] = anchor;
    this.#previous[first] = node;
    this.#next[anchor] = node;
  }

  #unlink(node: number): void {
    const next = this.#next[node] as number;
    const previous = this.#previous[node] as number;
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }
}

function grown(array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(length);
  longer.set(array);
  return longer;
}
