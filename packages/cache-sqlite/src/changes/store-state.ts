import { mixNumber } from '../tables/number-hash.ts';

/**
 * What a database knows of itself. Every change has a position in one sequence: it gives order to the
 * changes of all processes.
 */
export interface StoreState {
  /** The position of the last change. */
  position: number;
  /** Rows in the table, also those that nobody can read any more. */
  entries: number;
  /** Bytes of their keys, tags and values. */
  bytes: number;
  /** Changes up to this position are not remembered one by one. */
  horizon: number;
  /** The position of the last stamp. */
  stampedAt: number;
  /** How often stamps were taken away. */
  sweeps: number;
  /** The row at which the last eviction stopped. */
  hand: number;
  /** The position at which the last trim of the changes stopped. */
  trimmedUpTo: number;
}

/** The state is damaged: relied upon, it could bring back what had been invalidated. */
export class DamagedStateError extends Error {
  override readonly name: string = 'DamagedStateError';
}

/** The columns of {@link toState}, in their order. */
export const stateColumns =
  'position, entries, bytes, horizon, stamped_at, sweeps, hand, trimmed_up_to, checksum';

/** @throws DamagedStateError when it is not what had been written */
export function toState(row: readonly unknown[] | undefined): StoreState {
  if (row === undefined) throw new DamagedStateError('the state is missing');
  const [position, entries, bytes, horizon, stampedAt, sweeps, hand, trimmedUpTo] = row;
  const state = {
    position,
    entries,
    bytes,
    horizon,
    stampedAt,
    sweeps,
    hand,
    trimmedUpTo,
  } as StoreState;
  if (stateChecksum(state) !== row[8]) throw new DamagedStateError('the state is damaged');
  return state;
}

export function stateChecksum(state: StoreState): number {
  const { position, entries, bytes, horizon, stampedAt, sweeps, hand, trimmedUpTo } = state;
  let hash = mixNumber(0, position);
  hash = mixNumber(hash, entries);
  hash = mixNumber(hash, bytes);
  hash = mixNumber(hash, horizon);
  hash = mixNumber(hash, stampedAt);
  hash = mixNumber(hash, sweeps);
  hash = mixNumber(hash, hand);
  return mixNumber(hash, trimmedUpTo) >>> 0;
}
