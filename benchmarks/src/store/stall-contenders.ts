import type { Open } from './contender.ts';
import { bentocacheFiles, unstorageFiles } from './file-peers.ts';
import { fileStore, sqliteStore } from './ours.ts';
import { bentocacheSqlite, cacheableSqlite, keyvSqlite } from './sqlite-peers.ts';

/** Stores that several processes may write, by the name they have in the results. */
export const stallContenders: Readonly<Record<string, Open>> = {
  'ours, files': fileStore,
  'ours, better-sqlite3': (folder) => sqliteStore(folder, 'better-sqlite3'),
  'ours, node:sqlite': (folder) => sqliteStore(folder, 'node:sqlite'),
  'keyv 6, SQLite': keyvSqlite,
  'cacheable, SQLite': cacheableSqlite,
  'bentocache, SQLite': bentocacheSqlite,
  'bentocache, files': bentocacheFiles,
  'unstorage, files': unstorageFiles,
};
