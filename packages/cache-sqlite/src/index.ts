export { SqliteStore } from './sqlite-store.ts';
export type {
  DamagedRowEvent,
  DatabaseReplacedEvent,
  DriverName,
  SqliteStoreEvents,
  SqliteStoreOptions,
} from './sqlite-store-options.ts';
