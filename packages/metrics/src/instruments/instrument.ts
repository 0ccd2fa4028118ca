import { describeValue, inspectable } from '@x/interfaces';
import { IdleSeries } from '../series/idle-series.ts';
import { SeriesTable } from '../series/series-table.ts';

export type InstrumentKind = 'counter' | 'gauge' | 'histogram' | 'timer';

/** What an instrument is made from. */
export interface InstrumentSetup {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Most children; beyond it there is one more, for all the others. */
  readonly maxSeries: number;
  /** How long a child may record nothing before it is left out, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Told once, when `maxSeries` is reached. */
  readonly onOverflow: () => void;
  /** Told of each value that was refused. */
  readonly onRejected: () => void;
  /** Epoch milliseconds, for exemplars. */
  readonly wallTime: () => number;
}

/**
 * One child of an instrument. The only child of an instrument without labels is what a registry hands
 * out in its place, so that recording takes no step in between.
 */
export abstract class Series {
  protected readonly setup: InstrumentSetup;

  constructor(setup: InstrumentSetup) {
    this.setup = setup;
    inspectable(this, this.#facts);
  }

  /** A number that is another one after something was recorded. */
  abstract activity(): number;
  abstract reset(now: number): void;

  /** What the console shows of it beside its name. */
  abstract figures(): object;

  /** @throws TypeError when there are any values: an instrument without labels takes none, and a child has its own */
  labels(...values: readonly unknown[]): this {
    const [first] = values;
    const names = typeof first === 'object' && first !== null ? Object.keys(first) : values;
    if (names.length === 0) return this;
    const { name, labelNames } = this.setup;
    const takes = labelNames.length === 0 ? 'takes no labels' : 'has its labels already';
    throw new TypeError(`"${name}" ${takes}; got ${names.map(String).join(', ')}`);
  }

  /**
   * Counts a value that makes no sense, or is missing.
   *
   * @throws TypeError when it is something else than a number
   */
  protected reject(what: string, value: number | null | undefined): void {
    if (typeof value === 'number' || value === undefined || value === null) {
      this.setup.onRejected();
      return;
    }
    const got = describeValue(value);
    const hint = got === 'an object' ? '; values of labels are given by labels(…)' : '';
    throw new TypeError(`${what} of "${this.setup.name}" must be a number, got ${got}${hint}`);
  }

  #facts(this: void, self: Series): object {
    return { name: self.setup.name, ...self.figures() };
  }
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
  readonly #children: SeriesTable<Child>;
  readonly #idle: IdleSeries<Child> | undefined;
  /** The one child of an instrument without labels. */
  #only: Child | undefined;
  #overflow: Child | undefined;

  constructor(setup: InstrumentSetup) {
    this.setup = setup;
    this.name = setup.name;
    this.help = setup.help;
    this.labelNames = setup.labelNames;
    this.#children = new SeriesTable(setup.labelNames);
    if (setup.idleTimeoutMs < Infinity) {
      this.#idle = new IdleSeries(this.#children, setup.labelNames, setup.idleTimeoutMs);
    }
    inspectable(this, this.#facts);
  }

  protected abstract createChild(): Child;

  /**
   * The child for these label values, in the order of the label names or by name. The same values
   * answer the same child.
   *
   * @throws TypeError when there are too many, too few, or other ones than strings
   */
  labels(...values: readonly string[] | readonly [Readonly<Record<string, string>>]): Child {
    const first = values[0];
    if (typeof first === 'object' && first !== null) return this.#byName(first);
    const list = values as readonly string[];
    if (list.length !== this.labelNames.length)
      throw this.#wrongLabels(list.length === 1 ? '1 value' : `${list.length} values`);
    if (list.length === 0) return this.own;
    return this.#children.get(list) ?? this.#add(list);
  }

  /** The only child of an instrument without labels. */
  get own(): Child {
    return (this.#only ??= this.createChild());
  }

  #facts(this: void, self: Instrument<Child>): object {
    return { name: self.name, labelNames: self.labelNames };
  }

  protected needsLabels(): TypeError {
    return new TypeError(
      `${this.kind} "${this.name}" has labels: call labels(${this.labelNames.join(', ')}) first`,
    );
  }

  /** Whether label values beyond `maxSeries` share a series. */
  get overflowed(): boolean {
    return this.#overflow !== undefined;
  }

  /**
   * The children, in an order that depends on their labels only.
   *
   * @param now - monotonic milliseconds, by which idle children are told from others
   */
  series(now: number): Iterable<readonly [values: readonly string[], child: Child]> {
    if (this.labelNames.length === 0) return [[[], this.own]];
    this.#idle?.sweep(now);
    return this.#children.entries();
  }

  /**
   * The children with their labels as Prometheus writes them, without braces.
   *
   * @param now - monotonic milliseconds, by which idle children are told from others
   * @param sorted - by label values; otherwise as they came
   */
  rendered(now: number, sorted: boolean): Iterable<readonly [pairs: string, child: Child]> {
    if (this.labelNames.length === 0) return [['', this.own]];
    this.#idle?.sweep(now);
    return this.#children.rendered(sorted);
  }

  /** Forgets what was recorded; the children stay valid. */
  reset(now: number): void {
    for (const [, child] of this.series(now)) child.reset(now);
  }

  #byName(record: Readonly<Record<string, string>>): Child {
    const child = this.#children.getByName(record);
    if (child !== undefined) return child;
    if (Array.isArray(record)) throw this.#wrongLabels('an array: give the values one by one');
    const names = Object.keys(record);
    const complete =
      names.length === this.labelNames.length &&
      this.labelNames.every((name) => Object.hasOwn(record, name));
    if (!complete) throw this.#wrongLabels(names.join(', ') || 'none');
    const values = this.labelNames.map((name) => record[name] as string);
    if (values.length === 0) return this.own;
    return this.#children.get(values) ?? this.#add(values);
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
    const child = this.#idle?.revive(values) ?? this.createChild();
    this.#children.add(values, child);
    return child;
  }

  #wrongLabels(got: string): TypeError {
    const names = this.labelNames.join(', ');
    const expected = names === '' ? 'no labels' : `a value for each of ${names}`;
    return new TypeError(`${this.kind} "${this.name}" takes ${expected}; got ${got}`);
  }
}
