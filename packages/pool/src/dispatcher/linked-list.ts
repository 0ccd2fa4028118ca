/** One item's place in a {@link LinkedList}. */
export interface ListPlace<T> {
  readonly value: T;
}

interface Node<T> extends ListPlace<T> {
  readonly list: LinkedList<T>;
  previous: Node<T> | undefined;
  next: Node<T> | undefined;
  linked: boolean;
}

/** A queue whose items can also leave from the middle or from the end, all in constant time. */
export class LinkedList<T> {
  #first: Node<T> | undefined;
  #last: Node<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#first?.value;
  }

  get last(): T | undefined {
    return this.#last?.value;
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (let node = this.#first; node !== undefined; node = node.next) yield node.value;
  }

  /** Adds `value` at the end. */
  push(value: T): ListPlace<T> {
    const node: Node<T> = {
      value,
      list: this,
      previous: this.#last,
      next: undefined,
      linked: true,
    };
    if (this.#last === undefined) this.#first = node;
    else this.#last.next = node;
    this.#last = node;
    this.#size++;
    return node;
  }

  /** Takes the first value out. */
  shift(): T | undefined {
    const node = this.#first;
    if (node !== undefined) this.remove(node);
    return node?.value;
  }

  /** Takes what is at `place` out; `false` when it is out already. */
  remove(place: ListPlace<T>): boolean {
    const node = place as Node<T>;
    if (!node.linked || node.list !== this) return false;
    if (node.previous === undefined) this.#first = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) this.#last = node.previous;
    else node.next.previous = node.previous;
    node.previous = node.next = undefined;
    node.linked = false;
    this.#size--;
    return true;
  }
}
