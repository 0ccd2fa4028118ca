import { crc32 } from 'node:zlib';
import type { SqliteDatabase, SqliteStatement } from './driver.ts';

/**
 * What a database knows of itself, in its one row. Every change has a position in one sequence: it
 * gives order to the changes of all processes.
 */
export interface StoreState {
  /** Rows in the table, also those that nobody can read any more. */
  entries: number;
  /** Bytes of their keys, tags and values. */
  bytes: number;
  /** The position of the last change. */
  position: number;
  /** Changes up to this position are not remembered one by one. */
  horizon: number;
  /** The position of the last stamp. */
  stampedAt: number;
  /** How often stamps were taken away. */
  sweeps: number;
  /** The row at which the last eviction stopped. */
  hand: number;
}

/** The row damaged, which would bring back what had been invalidated. */
export class DamagedStateError extends Error {
  override readonly name: string = 'DamagedStateError';
}

export const stateSchema = `
  CREATE TABLE state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    entries INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    position INTEGER NOT NULL,
    horizon INTEGER NOT NULL,
    stamped_at INTEGER NOT NULL,
    sweeps INTEGER NOT NULL,
    hand INTEGER NOT NULL,
    checksum INTEGER NOT NULL
  );
`;

const columns = 'entries, bytes, position, horizon, stamped_at, sweeps, hand';

/** The statements over the state. */
export class StateTable {
  readonly #read: SqliteStatement;
  readonly #write: SqliteStatement;
  readonly #position: SqliteStatement;

  constructor(database: SqliteDatabase) {
    this.#read = database.prepare(`SELECT ${columns}, checksum FROM state`);
    this.#write = database.prepare(
      `INSERT OR REPLACE INTO state (only, ${columns}, checksum) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#position = database.prepare('SELECT position FROM state');
  }

  /** @throws DamagedStateError when it is not what had been written */
  read(): StoreState {
    const row = this.#read.get() as readonly number[] | undefined;
    if (row === undefined) throw new DamagedStateError('the state is missing');
    const [entries = 0, bytes = 0, position = 0, horizon = 0, stampedAt = 0, sweeps = 0, hand = 0] =
      row;
    const state = { entries, bytes, position, horizon, stampedAt, sweeps, hand };
    if (checksumOf(state) !== row[7]) throw new DamagedStateError('the state is damaged');
    return state;
  }

  write(state: StoreState): void {
    const { entries, bytes, position, horizon, stampedAt, sweeps, hand } = state;
    const checksum = checksumOf(state);
    this.#write.run(entries, bytes, position, horizon, stampedAt, sweeps, hand, checksum);
  }

  /** The position of the last change. */
  position(): number {
    return (this.#position.get()?.[0] ?? 0) as number;
  }
}

function checksumOf(state: StoreState): number {
  const { entries, bytes, position, horizon, stampedAt, sweeps, hand } = state;
  return crc32(`${entries}|${bytes}|${position}|${horizon}|${stampedAt}|${sweeps}|${hand}`);
}
