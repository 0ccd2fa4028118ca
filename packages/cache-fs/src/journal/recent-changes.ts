import type { StoreChanges } from '@x/interfaces';

/** Of more changes the keys are not told one by one. */
const mostKeys = 1_000;
const nothing: readonly string[] = [];

interface Change {
  readonly position: number;
  /** `undefined` when it is not known which keys were changed. */
  readonly key: string | undefined;
}

/** What others changed lately. */
export class RecentChanges {
  #changes: Change[] = [];
  /** All changes of others after this position are here. */
  #knownFrom: number;

  constructor(position: number) {
    this.#knownFrom = position;
  }

  add(position: number, key: string | undefined): void {
    this.#changes.push({ position, key });
    if (this.#changes.length <= mostKeys * 2) return;
    this.#changes = this.#changes.slice(mostKeys);
    this.#knownFrom = (this.#changes[0]?.position ?? position) - 1;
  }

  /** What others changed after `cursor`, when everything up to `position` is here. */
  since(cursor: number, position: number): Pick<StoreChanges, 'keys'> {
    if (cursor < this.#knownFrom || cursor > position) return { keys: 'all' };
    const first = this.#changes.findLastIndex((change) => change.position <= cursor) + 1;
    const count = this.#changes.length - first;
    if (count === 0) return { keys: nothing };
    if (count > mostKeys) return { keys: 'all' };
    const keys = new Set<string>();
    for (const { key } of this.#changes.slice(first)) {
      if (key === undefined) return { keys: 'all' };
      keys.add(key);
    }
    return { keys: [...keys] };
  }
}
