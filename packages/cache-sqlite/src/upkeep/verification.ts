import type { Verification } from '@x/interfaces';
import type { DatabaseAccess } from '../database/database-access.ts';
import { endOfTurn } from '../event-loop.ts';
import type { WriteQueue } from '../writes/write-queue.ts';

const rowsPerSlice = 100;

/** What {@link SqliteStore.verify} found and put right. */
export interface DatabaseVerification extends Verification {
  /** What SQLite says is wrong with the file. If there is anything, a new file was begun. */
  readonly problems: readonly string[];
}

/** Looks at every row, then at the file as a whole, and counts anew. */
export async function verify(
  access: DatabaseAccess,
  queue: WriteQueue,
  onDamaged: (key: string) => void,
): Promise<DatabaseVerification> {
  let damaged = 0;
  for (let id: number | undefined = 0; id !== undefined;) {
    const start: number = id;
    const rows = await access.read((tables) => tables.entries.checked(start, rowsPerSlice));
    const wrong = rows.filter((row) => !row.isIntact);
    if (wrong.length > 0) {
      await queue.change((transaction) => {
        for (const row of wrong) transaction.discardUnchanged(row);
      });
    }
    for (const { key } of wrong) onDamaged(key);
    damaged += wrong.length;
    id = rows.at(-1)?.id;
    await endOfTurn();
  }
  const problems = await access.read((tables) => tables.problems());
  if (problems.length > 0) access.replace(problems.join('; '));
  let entries = 0;
  await queue.change(({ tables, state }) => {
    Object.assign(state, tables.entries.totals());
    ({ entries } = state);
  });
  return { entries, damaged, problems };
}
