import type { StoreChanges } from '@x/interfaces';
import type { ChangeTable } from '../tables/change-table.ts';
import type { OwnChanges } from './own-changes.ts';
import type { StampTable } from '../tables/stamp-table.ts';

/** Of more changes the keys are not told one by one. */
const mostKeys = 1_000;
const nothing: readonly string[] = [];

/** Where a {@link ChangeReader} reads. */
export interface ChangeSource {
  readonly changes: ChangeTable;
  readonly stamps: StampTable;
  readonly own: OwnChanges;
  /** Differs from an earlier answer when another connection has committed something since. */
  dataVersion(): number;
}

/** Tells what others changed. */
export class ChangeReader {
  readonly #source: ChangeSource;
  /** At this version of the data, others had changed nothing after this position. */
  #version: number | undefined;
  #position = 0;

  constructor(source: ChangeSource) {
    this.#source = source;
  }

  since(cursor: number): StoreChanges {
    const { own, changes } = this.#source;
    const version = this.#source.dataVersion();
    if (version === this.#version && cursor >= this.#position) {
      return { cursor: Math.max(cursor, own.last), keys: nothing };
    }
    const { position, horizon, stampedAt } = changes.readState();
    this.#version = version;
    this.#position = position;
    if (cursor <= position && own.cover(cursor, position))
      return { cursor: position, keys: nothing };
    const isUnknown = cursor > position || cursor < horizon;
    if (isUnknown || (stampedAt > cursor && this.#othersStamped(cursor))) {
      return { cursor: position, keys: 'all' };
    }
    return { cursor: position, keys: this.#keys(cursor, position) };
  }

  #othersStamped(cursor: number): boolean {
    const { stamps, own } = this.#source;
    return stamps.after(cursor).some(({ position }) => !own.has(position));
  }

  #keys(cursor: number, position: number): readonly string[] | 'all' {
    const { changes, own } = this.#source;
    const changed = changes.keys(cursor, position, mostKeys + 1);
    if (changed.length > mostKeys) return 'all';
    const keys = new Set<string>();
    for (const change of changed) if (!own.has(change.position)) keys.add(change.key);
    return [...keys];
  }
}
