import { describeValue } from '@x/interfaces';
import { LabelTree } from './label-tree.ts';

export type InstrumentKind = 'counter' | 'gauge' | 'histogram' | 'timer';

/** What an instrument is made from. */
export interface InstrumentSetup {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Most children; beyond it there is one more, for all the others. */
  readonly maxSeries: number;
  /** Told once, when `maxSeries` is reached. */
  readonly onOverflow: () => void;
  /** Told of each value that was refused. */
  readonly onRejected: () => void;
}

/** What one child of an instrument can do beside recording. */
export interface Series {
  reset(now: number): void;
}

/** The value of every label of the child that takes what is beyond `maxSeries`. */
const overflowValue = 'overflow';

/** What all kinds of instruments share: a name, and children by label values. */
export abstract class Instrument<Child extends Series> {
  abstract readonly kind: InstrumentKind;
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  protected readonly setup: InstrumentSetup;
  readonly #children: LabelTree<Child>;
  /** The one child of an instrument without labels. */
  #only: Child | undefined;
  #overflow: Child | undefined;

  constructor(setup: InstrumentSetup) {
    this.setup = setup;
    this.name = setup.name;
    this.help = setup.help;
    this.labelNames = setup.labelNames;
    this.#children = new LabelTree(setup.labelNames.length);
  }

  protected abstract createChild(): Child;

  /**
   * The child for these label values, in the order of the label names or by name. The same values
   * answer the same child.
   *
   * @throws TypeError when there are too many, too few, or other ones than strings
   */
  labels(...values: readonly string[] | readonly [Readonly<Record<string, string>>]): Child {
    const [first] = values;
    const list =
      typeof first === 'object' && first !== null
        ? this.#valuesOf(first)
        : (values as readonly string[]);
    if (list.length !== this.labelNames.length) throw this.#wrongLabels(`${list.length} values`);
    if (list.length === 0) return this.own;
    return this.#children.get(list) ?? this.#add(list);
  }

  /**
   * The only child of an instrument without labels.
   *
   * @throws TypeError when it has labels
   */
  protected get own(): Child {
    if (this.#only !== undefined) return this.#only;
    if (this.labelNames.length > 0) {
      throw new TypeError(
        `${this.kind} "${this.name}" has labels: call labels(${this.labelNames.join(', ')}) first`,
      );
    }
    return (this.#only = this.createChild());
  }

  /** Whether label values beyond `maxSeries` share a series. */
  get overflowed(): boolean {
    return this.#overflow !== undefined;
  }

  /**
   * The children, in no order that matters.
   *
   * @yields label values and child
   */
  *series(): Generator<readonly [values: readonly string[], child: Child]> {
    if (this.labelNames.length === 0) yield [[], this.own];
    else yield* this.#children.entries();
  }

  /** Forgets what was recorded; the children stay valid. */
  reset(now: number): void {
    for (const [, child] of this.series()) child.reset(now);
  }

  #valuesOf(record: Readonly<Record<string, string>>): readonly string[] {
    const names = Object.keys(record);
    const complete =
      names.length === this.labelNames.length &&
      this.labelNames.every((name) => Object.hasOwn(record, name));
    if (!complete) throw this.#wrongLabels(names.join(', ') || 'none');
    return this.labelNames.map((name) => record[name] as string);
  }

  #add(values: readonly string[]): Child {
    for (const [index, value] of values.entries()) {
      if (typeof value === 'string') continue;
      throw new TypeError(
        `label ${this.labelNames[index]} of "${this.name}" must be a string, got ${describeValue(value)}`,
      );
    }
    if (this.#children.size < this.setup.maxSeries) return this.#create(values);
    if (this.#overflow === undefined) {
      this.setup.onOverflow();
      const others = values.map(() => overflowValue);
      this.#overflow = this.#children.get(others) ?? this.#create(others);
    }
    return this.#overflow;
  }

  #create(values: readonly string[]): Child {
    const child = this.createChild();
    this.#children.add(values, child);
    return child;
  }

  #wrongLabels(got: string): TypeError {
    const expected = this.labelNames.join(', ') || 'no labels';
    return new TypeError(`${this.kind} "${this.name}" takes ${expected}; got ${got}`);
  }
}
