import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Contender, ttlMs } from './contender.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS cache (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    expires INTEGER,
    value TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS cache_by_expiry ON cache (expires) WHERE expires IS NOT NULL;
`;
const upsert = `
  INSERT INTO cache (key, expires, value) VALUES (?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET expires = excluded.expires, value = excluded.value`;

/**
 * What one would write by hand: prepared statements, JSON, a deadline. No checksum, no other process, no
 * waiting for locks, no bounds, no tags.
 */
export function betterSqlite3Floor(folder: string): Contender {
  const database = new Database(join(folder, 'floor.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec(schema);
  const read = database.prepare('SELECT value, expires FROM cache WHERE key = ?').raw();
  const write = database.prepare(upsert);
  const setMany = database.transaction((entries: readonly (readonly [string, unknown])[]) => {
    for (const [key, value] of entries) write.run(key, Date.now() + ttlMs, JSON.stringify(value));
  });
  return {
    get(key) {
      const row = read.get(key) as [string, number] | undefined;
      return row === undefined || row[1] <= Date.now() ? undefined : JSON.parse(row[0]);
    },
    set: (key, value) => write.run(key, Date.now() + ttlMs, JSON.stringify(value)),
    setMany,
    close: () => database.close(),
  };
}
