import { compareTexts } from './compare-texts.ts';
import { labelPair } from './label-text.ts';

/** One label of a table: its values have numbers, in the order in which they came. */
interface Column {
  readonly name: string;
  readonly numbers: Map<string, number>;
  readonly texts: string[];
  /** What stands before its pairs: a comma but for the first. */
  readonly separator: string;
  /** `name="value"` with the separator, by number; made when first asked for. */
  readonly pairs: string[];
}

/**
 * Children by their label values. Each value of each label has a number, and a child stands in a hash
 * table under its numbers: there is no key to build, none to collide, and a series costs a few bytes
 * beside its child.
 */
export class SeriesTable<Child> {
  readonly #names: readonly string[];
  #columns: readonly Column[];
  #children: Child[] = [];
  /** The numbers of each child's label values, one child after the other. */
  #keys = new Int32Array(8);
  /** Open addressing by the hash of the numbers: the place of a child plus 1, or 0. */
  #slots = new Int32Array(16);
  /** The numbers of the label values that are looked for. */
  readonly #wanted: Int32Array;
  /** Places in the order of label values, until the next child comes. */
  #order: readonly number[] | undefined;

  /** @param names - of the labels, at least one */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.#columns = emptyColumns(names);
    this.#wanted = new Int32Array(names.length);
  }

  /** Children held. */
  get size(): number {
    return this.#children.length;
  }

  /** The child for `values`, in the order of the label names. */
  get(values: readonly string[]): Child | undefined {
    let hash = 0;
    for (let label = 0; label < this.#wanted.length; label++) {
      const number = (this.#columns[label] as Column).numbers.get(values[label] as string);
      if (number === undefined) return undefined;
      this.#wanted[label] = number;
      hash = mix(hash, number);
    }
    return this.#find(hash);
  }

  /**
   * The child for the values that `record` has under the label names, when these are all its names and
   * in their order; a record in another order answers `undefined`.
   */
  getByName(record: Readonly<Record<string, string>>): Child | undefined {
    const columns = this.#columns;
    const wanted = this.#wanted;
    let label = 0;
    let hash = 0;
    // A lookup by the loop's own variable takes half the time of one by a name from elsewhere.
    for (const name in record) {
      const column = columns[label];
      if (column === undefined || column.name !== name) return undefined;
      const number = column.numbers.get(record[name] as string);
      if (number === undefined) return undefined;
      wanted[label++] = number;
      hash = mix(hash, number);
    }
    return label === columns.length ? this.#find(hash) : undefined;
  }

  /** Adds a child where there is none yet. */
  add(values: readonly string[], child: Child): void {
    const place = this.#children.length;
    const width = this.#names.length;
    if ((place + 1) * width > this.#keys.length) {
      const keys = new Int32Array(Math.ceil((place + 1) * 1.5) * width);
      keys.set(this.#keys);
      this.#keys = keys;
    }
    for (const [label, column] of this.#columns.entries()) {
      this.#keys[place * width + label] = numberOf(column, values[label] as string);
    }
    this.#children.push(child);
    this.#order = undefined;
    if (this.#children.length * 3 > this.#slots.length * 2) this.#rehash();
    else this.#link(place);
  }

  /** Removes the children for which `keep` is false. It is told their place until then. */
  retain(keep: (child: Child, place: number) => boolean): void {
    const children = this.#children;
    const kept: number[] = [];
    for (let place = 0; place < children.length; place++) {
      if (keep(children[place] as Child, place)) kept.push(place);
    }
    if (kept.length === children.length) return;
    const all = kept.map((place) => this.valuesAt(place));
    this.#columns = emptyColumns(this.#names);
    this.#children = [];
    this.#keys = new Int32Array(8);
    this.#slots = new Int32Array(16);
    this.#order = undefined;
    for (const [index, values] of all.entries()) {
      this.add(values, children[kept[index] as number] as Child);
    }
  }

  /** The label values of the child at a place. */
  valuesAt(place: number): readonly string[] {
    return valuesOf(this.#columns, this.#keys, place);
  }

  /**
   * The children by label values. What changes after the first step is not seen.
   *
   * @yields label values and child
   */
  *entries(): Generator<readonly [values: readonly string[], child: Child]> {
    const order = this.#sorted();
    const columns = this.#columns;
    const children = this.#children;
    const keys = this.#keys;
    for (const place of order) {
      yield [valuesOf(columns, keys, place), children[place] as Child];
    }
  }

  /**
   * The children with their labels as Prometheus writes them, without braces: `method="GET",path="/"`.
   * What changes after the first step is not seen.
   *
   * @param sorted - by label values; otherwise as they came
   * @yields labels and child
   */
  *rendered(sorted: boolean): Generator<readonly [pairs: string, child: Child]> {
    const order = sorted ? this.#sorted() : undefined;
    const columns = this.#columns;
    const children = this.#children;
    const keys = this.#keys;
    const count = children.length;
    for (let index = 0; index < count; index++) {
      const place = order === undefined ? index : (order[index] as number);
      const from = place * columns.length;
      let text = '';
      for (let label = 0; label < columns.length; label++) {
        text += pairOf(columns[label] as Column, keys[from + label] as number);
      }
      yield [text, children[place] as Child];
    }
  }

  #sorted(): readonly number[] {
    this.#order ??= this.#children.map((_, place) => place).sort((a, b) => this.#compare(a, b));
    return this.#order;
  }

  #compare(a: number, b: number): number {
    const width = this.#names.length;
    for (let label = 0; label < width; label++) {
      const numberA = this.#keys[a * width + label] as number;
      const numberB = this.#keys[b * width + label] as number;
      if (numberA === numberB) continue;
      const { texts } = this.#columns[label] as Column;
      return compareTexts(texts[numberA] as string, texts[numberB] as string);
    }
    return 0;
  }

  #find(hash: number): Child | undefined {
    const wanted = this.#wanted;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const place = (slots[slot] as number) - 1;
      if (place < 0) return undefined;
      const from = place * wanted.length;
      let label = wanted.length - 1;
      while (label >= 0 && this.#keys[from + label] === wanted[label]) label--;
      if (label < 0) return this.#children[place];
    }
  }

  #link(place: number): void {
    const width = this.#names.length;
    let hash = 0;
    for (let label = 0; label < width; label++) {
      hash = mix(hash, this.#keys[place * width + label] as number);
    }
    const mask = this.#slots.length - 1;
    let slot = spread(hash) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = place + 1;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let place = 0; place < this.#children.length; place++) this.#link(place);
  }
}

function emptyColumns(names: readonly string[]): readonly Column[] {
  return names.map((name, label) => {
    const separator = label === 0 ? '' : ',';
    return { name, separator, numbers: new Map(), texts: [], pairs: [] };
  });
}

function valuesOf(columns: readonly Column[], keys: Int32Array, place: number): readonly string[] {
  const from = place * columns.length;
  return columns.map(({ texts }, label) => texts[keys[from + label] as number] ?? '');
}

function numberOf(column: Column, value: string): number {
  let number = column.numbers.get(value);
  if (number === undefined) {
    number = column.texts.length;
    column.numbers.set(value, number);
    column.texts.push(value);
  }
  return number;
}

function pairOf(column: Column, number: number): string {
  return (column.pairs[number] ??=
    column.separator + labelPair(column.name, column.texts[number] ?? ''));
}

function mix(hash: number, number: number): number {
  return Math.imul(hash ^ number, 0x9e3779b1);
}

/** Brings the upper bits of a product, which depend on all of it, down to where they count. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}
