import type { Clock } from '@x/interfaces';
import type { Stamp } from '@x/store-kit';
import type { DatabaseAccess } from '../database/database-access.ts';
import type { ListedRow } from '../tables/entry-table.ts';
import { endOfTurn } from '../event-loop.ts';
import type { StoreTables } from '../tables/store-tables.ts';
import { keyAfter, rangesOf, type StoredKey } from '../tables/stored-key.ts';
import type { WriteQueue } from '../writes/write-queue.ts';

/** Rows that are looked at, or removed, in one go, between which others get their turn. */
const rowsPerSlice = 200;
const changesPerSlice = 5_000;

/** Removes rows that nobody can read any more, in slices, after which their stamps are not needed. */
export class Sweeper {
  readonly #access: DatabaseAccess;
  readonly #queue: WriteQueue;
  readonly #clock: Clock;
  #isStopped = false;
  #bounding: Promise<void> | undefined;

  constructor(access: DatabaseAccess, queue: WriteQueue, clock: Clock) {
    this.#access = access;
    this.#queue = queue;
    this.#clock = clock;
  }

  /** Ends what is under way after its slice. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Removes up to `limit` expired rows; answers how many. */
  async removeExpired(limit: number): Promise<number> {
    const now = this.#clock.now();
    let removed = 0;
    for (let after: number | undefined = 0; after !== undefined && removed < limit;) {
      const start: number = after;
      const most = Math.min(rowsPerSlice, limit - removed);
      const { rows, next } = await this.#access.read(({ changes, entries }) => {
        const end = changes.positionAt(start, changesPerSlice);
        const found = entries.expired(now, start, end ?? Infinity, most);
        return { rows: found, next: found.length === most ? found.at(-1)?.position : end };
      });
      removed += await this.#discard(rows);
      if (this.#isStopped) break;
      after = next;
    }
    return removed;
  }

  /** Carries every stamp out; answers how many rows went. */
  async sweep(): Promise<number> {
    const { tables, upTo, stamped } = await this.#access.read((found) => {
      const state = found.changes.readState();
      return { tables: found, upTo: state.position, stamped: found.knownStamps(state).size };
    });
    if (stamped === 0) return 0;
    let removed = 0;
    for (let id: number | undefined = 0; id !== undefined;) {
      const start: number = id;
      const page = await this.#access.read((found) => found.after(start, rowsPerSlice));
      removed += await this.#discard(page.hidden);
      id = page.last?.id;
      if (this.#isStopped) return removed;
    }
    await this.#queue.change((transaction) => {
      if (transaction.tables === tables) transaction.dropStamps(upTo);
    });
    return removed;
  }

  /** Carries stamps out as far as there are too many. */
  boundStamps(): Promise<void> {
    this.#bounding ??= this.#boundStamps().finally(() => (this.#bounding = undefined));
    return this.#bounding;
  }

  async #boundStamps(): Promise<void> {
    while (!this.#isStopped) {
      const { excess } = await this.#access.read((tables) =>
        tables.knownStamps(tables.changes.readState()),
      );
      // Tags are carried out all at once, of patterns only the oldest.
      if (excess === 'tags') await this.sweep();
      else if (excess === 'patterns') await this.#carryOutOldestPattern();
      else return;
    }
  }

  async #carryOutOldestPattern(): Promise<void> {
    const [tables, stamp] = await this.#access.read((found): [StoreTables, Stamp | undefined] => [
      found,
      found.stamps.oldestPattern(),
    ]);
    if (stamp?.pattern === undefined) return;
    const { pattern, position } = stamp;
    for (const { from, to } of rangesOf(pattern.literalPrefix)) {
      for (let next: StoredKey | undefined = from; next !== undefined;) {
        const start: StoredKey = next;
        const rows: readonly ListedRow[] = await this.#access.read((found) =>
          found.entries.list({ from: start, to }, rowsPerSlice),
        );
        await this.#discard(
          rows.filter((row) => row.position < position && pattern.matches(row.key)),
        );
        const last = rows.at(-1);
        next = last && keyAfter(last.stored);
        if (this.#isStopped) return;
      }
    }
    await this.#queue.change((transaction) => {
      if (transaction.tables === tables) transaction.dropStamp(position);
    });
  }

  /** Removes rows unless they have been replaced meanwhile; answers how many went. */
  async #discard(rows: readonly ListedRow[]): Promise<number> {
    let removed = 0;
    if (rows.length > 0) {
      await this.#queue.change((transaction) => {
        removed = 0;
        for (const row of rows) if (transaction.discardUnchanged(row)) removed++;
      });
    }
    await endOfTurn();
    return removed;
  }
}
