import type { Series } from '../instruments/instrument.ts';
import { SeriesTable } from './series-table.ts';

interface Watched {
  activity: number;
  /** Monotonic milliseconds of the first sweep that saw this activity. */
  since: number;
}

/** A child that was left out. It is weakly held, so that only who uses it keeps it. */
interface LeftOut<Child extends Series> {
  readonly ref: WeakRef<Child>;
  readonly values: readonly string[];
  readonly activity: number;
}

/**
 * Takes children that record nothing out of a table, and puts those that record again back. It looks
 * when it is told to, at what each child says of itself, so recording costs nothing more.
 */
export class IdleSeries<Child extends Series> {
  readonly #table: SeriesTable<Child>;
  readonly #timeoutMs: number;
  readonly #watched = new WeakMap<Child, Watched>();
  readonly #leftOut: SeriesTable<LeftOut<Child>>;

  constructor(table: SeriesTable<Child>, labelNames: readonly string[], timeoutMs: number) {
    this.#table = table;
    this.#timeoutMs = timeoutMs;
    this.#leftOut = new SeriesTable(labelNames);
  }

  /** @param now - monotonic milliseconds */
  sweep(now: number): void {
    this.#putBack();
    this.#table.retain((child, place) => {
      const activity = child.activity();
      const watched = this.#watched.get(child);
      if (watched === undefined || watched.activity !== activity) {
        this.#watched.set(child, { activity, since: now });
        return true;
      }
      if (now - watched.since < this.#timeoutMs) return true;
      const values = this.#table.valuesAt(place);
      this.#leftOut.add(values, { ref: new WeakRef(child), values, activity });
      return false;
    });
  }

  /** The child that was left out under these label values, if somebody still holds it. */
  revive(values: readonly string[]): Child | undefined {
    const leftOut = this.#leftOut.get(values);
    if (leftOut === undefined) return undefined;
    this.#leftOut.retain((other) => other !== leftOut);
    const child = leftOut.ref.deref();
    if (child !== undefined) this.#watched.delete(child);
    return child;
  }

  // Also beyond the most series there may be: who holds the child holds its memory, too.
  #putBack(): void {
    this.#leftOut.retain(({ ref, values, activity }) => {
      const child = ref.deref();
      if (child === undefined) return false;
      if (child.activity() === activity) return true;
      this.#table.add(values, child);
      return false;
    });
  }
}
