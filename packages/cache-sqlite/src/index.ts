export type { EntryInfo, EntryOrder, EntryQuery } from './entry-query.ts';
export type { PurgeRequest, PurgeStrategy } from './purge.ts';
export { SqliteStore } from './sqlite-store.ts';
export type {
  DamagedRowEvent,
  DatabaseReplacedEvent,
  DriverName,
  EvictedEvent,
  PurgedEvent,
  SqliteStoreEvents,
  SqliteStoreOptions,
  SqliteStoreStats,
} from './sqlite-store-options.ts';
export type { Verification } from './verification.ts';
