import { describeValue } from '@x/interfaces';
import { SeriesTable } from '../series/series-table.ts';

/**
 * What an observed instrument answers when it is asked: a number, or, for an instrument with labels,
 * numbers with their label values in the order of the label names.
 */
export type Observation = number | Iterable<readonly [labels: readonly string[], value: number]>;

/** What an observed instrument is made from. */
export interface ObservedSetup {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Most series; what is beyond is left out. */
  readonly maxSeries: number;
  /** Told once, when there is more. */
  readonly onOverflow: () => void;
  /** Told of each value that was refused. */
  readonly onRejected: () => void;
  /** Told when the function throws or answers something else than numbers. */
  readonly onFailure: (error: unknown) => void;
}

interface ObservedSeries {
  readonly value: number;
}

/** A counter or gauge whose values a function answers at the time when they are read. */
export class ObservedInstrument {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly #setup: ObservedSetup;
  readonly #observe: () => Observation;
  #overflowed = false;
  /** Whether somebody was told of that. */
  #told = false;

  constructor(kind: 'counter' | 'gauge', setup: ObservedSetup, observe: () => Observation) {
    this.kind = kind;
    this.name = setup.name;
    this.help = setup.help;
    this.labelNames = setup.labelNames;
    this.#setup = setup;
    this.#observe = observe;
  }

  /** Whether there were more label values than `maxSeries` when it was last asked. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  series(_now: number): Iterable<readonly [values: readonly string[], child: ObservedSeries]> {
    const observed = this.#ask();
    if (!(observed instanceof SeriesTable)) return observed.map((child) => [[], child]);
    return observed.entries();
  }

  rendered(
    _now: number,
    sorted: boolean,
  ): Iterable<readonly [pairs: string, child: ObservedSeries]> {
    const observed = this.#ask();
    if (!(observed instanceof SeriesTable)) return observed.map((child) => ['', child]);
    return observed.rendered(sorted);
  }

  /** There is nothing to forget. */
  reset(): void {}

  /** The series there are now; none when the function fails. */
  #ask(): readonly ObservedSeries[] | SeriesTable<ObservedSeries> {
    try {
      const observed = this.#observe();
      if (typeof observed === 'number') return this.#withoutLabels(observed);
      return this.#withLabels(observed);
    } catch (error) {
      this.#setup.onFailure(error);
      return [];
    }
  }

  #withoutLabels(value: number): readonly ObservedSeries[] {
    if (this.labelNames.length > 0) {
      throw new TypeError(`"${this.name}" has labels: answer [[labels, value], …], not a number`);
    }
    return this.#accepts(value) ? [{ value }] : [];
  }

  #withLabels(observed: Exclude<Observation, number>): SeriesTable<ObservedSeries> {
    if (this.labelNames.length === 0 || typeof observed?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`"${this.name}" got ${describeValue(observed)} from its function`);
    }
    const table = new SeriesTable<{ value: number }>(this.labelNames);
    this.#overflowed = false;
    for (const [values, value] of observed) {
      this.#checkLabels(values);
      if (!this.#accepts(value)) continue;
      const known = table.get(values);
      if (known !== undefined) known.value = value;
      else if (table.size < this.#setup.maxSeries) table.add(values, { value });
      else this.#overflow();
    }
    return table;
  }

  #checkLabels(values: readonly string[]): void {
    const right =
      Array.isArray(values) &&
      values.length === this.labelNames.length &&
      values.every((value) => typeof value === 'string');
    if (!right) {
      const came = Array.isArray(values)
        ? `[${values.map(describeValue).join(', ')}]`
        : describeValue(values);
      throw new TypeError(
        `"${this.name}" takes a value for each of ${this.labelNames.join(', ')} in an array, got ${came}`,
      );
    }
  }

  #accepts(value: number): boolean {
    const accepts = Number.isFinite(value) && (this.kind === 'gauge' || value >= 0);
    if (!accepts) this.#setup.onRejected();
    return accepts;
  }

  #overflow(): void {
    this.#overflowed = true;
    if (!this.#told) this.#setup.onOverflow();
    this.#told = true;
  }
}
