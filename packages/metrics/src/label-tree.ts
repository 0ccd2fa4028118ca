type Branch<Child> = Map<string, Branch<Child> | Child>;

/** Children by their label values: one map inside another for each label, so no two can collide. */
export class LabelTree<Child> {
  readonly #depth: number;
  readonly #root: Branch<Child> = new Map();
  #size = 0;

  /** @param depth - number of labels, at least 1 */
  constructor(depth: number) {
    this.#depth = depth;
  }

  /** Children held. */
  get size(): number {
    return this.#size;
  }

  get(values: readonly string[]): Child | undefined {
    let node: Branch<Child> | Child | undefined = this.#root;
    for (let index = 0; index < this.#depth && node !== undefined; index++) {
      node = (node as Branch<Child>).get(values[index] as string);
    }
    return node as Child | undefined;
  }

  /** Adds a child where there is none yet. */
  add(values: readonly string[], child: Child): void {
    let branch = this.#root;
    for (const value of values.slice(0, -1)) {
      let next = branch.get(value) as Branch<Child> | undefined;
      if (next === undefined) branch.set(value, (next = new Map()));
      branch = next;
    }
    branch.set(values.at(-1) ?? '', child);
    this.#size++;
  }

  /**
   * The children with their label values, in the order they were added within each value.
   *
   * @yields label values and child
   */
  *entries(): Generator<readonly [values: readonly string[], child: Child]> {
    yield* this.#walk(this.#root, []);
  }

  *#walk(
    branch: Branch<Child>,
    path: readonly string[],
  ): Generator<readonly [readonly string[], Child]> {
    for (const [value, node] of branch) {
      const values = [...path, value];
      if (values.length === this.#depth) yield [values, node as Child];
      else yield* this.#walk(node as Branch<Child>, values);
    }
  }
}
