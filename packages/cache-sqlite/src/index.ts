export { SqliteStore } from './sqlite-store.ts';
export type {
  RowDamageEvent,
  DatabaseReplaceEvent,
  DriverName,
  SqliteStoreEvents,
  SqliteStoreOptions,
  SqliteStoreStats,
} from './sqlite-store-options.ts';
export type { DatabaseVerification } from './upkeep/verification.ts';
