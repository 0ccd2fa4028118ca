/** As narrow as the number of nodes allows, because narrow arrays stay in the processor's cache. */
type Nodes = Uint16Array | Uint32Array;

/**
 * Doubly linked queues of slots over two typed arrays. A slot is in one queue at most. Each queue is a
 * ring closed by a node of its own, which stands before the nodes of the slots.
 */
export class SlotQueues {
  readonly #count: number;
  #next: Nodes;
  #previous: Nodes;

  /** @param count - how many queues, named by the numbers below it */
  constructor(count: number) {
    this.#count = count;
    this.#next = rings(count);
    this.#previous = rings(count);
  }

  grow(capacity: number): void {
    const length = this.#count + capacity;
    this.#next = longer(this.#next, length);
    this.#previous = longer(this.#previous, length);
  }

  /** The first slot of `queue`; -1 when it is empty. */
  first(queue: number): number {
    return this.#slotOf(this.#next[queue] as number);
  }

  /** The last slot of `queue`; -1 when it is empty. */
  last(queue: number): number {
    return this.#slotOf(this.#previous[queue] as number);
  }

  /** Puts `slot`, which is in no queue, at the head of `queue`. */
  addFirst(queue: number, slot: number): void {
    const node = slot + this.#count;
    const first = this.#next[queue] as number;
    this.#next[node] = first;
    this.#previous[node] = queue;
    this.#previous[first] = node;
    this.#next[queue] = node;
  }

  /** Takes `slot` out of the queue that it is in. */
  remove(slot: number): void {
    const node = slot + this.#count;
    const next = this.#next[node] as number;
    const previous = this.#previous[node] as number;
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  clear(): void {
    this.#next = rings(this.#count);
    this.#previous = rings(this.#count);
  }

  /** @yields the slots of `queue`, first to last; they must not be moved meanwhile */
  *slots(queue: number): Iterable<number> {
    for (
      let node = this.#next[queue] as number;
      node !== queue;
      node = this.#next[node] as number
    ) {
      yield node - this.#count;
    }
  }

  #slotOf(node: number): number {
    return Math.max(-1, node - this.#count);
  }
}

/** Empty queues: each closing node points at itself. */
function rings(count: number): Nodes {
  return Uint16Array.from({ length: count }, (_, queue) => queue);
}

function longer(nodes: Nodes, length: number): Nodes {
  const result = length <= 2 ** 16 ? new Uint16Array(length) : new Uint32Array(length);
  result.set(nodes);
  return result;
}
