import type { InstrumentOptions } from '@x/interfaces';
import type { AnyInstrument } from './any-instrument.ts';
import { exposedNames } from '../exposition/exposed-names.ts';
import type { InstrumentKind } from './instrument.ts';
import { checkLabelNames, checkMetricName } from './names.ts';

const reservedLabels: Readonly<Record<InstrumentKind, readonly string[]>> = {
  counter: [],
  gauge: [],
  histogram: ['le'],
  timer: ['le', 'outcome'],
};

/** The instruments of a registry by name. No two are exposed under one name. */
export class InstrumentCatalog {
  /** Labels that all instruments get, so none may have one of its own by that name. */
  readonly #commonLabels: readonly string[];
  readonly #instruments = new Map<string, AnyInstrument>();
  /** Names taken in the exposition, each with the metric that took it. */
  readonly #exposed = new Map<string, string>();

  constructor(commonLabels: readonly string[]) {
    this.#commonLabels = commonLabels;
  }

  get(name: string): AnyInstrument | undefined {
    return this.#instruments.get(name);
  }

  get size(): number {
    return this.#instruments.size;
  }

  all(): Iterable<AnyInstrument> {
    return this.#instruments.values();
  }

  /**
   * The instrument of this name, which is created when there is none.
   *
   * @throws TypeError when the name is bad, or taken by another kind or with other labels
   */
  getOrCreate<I extends AnyInstrument>(
    kind: I['kind'],
    name: string,
    options: InstrumentOptions,
    create: (facts: { name: string; help: string; labelNames: readonly string[] }) => I,
  ): I {
    const labelNames = options.labelNames ?? [];
    const existing = this.#instruments.get(name);
    if (existing !== undefined) {
      checkSameShape(existing, kind, labelNames);
      return existing as I;
    }
    checkMetricName(kind, name);
    checkLabelNames(name, labelNames, [...reservedLabels[kind], ...this.#commonLabels]);
    this.#reserve(kind, name);
    const instrument = create({ name, help: options.help ?? '', labelNames: [...labelNames] });
    this.#instruments.set(name, instrument);
    return instrument;
  }

  #reserve(kind: InstrumentKind, name: string): void {
    const names = exposedNames(kind, name);
    for (const exposed of names) {
      const owner = this.#exposed.get(exposed);
      if (owner === undefined) continue;
      throw new TypeError(`"${name}" would be exposed as ${exposed}, which "${owner}" is already`);
    }
    for (const exposed of names) this.#exposed.set(exposed, name);
  }
}

function checkSameShape(
  existing: AnyInstrument,
  kind: InstrumentKind,
  labelNames: readonly string[],
): void {
  const same =
    existing.kind === kind &&
    existing.labelNames.length === labelNames.length &&
    existing.labelNames.every((name, index) => name === labelNames[index]);
  if (same) return;
  const describe = (what: InstrumentKind, names: readonly string[]): string =>
    `a ${what} with ${names.length === 0 ? 'no labels' : `the labels ${names.join(', ')}`}`;
  throw new TypeError(
    `"${existing.name}" is ${describe(existing.kind, existing.labelNames)}, not ${describe(kind, labelNames)}`,
  );
}
